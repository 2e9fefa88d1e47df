// SPDX-License-Identifier: GPL-2.0
/* What a profile says about the values of one selector, and why. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/value_rule.h"
#include "profile/values.h"

void values_drop(struct value_set *set, size_t at)
{
	reason_release(&set->entry[at].reason, &set->entry[at].nr_reasons);
	set->count--;
	memmove(&set->entry[at], &set->entry[at + 1], (set->count - at) * sizeof(*set->entry));
}

void values_release(struct value_set *set)
{
	while (set->count)
		values_drop(set, set->count - 1);
	free(set->entry);
	reason_release(&set->reason, &set->nr_reasons);
	*set = (struct value_set){ 0 };
}

void values_list(struct value_set *set)
{
	reason_release(&set->reason, &set->nr_reasons);
	set->listed = true;
}

void values_any(struct value_set *set, const struct reason *reason)
{
	while (set->count)
		values_drop(set, set->count - 1);
	set->listed = false;
	reason_add(&set->reason, &set->nr_reasons, reason);
}

#define compare(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_rules(const struct scmod_value_rule *a, const struct scmod_value_rule *b)
{
	int ret = compare(a->first, b->first);

	if (!ret)
		ret = compare(a->last, b->last);
	return ret ? ret : compare(a->mask, b->mask);
}

static void insert(struct value_set *set, size_t at, const struct scmod_value_rule *rule,
		   const struct reason *reason)
{
	set->entry = mem_grow(set->entry, set->count + 1, sizeof(*set->entry));
	memmove(&set->entry[at + 1], &set->entry[at], (set->count - at) * sizeof(*set->entry));
	set->entry[at] = (struct value_entry){ .rule = *rule };
	set->count++;
	if (reason)
		reason_add(&set->entry[at].reason, &set->entry[at].nr_reasons, reason);
}

static bool same(const struct value_entry *entry, const struct scmod_value_rule *rule)
{
	return value_rule_same(&entry->rule, rule) && entry->rule.err == rule->err;
}

/* Adds only the reason to the rule at @at, if it is the same as @rule. */
static bool add_reason(struct value_set *set, size_t at, const struct scmod_value_rule *rule,
		       const struct reason *reason)
{
	if (at >= set->count || !same(&set->entry[at], rule))
		return false;
	if (reason)
		reason_add(&set->entry[at].reason, &set->entry[at].nr_reasons, reason);
	return true;
}

bool values_add(struct value_set *set, unsigned int selector,
		const struct scmod_value_rule *rule, const struct reason *reason)
{
	struct scmod_value_rule normal = selector_normal(selector, *rule);
	size_t at = 0;

	if (!set->listed)
		return false;
	while (!normal.err && at < set->count && !set->entry[at].rule.err &&
	       compare_rules(&set->entry[at].rule, &normal) < 0)
		at++;
	if (!add_reason(set, at, &normal, reason))
		insert(set, at, &normal, reason);
	return true;
}

bool values_append(struct value_set *set, unsigned int selector,
		   const struct scmod_value_rule *rule, const struct reason *reason)
{
	struct scmod_value_rule normal = selector_normal(selector, *rule);
	size_t at = set->count;

	if (!set->listed)
		return false;
	/* After the same rule, it would decide nothing. */
	for (size_t i = 0; i < set->count; i++)
		if (add_reason(set, i, &normal, reason))
			return true;
	while (!normal.err && at && !set->entry[at - 1].rule.err &&
	       compare_rules(&set->entry[at - 1].rule, &normal) >= 0)
		at--;
	insert(set, at, &normal, reason);
	return true;
}

int values_answer(const struct value_set *set, uint64_t value)
{
	if (!set->listed)
		return 0;
	for (size_t i = 0; i < set->count; i++)
		if (value_rule_has(&set->entry[i].rule, value))
			return set->entry[i].rule.err;
	return VALUES_DEFAULT;
}

bool values_allow(const struct value_set *set, const struct scmod_value_rule *rule)
{
	if (!set->listed)
		return true;
	for (size_t i = 0; i < set->count; i++) {
		const struct scmod_value_rule *known = &set->entry[i].rule;

		if (known->err && value_rule_meets(known, rule))
			return false;
		if (!known->err && value_rule_covers(known, rule))
			return true;
	}
	return false;
}

const struct value_entry *values_find(const struct value_set *set,
				      const struct scmod_value_rule *rule)
{
	for (size_t i = 0; i < set->count; i++)
		if (value_rule_same(&set->entry[i].rule, rule))
			return &set->entry[i];
	return NULL;
}

bool value_has_reason(const struct value_entry *entry, enum reason_kind kind)
{
	for (size_t i = 0; i < entry->nr_reasons; i++)
		if (entry->reason[i].kind == kind)
			return true;
	return false;
}

bool values_same(const struct value_set *a, const struct value_set *b)
{
	if (a->listed != b->listed || a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!same(&a->entry[i], &b->entry[i].rule))
			return false;
	return true;
}

/* Whether a rule that allows, and that all values of the one at @at are for, decides before. */
static bool needless(const struct value_set *set, size_t at)
{
	const struct scmod_value_rule *rule = &set->entry[at].rule;

	/* Later ones of the same run decide nothing else, either. */
	for (size_t i = 0; i < set->count; i++) {
		const struct scmod_value_rule *other = &set->entry[i].rule;

		if (i > at && (rule->err || other->err))
			return false;
		if (i != at && value_rule_covers(other, rule) &&
		    (i < at || !value_rule_same(other, rule)))
			return true;
	}
	return false;
}

int values_rules(const struct value_set *set,
		 struct scmod_value_rule rules[SCMOD_VALUE_RULES_MAX])
{
	unsigned int count = 0;

	for (size_t i = 0; i < set->count; i++) {
		if (needless(set, i))
			continue;
		if (count == SCMOD_VALUE_RULES_MAX)
			return -1;
		rules[count++] = set->entry[i].rule;
	}
	return count;
}
