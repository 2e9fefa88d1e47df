/* SPDX-License-Identifier: GPL-2.0 */
/* A change of what a policy says about the values of one selector. */
#ifndef CTL_SELECTOR_CHANGE_H
#define CTL_SELECTOR_CHANGE_H

#include "kernel/policy.h"

/**
 * struct selector_change - a change of what a policy says about the values of one selector
 * @any: any value may be used
 * @rules: else, if not NULL: only values of these rules may be used
 * @nr_rules: number of @rules
 * @add: rules that are added before those that are there; not with @rules
 * @nr_add: number of @add
 * @watch: whether the values are looked at
 * @seen: values that are recorded as seen
 * @nr_seen: number of @seen
 */
struct selector_change {
	bool any;
	const struct scmod_value_rule *rules;
	size_t nr_rules;
	const struct scmod_value_rule *add;
	size_t nr_add;
	enum policy_watch watch;
	const uint64_t *seen;
	size_t nr_seen;
};

#endif /* CTL_SELECTOR_CHANGE_H */
