// SPDX-License-Identifier: GPL-2.0
/* What a policy says about values of arguments, and which were used or refused. */
#include <string.h>

#include "calls/value_rule.h"
#include "kernel/policy.h"

bool policy_watches(const struct policy *policy, unsigned int selector)
{
	enum policy_watch watch = policy->selector[selector].watch;

	return watch == WATCH_SAME ? !selector_optional(selector) : watch == WATCH_ON;
}

bool policy_selects(const struct policy *policy, unsigned int selector)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = selector_number(abi, selector);

		if (nr >= 0 && bitmap_has(&policy->abi[abi].allowed, nr))
			return true;
	}
	return false;
}

bool policy_allows_value(const struct policy *policy, unsigned int selector, uint64_t value)
{
	const struct policy_selector *known = &policy->selector[selector];

	for (size_t i = 0; i < known->nr_rules; i++)
		if (value_rule_has(&known->rule[i], value))
			return !known->rule[i].err;
	return !known->listed;
}

unsigned int policy_count_values(const struct policy *policy, unsigned int kind)
{
	unsigned int count = 0;

	for (size_t i = 0; i < policy->nr_values; i++)
		count += policy->values[i].kind == kind;
	return count;
}

const struct scmod_value_record *policy_next_value(const struct policy *policy,
						   unsigned int selector, unsigned int kind,
						   const struct scmod_value_record *last)
{
	size_t i = last ? last - policy->values + 1 : 0;

	for (; i < policy->nr_values; i++)
		if (policy->values[i].selector == selector && policy->values[i].kind == kind)
			return &policy->values[i];
	return NULL;
}

const struct scmod_value_record *policy_value(const struct policy *policy, unsigned int selector,
					      uint64_t value, unsigned int kind)
{
	const struct scmod_value_record *record;

	policy_for_each_value(record, policy, selector, kind)
		if (record->value == value)
			return record;
	return NULL;
}

const char *value_record_comm(const struct scmod_value_record *record)
{
	static char comm[SCMOD_COMM_LEN + 1];

	memcpy(comm, record->comm, SCMOD_COMM_LEN);
	return *comm ? comm : "?";
}
