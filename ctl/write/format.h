/* SPDX-License-Identifier: GPL-2.0 */
/* The table of the forms in which a profile can be written. */
#ifndef CTL_FORMAT_H
#define CTL_FORMAT_H

#include <stdbool.h>

#include "write/output.h"

/**
 * struct format - one form
 * @name: as --format has it
 * @numbers: it can hold a call that has no name
 * @binary: it is no text
 * @write: writes all of it, and adds what it can't carry to the messages; returns an
 *	exit code, and leaves write errors to be found at @to
 */
struct format {
	const char *name;
	bool numbers;
	bool binary;
	int (*write)(const struct output *out);
};

const struct format *format_find(const char *name);
/* All of the names with commas between, for messages (static buffer). */
const char *format_names(void);

#endif /* CTL_FORMAT_H */
