/* SPDX-License-Identifier: GPL-2.0 */
/* The tool's copy of a policy that the module keeps. */
#ifndef CTL_POLICY_H
#define CTL_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls/selector.h"
#include "calls/sets.h"
#include "profile/executed.h"

/* Whether a policy looks at the values of a selector, or is to. */
enum policy_watch {
	/* As a new policy does; in a change: as it is. */
	WATCH_SAME,
	WATCH_ON,
	WATCH_OFF,
};

/**
 * struct policy_selector - what a policy says about one selector; see enum scmod_attr_selector
 * @listed: whether only the values of @rule may be used; else any
 * @full: values that were used found no room in the record
 * @watch: whether the values are looked at
 * @lost: refusals that found no room
 * @rule: the rules; owned by the policy
 * @nr_rules: number of rules
 */
struct policy_selector {
	bool listed;
	bool full;
	enum policy_watch watch;
	uint32_t lost;
	struct scmod_value_rule *rule;
	size_t nr_rules;
};

/*
 * See enum scmod_attr_policy. @path, @records, @values and @executed are owned by the policy.
 * @path is the name of a policy that has one. With @awaits, @mode begins when the process
 * @from_exec executes a program; @from_exec is 0 if that process has ended.
 */
struct policy {
	uint64_t id;
	uint64_t created;
	char *path;
	uint32_t mode;
	uint32_t action;
	uint32_t err;
	uint32_t flags;
	uint32_t records_lost;
	uint32_t cgroups;
	uint32_t came;
	uint32_t events_lost;
	uint32_t unlogged;
	/* What is left of the time to confirm the last change in; 0 if none waits for that. */
	uint32_t confirm_ms;
	/* When the last change was undone because nobody had confirmed it; 0 if it was not. */
	uint64_t rolled_back;
	/* Calls refused in the last full second; unless that is 0, whose was last, and which. */
	uint32_t pace;
	uint32_t pace_pid;
	uint32_t pace_call;
	uint32_t from_exec;
	bool awaits;
	struct abi_sets abi[NR_ABIS];
	struct scmod_record *records;
	size_t nr_records;
	struct policy_selector selector[NR_SELECTORS];
	struct scmod_value_record *values;
	size_t nr_values;
	struct executed_list executed;
};

struct policy_list {
	struct policy *policy;
	size_t count;
};

void policy_release(struct policy *policy);
void policy_list_release(struct policy_list *list);

const char *policy_mode_name(uint32_t mode);
bool policy_gone(const struct policy *policy);
bool policy_partial(const struct policy *policy);
bool policy_named(const struct policy *policy);
bool policy_pattern(const struct policy *policy);
bool policy_waiting(const struct policy *policy);
bool policy_enforces(const struct policy *policy);

/* The record of @kind whose call was made last for the first time; NULL if there is none. */
const struct scmod_record *policy_newest(const struct policy *policy, unsigned int kind);

/* The command name of who made the call first, "?" if it is unknown (static buffer). */
const char *record_comm(const struct scmod_record *record);

/* Number of calls in one of the sets, all ABIs together. */
unsigned int policy_count(const struct policy *policy, size_t set_offset);

#define policy_count_of(policy, set) \
	policy_count((policy), offsetof(struct abi_sets, set))

/*
 * The soft calls that have a name. The numbers without one, which are all soft unless they are
 * allowed (see profile_sets()), would only hide these from a reader.
 */
struct bitmap policy_soft(const struct policy *policy, unsigned int abi);

/*
 * Drops from @calls (one bitmap per ABI) what @sets allow already; returns the number of calls
 * left, all ABIs together.
 */
unsigned int policy_leave_new(const struct abi_sets *sets, struct bitmap *calls);

/* The record of a call, or NULL if its provenance was lost. */
const struct scmod_record *policy_record(const struct policy *policy,
					 unsigned int abi, unsigned int nr,
					 unsigned int kind);

/* Whether the policy looks at the values of the selector. */
bool policy_watches(const struct policy *policy, unsigned int selector);
/* Whether the policy allows the call of the selector in any ABI. */
bool policy_selects(const struct policy *policy, unsigned int selector);
/* Whether the value may be used where the call is allowed. */
bool policy_allows_value(const struct policy *policy, unsigned int selector, uint64_t value);
/* Number of values of @kind in the record, all selectors together. */
unsigned int policy_count_values(const struct policy *policy, unsigned int kind);
/* The record of a value, or NULL. */
const struct scmod_value_record *policy_value(const struct policy *policy, unsigned int selector,
					      uint64_t value, unsigned int kind);
/* The command name of who used the value first, "?" if it is unknown (static buffer). */
const char *value_record_comm(const struct scmod_value_record *record);

/* The next value of that selector and kind, after @last (NULL: the first one); NULL: no more. */
const struct scmod_value_record *policy_next_value(const struct policy *policy,
						   unsigned int selector, unsigned int kind,
						   const struct scmod_value_record *last);

#define policy_for_each_value(record, policy, selector, kind)				\
	for ((record) = policy_next_value(policy, selector, kind, NULL); (record);	\
	     (record) = policy_next_value(policy, selector, kind, record))

#endif /* CTL_POLICY_H */
