/* SPDX-License-Identifier: GPL-2.0 */
/* Waits until a policy that learns has seen no new call for some time. */
#ifndef CTL_STABLE_H
#define CTL_STABLE_H

#include <stdint.h>

#include "verbs/verb.h"

/* For 'scmod learn': the options, and the word FILE, that have no effect without --until-stable. */
extern const struct opt opt_until_stable;
extern const struct opt opt_max;
extern const struct opt opt_then;

#define STABLE_CLASHES \
	{ OPT_MAX, OPT_UNTIL_STABLE, true, "it limits the wait" }, \
	{ OPT_THEN, OPT_UNTIL_STABLE, true, "it says what follows the wait" }

/* Whether the options and words fit. Prints errors and returns an exit code. */
int stable_check(const struct args *args);

/*
 * Waits, if that is asked for, and does what is to be done then. The policy with @id learns, and
 * keeps doing so if the wait is interrupted or takes too long. @path: how other verbs find it.
 * Returns an exit code.
 */
int stable_wait(const struct args *args, uint64_t id, const char *path);

#endif /* CTL_STABLE_H */
