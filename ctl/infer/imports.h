/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs that run in a cgroup import from their libraries. */
#ifndef CTL_IMPORTS_H
#define CTL_IMPORTS_H

#include <stdbool.h>

#include "calls/sets.h"

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

/* The time that a cgroup's programs get: long enough for thousands of any kind. */
#define IMPORTS_SECONDS 60

/**
 * struct imports - what was found
 * @processes: how many have a program; kernel threads and zombies have none
 * @filtered: how many of these have a seccomp filter of their own
 * @images: how many program files and libraries import a function that is known
 *	to make calls
 * @likely: per ABI, the calls that these imports may come to, dangerous ones too
 * @evidence: per ABI, for each of @likely; the same whatever the order of files
 * @program: per ABI and kind, the path of one program of that kind, or NULL
 * @seconds: how long a cgroup may be looked at, of processor time
 * @cut_short: that was not enough, and what is left was passed over
 */
struct imports {
	unsigned int processes;
	unsigned int filtered;
	unsigned int images;
	struct bitmap likely[NR_ABIS];
	struct evidence evidence[NR_ABIS][SCMOD_NR_BITS];
	char *program[NR_ABIS][__PROGRAM_KIND_MAX];
	unsigned int seconds;
	bool cut_short;
};

/* Empty, never NULL; and its end. */
struct imports *imports_new(void);
void imports_free(struct imports *imports);

/*
 * Adds what one ELF file imports, called @path. Returns whether that comes to any
 * call. @is_program: it is what a process was started from, not a library.
 */
bool imports_add_file(struct imports *imports, int fd, const char *path, bool is_program);

/* Adds all processes of a cgroup and of those below it; @dir is its directory. */
void imports_add_cgroup(struct imports *imports, int dir);

#endif /* CTL_IMPORTS_H */
