/* SPDX-License-Identifier: GPL-2.0 */
/* Turns a verb's table into text, for help and for the man page. */
#ifndef CTL_USAGE_H
#define CTL_USAGE_H

#include "verbs/verb.h"

/* "CGROUP CALL...|--denied [--dry-run]"; to be freed. */
char *usage_text(const struct verb *verb);
/* Calls @fn for each of the verb's own options, without those that every verb accepts. */
void usage_each_opt(const struct verb *verb, void (*fn)(const struct opt *opt, void *data),
		    void *data);
/* The name or list of the option's values; NULL if it takes none. */
const char *usage_value(const struct opt *opt);
/* Prints the complete help of a verb to standard output. */
void usage_explain(const struct verb *verb);

#endif /* CTL_USAGE_H */
