// SPDX-License-Identifier: GPL-2.0
/* Turns the values in a record, and the rules of a policy, into what a profile says. */
#include <string.h>

#include "base/timestamp.h"
#include "calls/value_rule.h"
#include "kernel/record_values.h"

#define HAND_ANY_WHY \
	"the policy allows any value of it: because of 'scmod allow', or of a profile that says nothing about values"
#define HAND_WHY \
	"not seen, but the policy allows it: added by 'scmod allow', or by a command that could not keep its reason"
#define FULL_WHY \
	"more values were used than the record has room for, so that it is not known which are needed"

static void add_seen(struct value_set *set, const struct scmod_value_record *record)
{
	struct scmod_value_rule rule = selector_exact(record->selector, record->value);
	struct reason reason = { .kind = REASON_SEEN };

	/* A value of a policy that was saved has no time. */
	if (record->time_ns) {
		reason.first = record->time_ns - record->time_ns % TIMESTAMP_STEP;
		reason.pid = record->pid;
		reason.count = record->count;
		memcpy(reason.comm, record->comm, SCMOD_COMM_LEN);
	}
	values_add(set, record->selector, &rule, &reason);
}

/* The rules that the policy has, in their order, and then what else was seen. */
static void add_listed(struct value_set *set, const struct policy *policy, unsigned int selector)
{
	const struct policy_selector *known = &policy->selector[selector];
	const struct reason hand = { .kind = REASON_HAND, .text = (char *)HAND_WHY };
	const struct scmod_value_record *record;

	values_list(set);
	for (size_t i = 0; i < known->nr_rules; i++)
		values_append(set, selector, &known->rule[i], &hand);
	policy_for_each_value(record, policy, selector, SCMOD_RECORD_SEEN)
		add_seen(set, record);
}

static void drop_hand_of(struct value_entry *entry)
{
	struct reason *rest = NULL;
	size_t count = 0;

	for (size_t i = 0; i < entry->nr_reasons; i++)
		if (entry->reason[i].kind != REASON_HAND)
			reason_add(&rest, &count, &entry->reason[i]);
	reason_release(&entry->reason, &entry->nr_reasons);
	entry->reason = rest;
	entry->nr_reasons = count;
}

/* Of a value that has another reason it need not be said, too, that the policy allows it. */
static void drop_hand(struct value_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->entry[i].nr_reasons > 1)
			drop_hand_of(&set->entry[i]);
}

/*
 * Whether a person allowed the call with any value, or enforced a profile that does. Of calls that
 * are looked at only on request, all values are allowed without anybody's doing.
 */
static bool any_by_hand(const struct policy *policy, unsigned int selector)
{
	if (selector_optional(selector) && !policy_watches(policy, selector))
		return false;
	return !policy->selector[selector].listed && policy_selects(policy, selector);
}

static void add_selector(struct profile *profile, const struct policy *policy,
			 unsigned int selector)
{
	const struct policy_selector *known = &policy->selector[selector];
	struct value_set *set = &profile->values[selector];

	if (any_by_hand(policy, selector)) {
		values_any(set, &(struct reason){
			.kind = REASON_HAND, .text = (char *)HAND_ANY_WHY,
		});
	} else if (known->full && !known->listed && !selector_namespaces(selector)) {
		values_any(set, &(struct reason){
			.kind = REASON_FULL, .text = (char *)FULL_WHY,
		});
	} else if (known->listed || policy_watches(policy, selector)) {
		add_listed(set, policy, selector);
		drop_hand(set);
	}
}

void record_values(struct profile *profile, const struct policy *policy)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		add_selector(profile, policy, selector);
}

/* ---- clone3 */

#define CLONE3_SOFT_WHY \
	"its flags are in memory, where nobody can see whether it makes namespaces; the C libraries fall back on clone; 'scmod allow CGROUP clone3' allows it"
#define CLONE_WHY \
	"clone3, which is answered with ENOSYS although it was seen: its callers fall back on this call"

static void add_clone(struct profile *profile, unsigned int abi)
{
	struct scmod_value_rule none = selector_exact(SCMOD_SELECTOR_CLONE, 0);
	int nr = selector_number(abi, SCMOD_SELECTOR_CLONE);

	if (nr < 0)
		return;
	profile_allow(profile, abi, nr, REASON_FAMILY, CLONE_WHY);
	profile_add_value(profile, SCMOD_SELECTOR_CLONE, &none, REASON_FAMILY, CLONE_WHY);
	drop_hand(&profile->values[SCMOD_SELECTOR_CLONE]);
}

void record_clone3(struct profile *profile, const struct policy *policy)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = sysname_number(abi, "clone3");

		if (nr < 0 || !bitmap_has(&policy->abi[abi].seen, nr) ||
		    bitmap_has(&policy->abi[abi].allowed, nr))
			continue;
		profile_set(profile, abi, nr, PROFILE_SOFT, 0);
		profile_say(profile, abi, nr, REASON_SOFT, CLONE3_SOFT_WHY);
		add_clone(profile, abi);
	}
}
