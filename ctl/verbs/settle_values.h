/* SPDX-License-Identifier: GPL-2.0 */
/* The part of 'scmod restore' and 'scmod apply' that is about values of arguments. */
#ifndef CTL_SETTLE_VALUES_H
#define CTL_SETTLE_VALUES_H

#include "kernel/nl.h"
#include "profile/saved.h"

/* Whether the policy says about values what the saved one says, and has seen what that has. */
bool settle_same_values(const struct saved *saved, const struct policy *now);
/* Number of rules of the saved policy that allow more than the policy that is there. */
unsigned int settle_more_values(const struct saved *saved, const struct policy *now);
/*
 * What is sent; to be freed with settle_values_free(). NULL if the saved policy says nothing that
 * has to do with values.
 */
struct selector_change *settle_values(const struct saved *saved);
void settle_values_free(struct selector_change *change);

#endif /* CTL_SETTLE_VALUES_H */
