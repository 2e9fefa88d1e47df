/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which cgroups a policy is for: shared by learn, complain and enforce. A policy follows the name
 * of its cgroup, so that it goes on when the cgroup is removed and made again, unless --once is
 * given.
 */
#ifndef CTL_FOLLOW_H
#define CTL_FOLLOW_H

#include "kernel/target.h"
#include "verbs/verb.h"

#define FOLLOW_CLASHES \
	{ OPT_ONCE, OPT_ABSENT, false, "a policy that ends with its cgroup can't wait for one" }

extern const struct opt opt_once;
extern const struct opt opt_absent;

/* target_find() for the first word, by these options. Prints errors and returns an exit code. */
int follow_find(const struct args *args, struct target *target);

/* Prints in how many cgroups the policy is in force, and whether it waits for one. */
void follow_report(const struct policy *now);
/* Prints a note if the policy waits. */
void follow_note(const char *verb, const struct policy *now);

#endif /* CTL_FOLLOW_H */
