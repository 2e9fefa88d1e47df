/* SPDX-License-Identifier: GPL-2.0 */
/* Compares which values two profiles allow, however they say it. */
#ifndef CTL_VALUES_COMPARE_H
#define CTL_VALUES_COMPARE_H

#include "calls/cube.h"
#include "profile/values.h"

/* The values that may be used, or, for @err, those that are refused with it by a rule. */
struct cubes values_cubes(const struct value_set *set, unsigned int selector, int err);
/*
 * The values of the rule at @at of @set that may be used, and may not be used by @other. If any
 * value may be used by @set, @at is 0 and makes no difference.
 */
struct cubes values_beyond(const struct value_set *set, size_t at,
			   const struct value_set *other, unsigned int selector);
/* Whether values may be used by @set that may not be used by @other. */
bool values_wider(const struct value_set *set, const struct value_set *other,
		  unsigned int selector);

#endif /* CTL_VALUES_COMPARE_H */
