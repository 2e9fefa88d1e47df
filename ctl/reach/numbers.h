/* SPDX-License-Identifier: GPL-2.0 */
/* Which numbers of system calls the code of each node uses. */
#ifndef CTL_NUMBERS_H
#define CTL_NUMBERS_H

#include "reach/graph.h"

/* Stands for a number that is not known, and for a call of another ABI. */
#define NUMBER_UNKNOWN	(-1)
#define NUMBER_FOREIGN	(-2)

/* A node makes the system call @number, by itself or by a function that is told the number. */
struct use {
	uint32_t node;
	int32_t number;
};

/**
 * struct numbers - the system calls of all nodes
 * @use: sorted by node
 * @first: for each node, and for one more, the number of its first use
 */
struct numbers {
	struct use *use;
	size_t count;
	uint32_t *first;
};

/* Finds the numbers. Returns false if a limit of the graph was reached. Release in either case. */
bool numbers_find(struct graph *graph, struct numbers *numbers);
void numbers_release(struct numbers *numbers);

#endif /* CTL_NUMBERS_H */
