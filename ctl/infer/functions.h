/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Maps functions that a program imports to the system calls that they may make: the table in
 * functions.txt, and the entries with which a person replaced it.
 */
#ifndef CTL_FUNCTIONS_H
#define CTL_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "calls/bitmap.h"
#include "infer/item.h"

/* Read, if it exists. */
#define FUNCTIONS_FILE "/etc/scmod/functions"

/**
 * struct function - a function of a C library or of Go, or a set of calls that functions share
 * @name: its name; for a function with several names, the plain one
 * @calls: calls and values, "@NAME" for a set
 * @line: line in a person's file; 0 if the entry is built in
 * @round: value of &functions.round when it was visited last
 */
struct function {
	char *name;
	struct item *calls;
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
	struct function_list golang;
	/*
	 * Counts walks through the sets: a set with this number has been visited in the
	 * current walk.
	 */
	unsigned int round;
};

/*
 * Reads the built-in table, and then @file (NULL: FUNCTIONS_FILE), whose entries replace
 * built-in ones. Prints errors and returns an exit code. Release with functions_free().
 */
int functions_read(const char *verb, const char *file, struct functions **functions);
void functions_free(struct functions *functions);

/*
 * Adds to @set the calls that the C library may make for @function, or Go's library if its name
 * has a dot (unix.Fallocate). Returns whether the function is known to make any call.
 */
bool functions_add(struct functions *functions, struct bitmap *set, unsigned int abi,
		   const char *function);
/*
 * Visits the calls that @function may make and that have a selector, in any ABI, each with its
 * values, or without, if nothing tells them.
 */
void functions_values(struct functions *functions, const char *function,
		      void (*visit)(const struct item *item, void *data), void *data);

#endif /* CTL_FUNCTIONS_H */
