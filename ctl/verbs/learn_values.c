// SPDX-License-Identifier: GPL-2.0
/* The part of 'scmod learn' that is about values of arguments. */
#include <stdlib.h>

#include "base/memory.h"
#include "verbs/learn_values.h"

static bool adds_call(const struct policy *policy, const struct bitmap *more,
		      unsigned int selector)
{
	if (!more || (policy_selects(policy, selector) && !policy->selector[selector].listed))
		return false;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = selector_number(abi, selector);

		if (nr >= 0 && bitmap_has(&more[abi], nr))
			return true;
	}
	return false;
}

static void change_selector(const struct policy *policy, const struct value_set *set,
			    unsigned int selector, struct selector_change *change)
{
	struct scmod_value_rule *rules;
	int count;

	/* A file that says nothing about values allows any of them. */
	if (!set->listed) {
		change->any = true;
		return;
	}
	rules = mem_alloc(SCMOD_VALUE_RULES_MAX * sizeof(*rules));
	count = values_rules(set, rules);
	if (count < 0)
		count = SCMOD_VALUE_RULES_MAX;
	if (policy->selector[selector].listed) {
		change->add = rules;
		change->nr_add = count;
	} else {
		change->rules = rules;
		change->nr_rules = count;
	}
	if (!count && change->add) {
		free(rules);
		change->add = NULL;
	}
}

const struct selector_change *learn_values(const struct policy *policy,
					   const struct profile *profile,
					   const struct bitmap *more, bool watch_prot)
{
	struct selector_change *change = mem_alloc(NR_SELECTORS * sizeof(*change));

	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		if (adds_call(policy, more, selector))
			change_selector(policy, &profile->values[selector], selector,
					&change[selector]);
		if (watch_prot && selector_optional(selector))
			change[selector].watch = WATCH_ON;
	}
	return change;
}

void learn_values_free(const struct selector_change *change)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		free((void *)change[selector].rules);
		free((void *)change[selector].add);
	}
	free((void *)change);
}
