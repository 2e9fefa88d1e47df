/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a function that a program imports to the system calls it may make:
 * functions.txt, and what a person put in its place.
 */
#ifndef CTL_FUNCTIONS_H
#define CTL_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "calls/bitmap.h"

/* Read, if it is there. */
#define FUNCTIONS_FILE "/etc/scmod/functions"

/**
 * struct function - a function, or a set of calls that functions share
 * @name: of one of several names, the plain one
 * @calls: names of calls, "@NAME" for a set; NULL behind the last
 * @line: where it stands in a person's file; 0: it is built in
 * @round: &functions.round when it was last looked at
 */
struct function {
	char *name;
	char **calls;
	unsigned int line;
	unsigned int round;
};

/* Sorted by name, in the order of strcmp(). */
struct function_list {
	struct function *function;
	size_t count;
};

struct functions {
	struct function_list functions;
	struct function_list sets;
	/* Counts walks through sets: one that was met in this round is done. */
	unsigned int round;
};

/*
 * The table that is built in, with the entries of @file in their place; of
 * FUNCTIONS_FILE if @file is NULL. Prints its errors, returns an exit code. To be released
 * with functions_free().
 */
int functions_read(const char *verb, const char *file, struct functions **functions);
void functions_free(struct functions *functions);

/*
 * Add to @set what the C library may call for @function. Returns whether it is
 * known to make any call.
 */
bool functions_add(struct functions *functions, struct bitmap *set, unsigned int abi,
		   const char *function);

#endif /* CTL_FUNCTIONS_H */
