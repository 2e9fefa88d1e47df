/* SPDX-License-Identifier: GPL-2.0 */
/* The part of 'scmod explain' that is about values of arguments. */
#ifndef CTL_EXPLAIN_VALUES_H
#define CTL_EXPLAIN_VALUES_H

#include "kernel/policy.h"
#include "profile/profile.h"

/* Prints which values of a call may be used, and why. @policy is NULL for a file. */
void explain_values(const struct profile *profile, const struct policy *policy,
		    unsigned int selector);
/* Explains one value, which is given as CALL(VALUE). Returns an exit code. */
int explain_value(const struct profile *profile, const struct policy *policy, const char *text,
		  bool json);

#endif /* CTL_EXPLAIN_VALUES_H */
