// SPDX-License-Identifier: GPL-2.0
/* Unites what two profiles say about the values of a selector. */
#include "calls/value_rule.h"
#include "profile/values.h"

static struct reason moved(const struct reason *reason, const unsigned int *origins)
{
	struct reason copy = *reason;

	if (origins)
		copy.origin = origins[copy.origin];
	return copy;
}

/* Adds the rule with its reasons, before or after the others. */
static void add_entry(struct value_set *to, const struct value_entry *entry, bool before,
		      const unsigned int *origins)
{
	bool (*add)(struct value_set *set, unsigned int selector,
		    const struct scmod_value_rule *rule, const struct reason *reason) =
		before ? values_add : values_append;

	/* The rule is a normal one already, so that any selector will do that leaves it so. */
	if (!entry->nr_reasons)
		add(to, SCMOD_SELECTOR_PTRACE, &entry->rule, NULL);
	for (size_t i = 0; i < entry->nr_reasons; i++) {
		struct reason reason = moved(&entry->reason[i], origins);

		add(to, SCMOD_SELECTOR_PTRACE, &entry->rule, &reason);
	}
}

static void copy_reasons(struct value_set *to, const struct value_set *from,
			 const unsigned int *origins)
{
	for (size_t i = 0; i < from->nr_reasons; i++) {
		struct reason reason = moved(&from->reason[i], origins);

		reason_add(&to->reason, &to->nr_reasons, &reason);
	}
}

void values_copy(struct value_set *to, const struct value_set *from, const unsigned int *origins)
{
	values_release(to);
	to->listed = from->listed;
	for (size_t i = 0; i < from->count; i++)
		add_entry(to, &from->entry[i], false, origins);
	copy_reasons(to, from, origins);
}

/* The rules before the first one that refuses. */
static size_t leading(const struct value_set *set)
{
	size_t count = 0;

	while (count < set->count && !set->entry[count].rule.err)
		count++;
	return count;
}

/* Whether @set refuses every value of @rule. */
static bool refuses(const struct value_set *set, const struct scmod_value_rule *rule)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct scmod_value_rule *known = &set->entry[i].rule;

		if (known->err && value_rule_covers(known, rule))
			return true;
		if (!known->err && value_rule_meets(known, rule))
			return false;
	}
	return true;
}

/* Drops rules that refuse values which @other allows. */
static void drop_refusals(struct value_set *set, const struct value_set *other)
{
	for (size_t i = set->count; i--;)
		if (set->entry[i].rule.err && !refuses(other, &set->entry[i].rule))
			values_drop(set, i);
}

/* Puts what @from begins with before what @to says. */
static void add_leading(struct value_set *to, const struct value_set *from,
			const unsigned int *origins)
{
	for (size_t i = 0; i < leading(from); i++)
		add_entry(to, &from->entry[i], true, origins);
}

/* Puts the rest after what @to says; where only one of them refuses, that changes nothing else. */
static void add_rest(struct value_set *to, const struct value_set *from, bool both_refuse,
		     const unsigned int *origins)
{
	for (size_t i = leading(from); i < from->count; i++)
		if (!both_refuse || !from->entry[i].rule.err ||
		    refuses(to, &from->entry[i].rule))
			add_entry(to, &from->entry[i], false, origins);
}

void values_unite(struct value_set *to, const struct value_set *from, const unsigned int *origins)
{
	bool both_refuse = leading(to) < to->count && leading(from) < from->count;

	if (!to->listed) {
		if (!from->listed)
			copy_reasons(to, from, origins);
		return;
	}
	if (!from->listed) {
		values_copy(to, from, origins);
		return;
	}
	if (both_refuse)
		drop_refusals(to, from);
	add_leading(to, from, origins);
	add_rest(to, from, both_refuse, origins);
}
