// SPDX-License-Identifier: GPL-2.0
/* How rules for values stand to each other. */
#include "calls/value_rule.h"

bool value_rule_has(const struct scmod_value_rule *rule, uint64_t value)
{
	value &= rule->mask;
	return value >= rule->first && value <= rule->last;
}

bool value_rule_exact(const struct scmod_value_rule *rule, uint64_t bits)
{
	return rule->first == rule->last && (rule->mask & bits) == bits;
}

bool value_rule_same(const struct scmod_value_rule *a, const struct scmod_value_rule *b)
{
	return a->mask == b->mask && a->first == b->first && a->last == b->last;
}

/* All bits from the highest one of @bits on down. */
static uint64_t below(uint64_t bits)
{
	return bits ? UINT64_MAX >> __builtin_clzll(bits) : 0;
}

/*
 * Whether a larger value of @rule never has a smaller part under @mask: either the part is the
 * same for all values of the rule, or the rule looks at no bit between those of @mask, and
 * above them, but those of @mask.
 */
static bool in_order(const struct scmod_value_rule *rule, uint64_t mask)
{
	uint64_t moving = below(rule->first ^ rule->last);

	if (!(mask & moving))
		return true;
	return !(rule->mask & moving & ~mask & ~((mask & -mask) - 1));
}

bool value_rule_covers(const struct scmod_value_rule *wide, const struct scmod_value_rule *rule)
{
	if (!wide->mask)
		return true;
	if (wide->mask & ~rule->mask || !in_order(rule, wide->mask))
		return false;
	return (rule->first & wide->mask) >= wide->first &&
	       (rule->last & wide->mask) <= wide->last;
}

bool value_rule_meets(const struct scmod_value_rule *a, const struct scmod_value_rule *b)
{
	uint64_t common = a->mask & b->mask;

	if (!in_order(a, common) || !in_order(b, common))
		return true;
	return (a->first & common) <= (b->last & common) &&
	       (b->first & common) <= (a->last & common);
}
