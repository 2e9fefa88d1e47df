/* SPDX-License-Identifier: GPL-2.0 */
/* What is sent to the module so that it restricts the values that a profile lists. */
#ifndef CTL_RESTRICT_H
#define CTL_RESTRICT_H

#include "kernel/nl.h"
#include "profile/profile.h"

/**
 * struct restriction - changes of all selectors, and the rules that they point to
 * @selector: for &scmod_change.selector
 * @rules: the rules of each selector
 */
struct restriction {
	struct selector_change selector[NR_SELECTORS];
	struct scmod_value_rule rules[NR_SELECTORS][SCMOD_VALUE_RULES_MAX];
};

/*
 * Lists of values go with the calls that @profile allows; any value may be used of calls that it
 * does not allow, which are refused whatever their values are. Selectors that are looked at only
 * if asked for are, if the profile lists them. Returns the restriction, to be freed, or NULL if
 * the profile has more rules than a policy can keep.
 */
struct restriction *restriction_of(const struct profile *profile);

#endif /* CTL_RESTRICT_H */
