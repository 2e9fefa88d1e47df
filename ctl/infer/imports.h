/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs that run in a cgroup import from their libraries. */
#ifndef CTL_IMPORTS_H
#define CTL_IMPORTS_H

#include <stdbool.h>

#include "calls/sets.h"
#include "infer/image.h"
#include "infer/item.h"
#include "reach/ceiling.h"

struct functions;

/**
 * enum program_kind - what the file of a program tells about its calls
 * @PROGRAM_DYNAMIC: it has imports
 * @PROGRAM_STATIC: its C library is linked statically, or it has none, so it shows no imports
 * @PROGRAM_GO: it makes its calls without a C library, as Go programs do
 * @PROGRAM_GO_UNNAMED: the same, and the names of its functions could not be read
 * @PROGRAM_SHELL: it runs other programs in the foreground of a terminal, as shells do
 * @PROGRAM_STARTER: it imports a function that executes other programs
 */
enum program_kind {
	PROGRAM_DYNAMIC,
	PROGRAM_STATIC,
	PROGRAM_GO,
	PROGRAM_GO_UNNAMED,
	PROGRAM_SHELL,
	PROGRAM_STARTER,

	__PROGRAM_KIND_MAX,
};

/**
 * enum holder - what the file that imports a function is to the program, from weak to strong
 * @HOLDER_LIBRARY: a library that has much the program never uses
 * @HOLDER_OWN: a library without which the program does not run (DT_NEEDED), or that lies in the
 *	program's own tree of files; or a program that imports nearly everything, as interpreters
 *	do
 * @HOLDER_PROGRAM: the program itself; also what a launcher holds, whose code is all elsewhere
 */
enum holder {
	HOLDER_LIBRARY,
	HOLDER_OWN,
	HOLDER_PROGRAM,
};

/**
 * struct evidence - the function, and the file that imports it, because of which a call is
 * likely
 * @function: name of the function; NULL if no import leads to the call
 * @file: path of the file
 * @holder: what the file is to the program
 */
struct evidence {
	char *function;
	char *file;
	enum holder holder;
};

/**
 * struct value_evidence - values of a call, and why they are likely
 * @item: the values; without values, nothing tells which ones
 * @evidence: as for a call
 */
struct value_evidence {
	struct item item;
	struct evidence evidence;
};

/* How long the programs of a cgroup may be examined, in wall-clock time. */
#define IMPORTS_MILLISECONDS 5000
/* How long they may be examined after that for what they can reach. */
#define REACH_MILLISECONDS 15000

/**
 * enum unread_reason - why a file was not read
 * @UNREAD_LEASED: a process holds a lease on it (fcntl(2), F_SETLEASE)
 * @UNREAD_SILENT: opening or reading it blocked: FUSE, NFS
 * @UNREAD_UNSOUND: it has an ELF header, but can't be loaded
 * @UNREAD_REFUSED: it can't be opened
 * @UNREAD_FATAL: the process that read it died
 * @UNREAD_LEFT: the time limit was reached before it
 * @UNREAD_MANY: there are more files than the limit
 * @UNREAD_GONE: it was executed, and is not to be found any more
 */
enum unread_reason {
	UNREAD_LEASED,
	UNREAD_SILENT,
	UNREAD_UNSOUND,
	UNREAD_REFUSED,
	UNREAD_FATAL,
	UNREAD_LEFT,
	UNREAD_MANY,
	UNREAD_GONE,

	__UNREAD_REASON_MAX,
};

/* A file, or the files of a process, that could not be read; and why. */
struct unread {
	char *path;
	enum unread_reason reason;
};

/**
 * struct imports - the imports that were found
 * @functions: the calls that functions make
 * @processes: number of processes that have a program; kernel threads and zombies have none
 * @executed: number of programs that were executed, and of which no process is left
 * @filtered: number of these processes that have a seccomp filter of their own
 * @images: number of programs and libraries that import a function which is known to make
 *	calls
 * @likely: for each ABI, the calls that these imports may make, dangerous ones included
 * @evidence: for each ABI and call in @likely, its evidence; it does not depend on the order
 *	of files
 * @values: for each ABI, the values that these imports use; in no order
 * @nr_values: number of them
 * @program: for each ABI and kind, the path of one program of that kind, or NULL
 * @unread: the files that could not be read
 * @nr_unread: number of unread files
 * @milliseconds: how long a cgroup may be examined, by CLOCK_MONOTONIC
 * @cut_short: the time was not enough, so some files were left out
 * @reach: whether to look for what the programs can reach
 * @ceiling: what that is, for x86-64, if it was looked for
 * @stuck: number of children that can't end because a file system blocks them
 */
struct imports {
	struct functions *functions;
	unsigned int processes;
	unsigned int executed;
	unsigned int filtered;
	unsigned int images;
	struct bitmap likely[NR_ABIS];
	struct evidence evidence[NR_ABIS][SCMOD_NR_BITS];
	struct value_evidence *values[NR_ABIS];
	size_t nr_values[NR_ABIS];
	char *program[NR_ABIS][__PROGRAM_KIND_MAX];
	struct unread *unread;
	size_t nr_unread;
	unsigned int milliseconds;
	bool cut_short;
	bool reach;
	struct ceiling ceiling;
	unsigned int stuck;
};

/* Makes an empty one, never NULL; @functions must outlive it. imports_free() frees it. */
struct imports *imports_new(struct functions *functions);
void imports_free(struct imports *imports);
/* Drops all results, but keeps the settings that callers may change. */
void imports_clear(struct imports *imports);

/* The calls that the imports of an image may lead to. */
struct bitmap imports_calls(const struct imports *imports, const struct image *image);
/*
 * Adds the imports of the ELF file @path. Returns whether they lead to any call. A program that
 * imports nearly everything counts as HOLDER_OWN.
 */
bool imports_add_image(struct imports *imports, const struct image *image, const char *path,
		       enum holder holder);
/*
 * The same for a file that this process reads itself; only for files that are not hostile.
 * @is_program: a process was started from the file.
 */
bool imports_add_file(struct imports *imports, int fd, const char *path, bool is_program);
/*
 * Notes which kinds of program the image, from which a process was started, is. @runs: that
 * process has not ended; of others, it is not noted that they can start programs.
 */
void imports_note_kinds(struct imports *imports, const struct image *image, const char *path,
			bool runs);
/* Notes that a program of that kind runs in the cgroup. */
void imports_note_program(struct imports *imports, int abi, enum program_kind kind,
			  const char *path);

void imports_note_unread(struct imports *imports, enum unread_reason reason, const char *path);

#endif /* CTL_IMPORTS_H */
