/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pure part: what a policy's rules say of a value.
 *
 * No kernel service is used here, so that user-space tests compile this file as it is.
 */
#ifndef SCMOD_VALUE_H
#define SCMOD_VALUE_H

#include "bitmap.h"

#define SCMOD_SELECTORS_ALL	((1u << SCMOD_SELECTORS) - 1)

/* Those that are looked at in a new policy: the others are frequent calls. */
#define SCMOD_SELECTORS_WATCHED						\
	(SCMOD_SELECTORS_ALL & ~(1u << SCMOD_SELECTOR_MMAP |		\
	 1u << SCMOD_SELECTOR_MPROTECT | 1u << SCMOD_SELECTOR_PKEY_MPROTECT))

/*
 * The rules of a selector are runs of words. The first word of a run has the errno of its
 * rules in bits 0 to 15, how many rules there are in bits 32 to 63, and a bit that says of
 * what form they are: one word each, the value; or three: mask, first and last.
 */
#define SCMOD_RUN_ERR(word)	((__u16)(word))
#define SCMOD_RUN_PLAIN		0x10000ull
#define SCMOD_RUN_COUNT(word)	((word) >> 32)
#define SCMOD_RUN_ONE		0x100000000ull

/* The most words that so many rules may take. */
#define SCMOD_RUN_WORDS(rules)	(4 * (rules))

/* What scmod_rules_value() returns for a value that no rule is for. */
#define SCMOD_VALUE_UNLISTED	(-1)

static inline int scmod_value_is_plain(const struct scmod_value_rule *rule)
{
	return rule->mask == ~0ull && rule->first == rule->last;
}

static inline int scmod_value_fits(__u64 value, __u64 mask, __u64 first, __u64 last)
{
	return (value & mask) >= first && (value & mask) <= last;
}

/* Does the policy look at the values of this selector, be it to record or to judge them? */
static inline int scmod_rules_look(const struct scmod_rules *rules, unsigned int selector)
{
	__u32 bit = 1u << selector;

	if (!(rules->watch & bit))
		return 0;
	return scmod_mode_records(rules->mode) ||
	       (scmod_mode_judges(rules->mode) && !(rules->any & bit));
}

/**
 * scmod_rules_value() - may this value be used?
 * @rules: the policy's rules
 * @selector: &enum scmod_selector
 * @value: see there
 *
 * Return: 0 if it may, the errno of a rule that refuses it, or %SCMOD_VALUE_UNLISTED.
 */
static inline int scmod_rules_value(const struct scmod_rules *rules, unsigned int selector,
				    __u64 value)
{
	const __u64 *w = &rules->words[rules->at[selector]];
	const __u64 *end = &rules->words[rules->at[selector + 1]];

	if ((rules->any | ~rules->watch) & 1u << selector)
		return 0;
	while (w < end) {
		__u64 run = *w++, n;

		for (n = SCMOD_RUN_COUNT(run); n; n--) {
			if (run & SCMOD_RUN_PLAIN ? *w == value :
			    scmod_value_fits(value, w[0], w[1], w[2]))
				return SCMOD_RUN_ERR(run);
			w += run & SCMOD_RUN_PLAIN ? 1 : 3;
		}
	}
	return SCMOD_VALUE_UNLISTED;
}

/*
 * Put @rule behind the words @words, of which there are @n; the last run, of the same
 * selector, begins at @run, or @run is @n if there is none. Return: how many words there
 * are then.
 */
static inline unsigned int scmod_value_put(__u64 *words, unsigned int *run, unsigned int n,
					   const struct scmod_value_rule *rule)
{
	int plain = scmod_value_is_plain(rule);
	__u64 head = rule->err | (plain ? SCMOD_RUN_PLAIN : 0);

	if (*run == n || (words[*run] & (SCMOD_RUN_ONE - 1)) != head) {
		*run = n;
		words[n++] = head;
	}
	words[*run] += SCMOD_RUN_ONE;
	if (!plain) {
		words[n++] = rule->mask;
		words[n++] = rule->first;
	}
	words[n++] = rule->last;
	return n;
}

/**
 * struct scmod_value_pos - where one stands among the rules of a selector
 * @at: the next word
 * @left: rules that are left of the run
 * @run: its first word
 */
struct scmod_value_pos {
	unsigned int at;
	unsigned int left;
	__u64 run;
};

/* Before the first rule of @selector. */
static inline struct scmod_value_pos scmod_rules_begin(const struct scmod_rules *rules,
						       unsigned int selector)
{
	return (struct scmod_value_pos){ rules->at[selector], 0, 0 };
}

/* The next rule of @selector into @rule. Return: whether there is one. */
static inline int scmod_rules_next(const struct scmod_rules *rules, unsigned int selector,
				   struct scmod_value_pos *pos, struct scmod_value_rule *rule)
{
	const __u64 *w;

	if (!pos->left) {
		if (pos->at == rules->at[selector + 1])
			return 0;
		pos->run = rules->words[pos->at++];
		pos->left = SCMOD_RUN_COUNT(pos->run);
	}
	w = &rules->words[pos->at];
	pos->left--;
	*rule = (struct scmod_value_rule) { .err = SCMOD_RUN_ERR(pos->run) };
	if (pos->run & SCMOD_RUN_PLAIN) {
		rule->mask = ~0ull;
		rule->first = w[0];
		rule->last = w[0];
		pos->at++;
	} else {
		rule->mask = w[0];
		rule->first = w[1];
		rule->last = w[2];
		pos->at += 3;
	}
	return 1;
}

/* How many rules @selector has. */
static inline unsigned int scmod_rules_count(const struct scmod_rules *rules,
					     unsigned int selector)
{
	unsigned int at = rules->at[selector], count = 0, n;

	while (at < rules->at[selector + 1]) {
		n = SCMOD_RUN_COUNT(rules->words[at]);
		at += 1 + n * (rules->words[at] & SCMOD_RUN_PLAIN ? 1 : 3);
		count += n;
	}
	return count;
}

/* Is the rule for any value at all? */
static inline int scmod_value_rule_fits_some(const struct scmod_value_rule *rule)
{
	__u64 lacks = rule->first & ~rule->mask, below;
	__u64 least = rule->first;

	/*
	 * The least number of mask bits alone that is not below @first. Where @first has a
	 * bit that the mask lacks, the bits from there on down are 0, and the mask bits
	 * above count one up.
	 */
	if (lacks) {
		below = ~0ull >> __builtin_clzll(lacks);
		least = (((rule->first | ~rule->mask | below) + 1) & rule->mask) & ~below;
		if (least < rule->first)
			return 0;
	}
	return least <= rule->last;
}

#endif /* SCMOD_VALUE_H */
