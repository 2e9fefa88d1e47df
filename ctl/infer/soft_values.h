/* SPDX-License-Identifier: GPL-2.0 */
/* Soft values: when they are not allowed, another errno than the policy's is a better answer. */
#ifndef CTL_SOFT_VALUES_H
#define CTL_SOFT_VALUES_H

struct profile;

/*
 * Adds to what a profile says about the values of socket and socketpair, where it lists them,
 * rules that refuse as a kernel does that was built without the family or the protocol. They
 * are for values that are refused anyway: nothing is allowed, and nothing else is refused.
 * Rules that an earlier call added, and that came back from a policy, are made anew.
 */
void soft_values_add(struct profile *profile);

#endif /* CTL_SOFT_VALUES_H */
