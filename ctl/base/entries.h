/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data that people read and change: an entry on each line, built in, and in a file
 * that adds to it. A line that begins with a blank goes on with the entry before it; below
 * a comment or an empty line, where there is none, it begins an entry. Nothing is passed
 * over but comments.
 */
#ifndef CTL_ENTRIES_H
#define CTL_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define ENTRY_BLANKS " \t\r"

/**
 * struct place - where we are, for messages
 * @verb: that reads
 * @option: that names another file: "--families"
 * @file: the file, or NULL in what is built in
 * @line: where the entry begins
 */
struct place {
	const char *verb;
	const char *option;
	const char *file;
	unsigned int line;
};

/* Say what is wrong, and where. EXIT_FAILED. */
#define entry_reject(place, fmt, ...)					\
	fail(EXIT_FAILED, "%s %s %s: line %u: " fmt, (place)->verb,	\
	     (place)->option, (place)->file ? (place)->file : "built in", \
	     (place)->line, ##__VA_ARGS__)

/**
 * struct entries - such data
 * @option: that names another file
 * @text: what is built in
 * @standard: the file that is read, if it is there, where no other is given
 * @add: takes an entry, whose text it may change, into @to; returns an exit code
 * @to: for @add
 */
struct entries {
	const char *option;
	const char *text;
	const char *standard;
	int (*add)(const struct place *place, char *text, void *to);
	void *to;
};

/* What is built in, then @file, NULL for the standard one. Returns an exit code. */
int entries_read(const struct entries *entries, const char *verb, const char *file);

/* Without the blanks around it; changes @text. */
char *entry_trim(char *text);
/* Cuts @text at its '#'; returns what is behind that, or NULL if there is none. */
char *entry_cut_why(char *text);

#endif /* CTL_ENTRIES_H */
