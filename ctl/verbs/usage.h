/* SPDX-License-Identifier: GPL-2.0 */
/* What a verb's table says, as text: for help and for the man page. */
#ifndef CTL_USAGE_H
#define CTL_USAGE_H

#include "verbs/verb.h"

/* "CGROUP CALL...|--denied [--infer none|family|likely]"; to be freed. */
char *usage_text(const struct verb *verb);
/* The verb's own options, without those that all take: @fn with each. */
void usage_each_opt(const struct verb *verb, void (*fn)(const struct opt *opt, void *data),
		    void *data);
/* What the option's value is called, or NULL. */
const char *usage_value(const struct opt *opt);
/* All of a verb, to standard output. */
void usage_explain(const struct verb *verb);

#endif /* CTL_USAGE_H */
