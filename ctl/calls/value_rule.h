/* SPDX-License-Identifier: GPL-2.0 */
/* How rules for values stand to each other; see struct scmod_value_rule. */
#ifndef CTL_VALUE_RULE_H
#define CTL_VALUE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/scmod.h>

/* Whether the rule is for the value. */
bool value_rule_has(const struct scmod_value_rule *rule, uint64_t value);
/* Whether the rule is for one value only, of those that have no bits outside of @bits. */
bool value_rule_exact(const struct scmod_value_rule *rule, uint64_t bits);
/* Whether both are for the same values; their err is not compared. */
bool value_rule_same(const struct scmod_value_rule *a, const struct scmod_value_rule *b);
/*
 * Whether @wide is for every value that @rule is for. False also where that takes more than a
 * look at masks and ends of ranges.
 */
bool value_rule_covers(const struct scmod_value_rule *wide, const struct scmod_value_rule *rule);
/*
 * Whether there may be a value that both are for. True also where that takes more than a look at
 * masks and ends of ranges.
 */
bool value_rule_meets(const struct scmod_value_rule *a, const struct scmod_value_rule *b);

#endif /* CTL_VALUE_RULE_H */
