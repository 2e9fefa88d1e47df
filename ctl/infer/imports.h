/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs that run in a cgroup import from their libraries. */
#ifndef CTL_IMPORTS_H
#define CTL_IMPORTS_H

#include <stdbool.h>

#include "calls/sets.h"
#include "infer/image.h"

struct functions;

/**
 * enum program_kind - what a program shows of itself
 * @PROGRAM_DYNAMIC: it has imports
 * @PROGRAM_STATIC: its C library is part of it, or it has none
 * @PROGRAM_GO: it makes its calls itself, as Go programs do
 */
enum program_kind {
	PROGRAM_DYNAMIC,
	PROGRAM_STATIC,
	PROGRAM_GO,

	__PROGRAM_KIND_MAX,
};

/**
 * struct evidence - which function, imported by which file
 * @function: NULL if none comes to that call
 * @file: its path
 * @by_program: what a process was started from; a library else
 */
struct evidence {
	char *function;
	char *file;
	bool by_program;
};

/* The time that a cgroup's programs get, by the clock on the wall. */
#define IMPORTS_MILLISECONDS 5000

/**
 * enum unread_reason - why a file was not read
 * @UNREAD_LEASED: a lease is held on it (fcntl(2), F_SETLEASE)
 * @UNREAD_SILENT: opening or reading it did not end: FUSE, NFS
 * @UNREAD_UNSOUND: it says that it is an ELF file, and is none that can be loaded
 * @UNREAD_REFUSED: it could not be opened
 * @UNREAD_FATAL: the process that read it died
 * @UNREAD_LEFT: the time was over
 * @UNREAD_MANY: there are more files than are looked at
 */
enum unread_reason {
	UNREAD_LEASED,
	UNREAD_SILENT,
	UNREAD_UNSOUND,
	UNREAD_REFUSED,
	UNREAD_FATAL,
	UNREAD_LEFT,
	UNREAD_MANY,

	__UNREAD_REASON_MAX,
};

/* A file, or what else of a process, that was not read; and why. */
struct unread {
	char *path;
	enum unread_reason reason;
};

/**
 * struct imports - what was found
 * @functions: which calls functions make
 * @processes: how many have a program; kernel threads and zombies have none
 * @filtered: how many of these have a seccomp filter of their own
 * @images: how many program files and libraries import a function that is known
 *	to make calls
 * @likely: per ABI, the calls that these imports may come to, dangerous ones too
 * @evidence: per ABI, for each of @likely; the same whatever the order of files
 * @program: per ABI and kind, the path of one program of that kind, or NULL
 * @unread: files that could not be read
 * @nr_unread: how many
 * @milliseconds: how long a cgroup may be looked at, by CLOCK_MONOTONIC
 * @cut_short: that was not enough, and what is left was passed over
 * @stuck: processes of ours that a file system keeps from ending
 */
struct imports {
	struct functions *functions;
	unsigned int processes;
	unsigned int filtered;
	unsigned int images;
	struct bitmap likely[NR_ABIS];
	struct evidence evidence[NR_ABIS][SCMOD_NR_BITS];
	char *program[NR_ABIS][__PROGRAM_KIND_MAX];
	struct unread *unread;
	size_t nr_unread;
	unsigned int milliseconds;
	bool cut_short;
	unsigned int stuck;
};

/* Empty, never NULL; @functions must outlive it. And its end. */
struct imports *imports_new(struct functions *functions);
void imports_free(struct imports *imports);
/* As it was when it was new, but for what may be changed from outside. */
void imports_clear(struct imports *imports);

/*
 * Adds what one ELF file imports, called @path. Returns whether that comes to any
 * call. @is_program: it is what a process was started from, not a library.
 */
bool imports_add_image(struct imports *imports, const struct image *image, const char *path,
		       bool is_program);
/* The same, of a file that is read here and now: of nobody who may be hostile. */
bool imports_add_file(struct imports *imports, int fd, const char *path, bool is_program);
/* That a program of that kind runs there. */
void imports_note_program(struct imports *imports, int abi, enum program_kind kind,
			  const char *path);

void imports_note_unread(struct imports *imports, enum unread_reason reason, const char *path);

#endif /* CTL_IMPORTS_H */
