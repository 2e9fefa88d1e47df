/* SPDX-License-Identifier: GPL-2.0 */
/* The programs that were executed while a policy learned. */
#ifndef CTL_EXECUTED_H
#define CTL_EXECUTED_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct executed - a program that was executed; see enum scmod_attr_program
 * @path: its path from the root of the mount namespace in which it was executed; NULL if it
 *	found no room. Owned by the list
 * @dev: its file system, as st_dev of stat(2)
 * @ino: number of its inode
 * @first: when it was executed first, in ns since the epoch; 0 if unknown
 * @pid: who executed it first
 * @count: how many times it was executed
 */
struct executed {
	char *path;
	uint64_t dev;
	uint64_t ino;
	uint64_t first;
	uint32_t pid;
	uint32_t count;
};

/**
 * struct executed_list - programs, in the order of their first execution
 * @program: the programs
 * @count: number of programs
 * @lost: executions that found no room, and programs whose path found none
 */
struct executed_list {
	struct executed *program;
	size_t count;
	uint32_t lost;
};

/*
 * Adds a copy of @program. If the same file is there already under the same path, the counts are
 * added up.
 */
void executed_add(struct executed_list *list, const struct executed *program);
/*
 * Adds what @from has. Of what is in both, the larger count is kept: both may come from the same
 * record.
 */
void executed_unite(struct executed_list *list, const struct executed_list *from);
/* Frees the programs, and leaves an empty list. */
void executed_release(struct executed_list *list);

#endif /* CTL_EXECUTED_H */
