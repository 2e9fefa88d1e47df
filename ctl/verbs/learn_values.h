/* SPDX-License-Identifier: GPL-2.0 */
/* The part of 'scmod learn' that is about values of arguments. */
#ifndef CTL_LEARN_VALUES_H
#define CTL_LEARN_VALUES_H

#include "kernel/nl.h"
#include "profile/profile.h"

/*
 * What is sent with the calls @more (one bitmap per ABI, or NULL), which are allowed without
 * having been seen: only the values that @profile lists go with them, if it lists any; and with
 * @watch_prot, that protections of memory are looked at. A restriction that the policy has stays.
 * To be freed with learn_values_free().
 */
const struct selector_change *learn_values(const struct policy *policy,
					   const struct profile *profile,
					   const struct bitmap *more, bool watch_prot);
void learn_values_free(const struct selector_change *change);

#endif /* CTL_LEARN_VALUES_H */
