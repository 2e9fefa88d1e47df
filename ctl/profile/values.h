/* SPDX-License-Identifier: GPL-2.0 */
/* What a profile says about the values of one selector, and why. */
#ifndef CTL_VALUES_H
#define CTL_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls/selector.h"
#include "profile/reason.h"

/**
 * struct value_entry - a rule and its reasons
 * @rule: as selector_normal() leaves it; err 0 allows the values
 * @reason: the reasons, sorted, without duplicates
 * @nr_reasons: number of reasons
 */
struct value_entry {
	struct scmod_value_rule rule;
	struct reason *reason;
	size_t nr_reasons;
};

/**
 * struct value_set - which values of a selector may be used, where its call is allowed
 * @listed: whether @entry says that; else any value may be used
 * @entry: the rules. The first one that is for a value decides; a value that none is for is
 *	refused by the profile's default. Those that allow are sorted, as far as no rule that
 *	refuses stands between them.
 * @count: number of rules
 * @reason: without @listed: why any value may be used; empty if nothing was said about values
 * @nr_reasons: number of these reasons
 *
 * When zeroed, nothing is said, and any value may be used.
 */
struct value_set {
	bool listed;
	struct value_entry *entry;
	size_t count;
	struct reason *reason;
	size_t nr_reasons;
};

/* values_answer() of a value that no rule is for. */
#define VALUES_DEFAULT (-1)

/* Frees what the set holds. Nothing is said any more. */
void values_release(struct value_set *set);
/* From now on, only values of the rules may be used: none, unless the set is a list already. */
void values_list(struct value_set *set);
/* From now on, any value may be used, because of a copy of @reason. Drops the rules. */
void values_any(struct value_set *set, const struct reason *reason);

/*
 * Adds a rule that decides before those that are there, and a copy of @reason (may be NULL). If
 * there is the same rule, and no rule that refuses before it, only the reason is added. Returns
 * false, and does nothing, if any value may be used: see values_list().
 */
bool values_add(struct value_set *set, unsigned int selector,
		const struct scmod_value_rule *rule, const struct reason *reason);
/* The same for a rule that decides after those that are there. */
bool values_append(struct value_set *set, unsigned int selector,
		   const struct scmod_value_rule *rule, const struct reason *reason);
/* Removes the rule at @at. */
void values_drop(struct value_set *set, size_t at);

/* 0 if the value may be used, the errno of a rule, or VALUES_DEFAULT. */
int values_answer(const struct value_set *set, uint64_t value);
/* Whether every value of @rule may be used; false also where that is hard to tell. */
bool values_allow(const struct value_set *set, const struct scmod_value_rule *rule);
/* The rule for the same values as @rule, or NULL. */
const struct value_entry *values_find(const struct value_set *set,
				      const struct scmod_value_rule *rule);
/* Whether one of the entry's reasons is of that kind. */
bool value_has_reason(const struct value_entry *entry, enum reason_kind kind);
/* Whether both sets have the same rules, or none; reasons are not compared. */
bool values_same(const struct value_set *a, const struct value_set *b);

/* A copy, which replaces what @to held. @origins: see values_unite(). */
void values_copy(struct value_set *to, const struct value_set *from,
		 const unsigned int *origins);
/*
 * Adds to @to what @from allows. If any value may be used by one of them, so it may by both. A
 * rule that refuses with an errno of its own stays only where the other set refuses its values,
 * too. @origins: for each origin of the profile of @from, the one in the profile of @to; NULL if
 * they are the same.
 */
void values_unite(struct value_set *to, const struct value_set *from,
		  const unsigned int *origins);

/*
 * The rules as they are sent to the module, without those that another one makes needless.
 * Returns their number, or -1 if there are more than SCMOD_VALUE_RULES_MAX.
 */
int values_rules(const struct value_set *set,
		 struct scmod_value_rule rules[SCMOD_VALUE_RULES_MAX]);

#endif /* CTL_VALUES_H */
