/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data files that people may edit: one entry a line. Some entries are built in; a file can add
 * more. An indented line continues the entry before it. Below a comment or an empty line there
 * is no entry to continue, so an indented line there begins a new one. Only comments are
 * skipped.
 */
#ifndef CTL_ENTRIES_H
#define CTL_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define ENTRY_BLANKS " \t\r"

/**
 * struct place - the position in a data file, for messages
 * @verb: the verb that reads the file
 * @option: the option that names another file, such as "--families"
 * @file: the file, or NULL for the built-in data
 * @line: the line on which the entry begins
 */
struct place {
	const char *verb;
	const char *option;
	const char *file;
	unsigned int line;
};

/* Report what is wrong with the entry at @place. Evaluates to EXIT_FAILED. */
#define entry_reject(place, fmt, ...)					\
	fail(EXIT_FAILED, "%s %s %s: line %u: " fmt, (place)->verb,	\
	     (place)->option, (place)->file ? (place)->file : "built in", \
	     (place)->line, ##__VA_ARGS__)

/**
 * struct entries - one kind of data file
 * @option: the option that names another file
 * @text: the built-in data
 * @standard: the file that is read, if it exists, when the option is not given
 * @add: adds the entry @text to @to; may change @text; returns an exit code
 * @to: passed to @add
 */
struct entries {
	const char *option;
	const char *text;
	const char *standard;
	int (*add)(const struct place *place, char *text, void *to);
	void *to;
};

/* Reads the built-in data, then @file (NULL: the standard file). Returns an exit code. */
int entries_read(const struct entries *entries, const char *verb, const char *file);

/* Reads the built-in data only. */
int entries_read_built_in(const struct entries *entries, const char *verb);

/* Removes the blanks around @text, in place. */
char *entry_trim(char *text);
/* Cuts @text at its '#'; returns the trimmed text after the '#', or NULL if there is no '#'. */
char *entry_cut_why(char *text);

#endif /* CTL_ENTRIES_H */
