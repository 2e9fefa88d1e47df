// SPDX-License-Identifier: GPL-2.0
/* The part of 'scmod restore' and 'scmod apply' that is about values of arguments. */
#include <stdlib.h>

#include "base/memory.h"
#include "verbs/settle_values.h"

/* The rules of a policy, as a set. */
static struct value_set rules_of(const struct policy *policy, unsigned int selector)
{
	const struct policy_selector *known = &policy->selector[selector];
	struct value_set set = { 0 };

	if (known->listed)
		values_list(&set);
	for (size_t i = 0; i < known->nr_rules; i++)
		values_append(&set, selector, &known->rule[i], NULL);
	return set;
}

static bool has_seen(const struct saved_selector *saved, const struct policy *now,
		     unsigned int selector)
{
	for (size_t i = 0; i < saved->nr_seen; i++)
		if (!policy_value(now, selector, saved->seen[i], SCMOD_RECORD_SEEN))
			return false;
	return true;
}

static bool same_selector(const struct saved *saved, const struct policy *now,
			  unsigned int selector)
{
	static const struct saved_selector none = { .watch = -1 };
	const struct saved_selector *wanted = saved->selector ? &saved->selector[selector] : &none;
	struct value_set set = rules_of(now, selector);
	bool same = !saved->has_sets || values_same(&wanted->set, &set);

	values_release(&set);
	if (wanted->watch >= 0 && wanted->watch != policy_watches(now, selector))
		return false;
	return same && has_seen(wanted, now, selector);
}

bool settle_same_values(const struct saved *saved, const struct policy *now)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		if (!same_selector(saved, now, selector))
			return false;
	return true;
}

static bool selects(const struct saved *saved, unsigned int selector)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = selector_number(abi, selector);

		if (nr >= 0 && bitmap_has(&saved->abi[abi].allowed, nr))
			return true;
	}
	return false;
}

static unsigned int more_of(const struct saved *saved, const struct policy *now,
			    unsigned int selector)
{
	const struct value_set *wanted = saved->selector ? &saved->selector[selector].set : NULL;
	struct value_set set = rules_of(now, selector);
	unsigned int more = 0;

	if (!wanted || !wanted->listed)
		more = set.listed;
	for (size_t i = 0; wanted && i < wanted->count; i++)
		more += !wanted->entry[i].rule.err && !values_allow(&set, &wanted->entry[i].rule);
	values_release(&set);
	return more;
}

unsigned int settle_more_values(const struct saved *saved, const struct policy *now)
{
	unsigned int more = 0;

	for (unsigned int selector = 0; saved->has_sets && selector < NR_SELECTORS; selector++)
		if (selects(saved, selector))
			more += more_of(saved, now, selector);
	return more;
}

static void change_selector(const struct saved *saved, unsigned int selector,
			    struct selector_change *change)
{
	const struct saved_selector *wanted = &saved->selector[selector];
	struct scmod_value_rule *rules;

	if (wanted->watch >= 0)
		change->watch = wanted->watch ? WATCH_ON : WATCH_OFF;
	change->seen = wanted->seen;
	change->nr_seen = wanted->nr_seen;
	if (!saved->has_sets || !wanted->set.listed) {
		change->any = saved->has_sets;
		return;
	}
	rules = mem_alloc((wanted->set.count + 1) * sizeof(*rules));
	for (size_t i = 0; i < wanted->set.count; i++)
		rules[i] = wanted->set.entry[i].rule;
	change->rules = rules;
	change->nr_rules = wanted->set.count;
	if (selector_optional(selector) && wanted->watch < 0)
		change->watch = WATCH_ON;
}

struct selector_change *settle_values(const struct saved *saved)
{
	struct selector_change *change;

	if (!saved->selector)
		return NULL;
	change = mem_alloc(NR_SELECTORS * sizeof(*change));
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		change_selector(saved, selector, &change[selector]);
	return change;
}

void settle_values_free(struct selector_change *change)
{
	for (unsigned int selector = 0; change && selector < NR_SELECTORS; selector++)
		free((void *)change[selector].rules);
	free(change);
}
