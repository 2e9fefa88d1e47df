/* SPDX-License-Identifier: GPL-2.0 */
/* Which system calls the images of programs can make at all. */
#ifndef CTL_CEILING_H
#define CTL_CEILING_H

#include <stdbool.h>

#include "calls/bitmap.h"
#include "reach/limits.h"

/**
 * enum ceiling_state - whether the calls that were found are all that there can be
 * @CEILING_COMPLETE: they are
 * @CEILING_NONE: nothing was looked at
 * @CEILING_FOREIGN: a file is not for x86-64
 * @CEILING_UNSOUND: a file has tables that are not where its header says
 * @CEILING_LARGE: there is more than what may be looked at
 * @CEILING_MISSING: a library is needed that is not among the files
 * @CEILING_NUMBER: code that can be reached makes calls with numbers that could not be found out
 * @CEILING_OTHER_ABI: code that can be reached makes calls of another ABI
 * @CEILING_ANY: an image can call any function by its name, as scripts ask for it
 * @CEILING_GO: a program was made by the Go linker, which calls through registers and the stack in
 *	ways that are not followed
 * @CEILING_MADE: a program makes machine code while it runs
 * @CEILING_UNREAD: files that programs have mapped could not be read
 * @CEILING_LATE: the time was over
 * @CEILING_DIED: the process that looked at them died
 * @CEILING_SEEN: a call was seen that is not among those that were found
 */
enum ceiling_state {
	CEILING_COMPLETE,
	CEILING_NONE,
	CEILING_FOREIGN,
	CEILING_UNSOUND,
	CEILING_LARGE,
	CEILING_MISSING,
	CEILING_NUMBER,
	CEILING_OTHER_ABI,
	CEILING_ANY,
	CEILING_GO,
	CEILING_MADE,
	CEILING_UNREAD,
	CEILING_LATE,
	CEILING_DIED,
	CEILING_SEEN,

	__CEILING_STATE_MAX,
};

/* Size of a text, with its NUL. */
#define CEILING_TEXT 512

/**
 * struct ceiling - what the images can make
 * @state: whether @calls is complete
 * @what: with an incomplete one: which file, library or code is the reason
 * @calls: calls that can be reached
 * @starts: a program can start others by execve() or execveat(); that the loader of a program can
 *	does not count
 * @way: for each of them, the way to it, such as "nginx:main > libc.so.6:socket"; free with
 *	ceiling_release()
 */
struct ceiling {
	enum ceiling_state state;
	char what[CEILING_TEXT];
	struct bitmap calls;
	bool starts;
	char *way[SCMOD_NR_BITS];
};

/* A file that a process has mapped. */
struct ceiling_file {
	int fd;
	const char *path;
	bool program;
};

/*
 * Finds what the files can reach, taking at most @limits. The files may be hostile: call this only
 * in a process that may die.
 */
void ceiling_find(const struct ceiling_file *file, size_t count, struct limits *limits,
		  struct ceiling *ceiling);
void ceiling_release(struct ceiling *ceiling);

#endif /* CTL_CEILING_H */
