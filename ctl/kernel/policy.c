// SPDX-License-Identifier: GPL-2.0
/* Helpers for policies that need no netlink. */
#include <stdlib.h>
#include <string.h>

#include "calls/sysname.h"
#include "kernel/policy.h"
#include "profile/mode.h"

void policy_release(struct policy *policy)
{
	free(policy->path);
	free(policy->records);
	free(policy->values);
	executed_release(&policy->executed);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		free(policy->selector[selector].rule);
	*policy = (struct policy){ 0 };
}

void policy_list_release(struct policy_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		policy_release(&list->policy[i]);
	free(list->policy);
	*list = (struct policy_list){ 0 };
}

const char *policy_mode_name(uint32_t mode)
{
	return mode_name(mode);
}

bool policy_gone(const struct policy *policy)
{
	return policy->flags & SCMOD_FLAG_GONE;
}

bool policy_partial(const struct policy *policy)
{
	return policy->flags & SCMOD_FLAG_PARTIAL;
}

bool policy_named(const struct policy *policy)
{
	return policy->flags & SCMOD_FLAG_NAMED;
}

bool policy_pattern(const struct policy *policy)
{
	return policy->flags & SCMOD_FLAG_PATTERN;
}

bool policy_waiting(const struct policy *policy)
{
	return policy->flags & SCMOD_FLAG_WAITING;
}

bool policy_enforces(const struct policy *policy)
{
	return policy->mode == SCMOD_MODE_ENFORCE;
}

unsigned int policy_count(const struct policy *policy, size_t set_offset)
{
	unsigned int count = 0;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		const char *sets = (const char *)&policy->abi[abi];

		count += bitmap_count((const struct bitmap *)(sets + set_offset));
	}
	return count;
}

struct bitmap policy_soft(const struct policy *policy, unsigned int abi)
{
	struct bitmap set = policy->abi[abi].soft;
	unsigned int nr;

	bitmap_for_each(nr, &set)
		if (!sysname(abi, nr))
			bitmap_drop(&set, nr);
	return set;
}

unsigned int policy_leave_new(const struct abi_sets *sets, struct bitmap *calls)
{
	unsigned int count = 0;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		bitmap_subtract(&calls[abi], &sets[abi].allowed);
		count += bitmap_count(&calls[abi]);
	}
	return count;
}

const struct scmod_record *policy_record(const struct policy *policy,
					 unsigned int abi, unsigned int nr,
					 unsigned int kind)
{
	for (size_t i = 0; i < policy->nr_records; i++) {
		const struct scmod_record *record = &policy->records[i];

		if (record->abi == abi && record->nr == nr && record->kind == kind)
			return record;
	}
	return NULL;
}

const struct scmod_record *policy_newest(const struct policy *policy, unsigned int kind)
{
	const struct scmod_record *found = NULL;

	for (size_t i = 0; i < policy->nr_records; i++) {
		const struct scmod_record *record = &policy->records[i];

		if (record->kind == kind && (!found || record->time_ns >= found->time_ns))
			found = record;
	}
	return found;
}

const char *record_comm(const struct scmod_record *record)
{
	static char comm[SCMOD_COMM_LEN + 1];

	memcpy(comm, record->comm, SCMOD_COMM_LEN);
	return *comm ? comm : "?";
}
