// SPDX-License-Identifier: GPL-2.0
/* Compares which values two profiles allow, however they say it. */
#include <stdlib.h>

#include "base/memory.h"
#include "profile/values_compare.h"

struct cubes values_cubes(const struct value_set *set, unsigned int selector, int err)
{
	struct scmod_value_rule *rule;
	struct answer_cubes answers;
	struct cubes cubes = { 0 };

	if (!set->listed) {
		if (!err)
			cubes_add(&cubes, 0, 0);
		return cubes;
	}
	rule = mem_grow(NULL, set->count + 1, sizeof(*rule));
	for (size_t i = 0; i < set->count; i++)
		rule[i] = set->entry[i].rule;
	answers = answer_cubes_of(rule, set->count, selector_mask(selector));
	for (size_t i = 0; i < answers.count; i++)
		if ((int)answers.cube[i].err == err)
			cubes_add(&cubes, answers.cube[i].cube.mask, answers.cube[i].cube.bits);
	free(answers.cube);
	free(rule);
	return cubes;
}

/* The values of the rule at @at for which no rule that refuses comes before. */
static struct cubes allowed_by(const struct value_set *set, size_t at, unsigned int selector)
{
	struct cubes cubes = { 0 };

	if (!set->listed) {
		cubes_add(&cubes, 0, 0);
		return cubes;
	}
	if (set->entry[at].rule.err)
		return cubes;
	for (size_t i = at + 1; i-- > 0; ) {
		const struct scmod_value_rule *rule = &set->entry[i].rule;
		struct cubes one = { 0 };

		if (i < at && !rule->err)
			continue;
		cubes_add_range(&one, rule->mask, rule->first, rule->last);
		cubes_restrict(&one, selector_mask(selector));
		if (i == at) {
			cubes = one;
			continue;
		}
		for (size_t j = 0; j < one.count; j++)
			cubes_subtract(&cubes, one.cube[j]);
		cubes_release(&one);
	}
	return cubes;
}

struct cubes values_beyond(const struct value_set *set, size_t at,
			   const struct value_set *other, unsigned int selector)
{
	struct cubes cubes = allowed_by(set, at, selector);
	struct cubes less = values_cubes(other, selector, 0);

	for (size_t i = 0; i < less.count && cubes.count; i++)
		cubes_subtract(&cubes, less.cube[i]);
	cubes_release(&less);
	return cubes;
}

bool values_wider(const struct value_set *set, const struct value_set *other,
		  unsigned int selector)
{
	for (size_t at = 0; at < set->count || (!set->listed && !at); at++) {
		struct cubes cubes = values_beyond(set, at, other, selector);
		bool any = cubes.count;

		cubes_release(&cubes);
		if (any)
			return true;
	}
	return false;
}
