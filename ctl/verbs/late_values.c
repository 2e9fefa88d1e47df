// SPDX-License-Identifier: GPL-2.0
/* Allows values that are used for the first time while a record is being enforced. */
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "kernel/nl.h"
#include "verbs/late_values.h"

/* The rules for all late values, by selector. */
struct late {
	struct selector_change change[NR_SELECTORS];
	struct scmod_value_rule *rule;
	unsigned int count;
};

static void collect(const struct policy *policy, const struct profile *profile,
		    unsigned int selector, struct late *late)
{
	struct selector_change *change = &late->change[selector];
	const struct scmod_value_record *record;

	change->add = &late->rule[late->count];
	policy_for_each_value(record, policy, selector, SCMOD_RECORD_SEEN) {
		if (!values_answer(&profile->values[selector], record->value) ||
		    change->nr_add == SCMOD_VALUE_RULES_MAX)
			continue;
		late->rule[late->count++] = selector_exact(selector, record->value);
		change->nr_add++;
	}
}

struct late_values late_values(const struct policy *now, const struct profile *profile)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct late_values result = { 0 };
	struct policy_list list;
	struct late late = { 0 };

	if (scmod_list(now->id, true, &list))
		return result;
	late.rule = mem_alloc((list.policy[0].nr_values + 1) * sizeof(*late.rule));
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		if (profile->values[selector].listed && profile_selects(profile, selector))
			collect(&list.policy[0], profile, selector, &late);
	change.id = now->id;
	change.selector = late.change;
	if (late.count)
		result.err = scmod_set(&change, NULL);
	if (result.err)
		result.refused = late.count;
	else
		result.allowed = late.count;
	free(late.rule);
	policy_list_release(&list);
	return result;
}

void late_values_tell(const char *verb, const struct policy *now, const struct late_values *late)
{
	if (late->allowed)
		note("%s %s: %u values were used for the first time during this command, and are allowed, too",
		     verb, now->path, late->allowed);
	if (late->refused)
		warn("%s %s: the policy is in force, but %u values that were used for the first time during this command are not allowed: %s; allow them with 'scmod allow'",
		     verb, now->path, late->refused, scmod_reason(late->err));
}
