/* SPDX-License-Identifier: GPL-2.0 */
/* How many calls a policy refuses per second, and whose was the last. */
#ifndef CTL_PACE_H
#define CTL_PACE_H

#include "kernel/policy.h"

/*
 * A program whose calls are refused more often than this in a second repeats one in a loop: no
 * program is known that makes use of so many failures.
 */
#define PACE_SPINS 100

/*
 * Prints it, as text on a line after @indent, if calls were refused in the last full second; in
 * JSON, it is null otherwise.
 */
void pace_print(const struct policy *policy, const char *indent);

#endif /* CTL_PACE_H */
