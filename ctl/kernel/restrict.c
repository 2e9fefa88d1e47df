// SPDX-License-Identifier: GPL-2.0
/* What is sent to the module so that it restricts the values that a profile lists. */
#include <stdlib.h>

#include "base/memory.h"
#include "kernel/restrict.h"

/* Returns the number of rules, or -1 if there are too many. */
static int restrict_selector(const struct profile *profile, unsigned int selector,
			     struct restriction *restriction)
{
	const struct value_set *set = &profile->values[selector];
	struct selector_change *change = &restriction->selector[selector];
	int count;

	if (!set->listed || !profile_selects(profile, selector)) {
		change->any = true;
		return 0;
	}
	count = values_rules(set, restriction->rules[selector]);
	if (count < 0)
		return -1;
	change->rules = restriction->rules[selector];
	change->nr_rules = count;
	if (selector_optional(selector))
		change->watch = WATCH_ON;
	return count;
}

struct restriction *restriction_of(const struct profile *profile)
{
	struct restriction *restriction = mem_alloc(sizeof(*restriction));
	int total = 0;

	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		int count = restrict_selector(profile, selector, restriction);

		total += count;
		if (count < 0 || total > SCMOD_VALUE_RULES_TOTAL) {
			free(restriction);
			return NULL;
		}
	}
	return restriction;
}
