/* SPDX-License-Identifier: GPL-2.0 */
/* The table of the forms in which a profile can be written. */
#ifndef CTL_FORMAT_H
#define CTL_FORMAT_H

#include <stdbool.h>

#include "write/output.h"

/**
 * struct format - one form
 * @name: its name for --format
 * @numbers: whether it can hold a call without a name
 * @binary: whether it is binary, not text
 * @write: writes the whole profile, and adds a message for each thing that the form can't
 *	hold. Returns an exit code. Write errors are left to be found at @to.
 */
struct format {
	const char *name;
	bool numbers;
	bool binary;
	int (*write)(const struct output *out);
};

const struct format *format_find(const char *name);
/* All names, separated by commas, for messages (static buffer). */
const char *format_names(void);

#endif /* CTL_FORMAT_H */
