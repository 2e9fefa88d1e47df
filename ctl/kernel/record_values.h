/* SPDX-License-Identifier: GPL-2.0 */
/* The part of record.c that is about values. Only record.c uses this. */
#ifndef CTL_RECORD_VALUES_H
#define CTL_RECORD_VALUES_H

#include "calls/sysname.h"
#include "kernel/policy.h"
#include "profile/profile.h"

/*
 * Lists the values that were seen, and those of the policy's rules, which an earlier enforce has
 * set. A selector of which the policy does not keep values has any value, as one whose call the
 * policy allows with any.
 */
void record_values(struct profile *profile, const struct policy *policy);
/*
 * Makes clone3 soft even if it was seen, and allows clone, without namespaces, in its place;
 * unless the policy allows clone3, which only a person does.
 */
void record_clone3(struct profile *profile, const struct policy *policy);

#endif /* CTL_RECORD_VALUES_H */
