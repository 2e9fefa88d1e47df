// SPDX-License-Identifier: GPL-2.0
/* Holds a profile against a floor: what the floor refuses, and what exceeds it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "floor/floor.h"
#include "floor/parts.h"

/* ---- what the floor says */

/* "Docker's default profile refuses it without CAP_BPF or CAP_SYS_ADMIN" */
static char *refusal_of(const struct part *part, unsigned int abi, unsigned int nr)
{
	const struct profile_call *call = profile_at(part->profile, abi, nr);
	char *text = mem_print("%s refuses it", part->name), *longer;
	const char *word = "without";

	for (size_t i = 0; i < call->nr_reasons; i++) {
		if (call->reason[i].kind != REASON_NEVER)
			continue;
		longer = mem_print("%s %s %s", text, word, call->reason[i].text);
		free(text);
		text = longer;
		word = "or";
	}
	return text;
}

char *floor_refusal(const struct floor *floor, unsigned int abi, unsigned int nr)
{
	for (size_t i = 0; i < floor->count; i++)
		if (!profile_allows(floor->part[i].profile, abi, nr))
			return refusal_of(&floor->part[i], abi, nr);
	return NULL;
}

char *floor_value_refusal(const struct floor *floor, unsigned int selector,
			  const struct scmod_value_rule *rule)
{
	for (size_t i = 0; i < floor->count; i++)
		if (!values_allow(&floor->part[i].profile->values[selector], rule))
			return mem_print("%s refuses it", floor->part[i].name);
	return NULL;
}

static bool refuses_value(const struct floor *floor, unsigned int selector,
			  const struct scmod_value_rule *rule)
{
	for (size_t i = 0; i < floor->count; i++)
		if (!values_allow(&floor->part[i].profile->values[selector], rule))
			return true;
	return false;
}

/* ---- what was inferred */

void floor_note(struct floor_before *before, const struct profile *profile)
{
	*before = (struct floor_before){ 0 };
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		before->calls[abi] = profile_calls(profile, abi, PROFILE_ALLOW);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		values_copy(&before->values[selector], &profile->values[selector], NULL);
}

void floor_forget(struct floor_before *before)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		values_release(&before->values[selector]);
}

/* Refuses the call; each reason for it becomes evidence in the reason why it is refused. */
static void refuse_call(struct profile *profile, unsigned int abi, unsigned int nr,
			const char *why)
{
	struct profile_call call = *profile_at(profile, abi, nr);

	profile->abi[abi][nr] = (struct profile_call){ 0 };
	for (size_t i = 0; i < call.nr_reasons; i++)
		profile_say(profile, abi, nr, REASON_FLOOR, "%s (evidence: %s)", why,
			    call.reason[i].text ? call.reason[i].text : "");
	reason_release(&call.reason, &call.nr_reasons);
}

static void hold_calls(const struct floor *floor, struct profile *profile, unsigned int abi,
		       const struct bitmap *before)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		char *why;

		if (!profile_allows(profile, abi, nr) || bitmap_has(before, nr) ||
		    profile_reason(profile, abi, nr, REASON_LIFELINE))
			continue;
		why = floor_refusal(floor, abi, nr);
		if (why)
			refuse_call(profile, abi, nr, why);
		free(why);
	}
}

/* Whether the selector's call was allowed before, in any ABI. */
static bool was_allowed(const struct floor_before *before, unsigned int selector)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = selector_number(abi, selector);

		if (nr >= 0 && bitmap_has(&before->calls[abi], nr))
			return true;
	}
	return false;
}

/* Nothing is said about the values of a call that was only inferred: allow what the parts do. */
static void take_values(const struct floor *floor, struct value_set *set, unsigned int selector)
{
	for (size_t i = 0; i < floor->count; i++) {
		const struct value_set *from = &floor->part[i].profile->values[selector];

		for (size_t at = 0; from->listed && at < from->count; at++) {
			const struct scmod_value_rule *rule = &from->entry[at].rule;
			struct reason reason = {
				.kind = REASON_FLOOR, .text = floor->part[i].name,
			};

			values_list(set);
			if (rule->err)
				values_add(set, selector, rule, &reason);
			else if (!refuses_value(floor, selector, rule) || !rule->mask)
				values_append(set, selector, rule, &reason);
		}
	}
}

/*
 * Says with the call, in each ABI that allows it, why the value is refused; each reason for the
 * value becomes evidence. A profile has no entry for values that it refuses by default.
 */
static void say_dropped(const struct floor *floor, struct profile *profile, unsigned int selector,
			const struct value_entry *entry)
{
	char *why = floor_value_refusal(floor, selector, &entry->rule);
	char *text = value_rule_text(selector, &entry->rule);

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = selector_number(abi, selector);

		if (nr < 0 || !profile_allows(profile, abi, nr))
			continue;
		for (size_t i = 0; i < entry->nr_reasons; i++)
			profile_say(profile, abi, nr, REASON_FLOOR, "%s: %s (evidence: %s)", text,
				    why, entry->reason[i].text ? entry->reason[i].text : "");
	}
	free(text);
	free(why);
}

static void drop_values(const struct floor *floor, struct profile *profile, unsigned int selector,
			const struct value_set *before)
{
	struct value_set *set = &profile->values[selector];

	for (size_t at = set->count; at-- > 0;) {
		const struct scmod_value_rule *rule = &set->entry[at].rule;

		if (!rule->err && !values_find(before, rule) &&
		    refuses_value(floor, selector, rule)) {
			say_dropped(floor, profile, selector, &set->entry[at]);
			values_drop(set, at);
		}
	}
}

void floor_hold(const struct floor *floor, struct profile *profile,
		const struct floor_before *before)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		hold_calls(floor, profile, abi, &before->calls[abi]);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		struct value_set *set = &profile->values[selector];

		if (set->listed)
			drop_values(floor, profile, selector, &before->values[selector]);
		else if (profile_selects(profile, selector) && !was_allowed(before, selector))
			take_values(floor, set, selector);
	}
}

/* ---- what exceeds it */

static void each_call(const struct floor *floor, const struct profile *profile, bool seen,
		      void (*fn)(const char *what, void *data), void *data)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			const char *name = sysname(abi, nr);
			char *why = NULL, *what;

			if (profile_allows(profile, abi, nr) && name &&
			    !profile_reason(profile, abi, nr, REASON_LIFELINE) &&
			    (!seen || profile_reason(profile, abi, nr, REASON_SEEN)))
				why = floor_refusal(floor, abi, nr);
			if (why) {
				what = abi == SCMOD_ABI_X86_64 ? mem_string(name) :
				       mem_print("%s:%s", abi_name(abi), name);
				fn(what, data);
				free(what);
			}
			free(why);
		}
}

static void each_value(const struct floor *floor, const struct profile *profile,
		       unsigned int selector, bool seen,
		       void (*fn)(const char *what, void *data), void *data)
{
	static const struct scmod_value_rule all;
	const struct value_set *set = &profile->values[selector];
	char *what;

	if (!set->listed && !seen && refuses_value(floor, selector, &all)) {
		what = value_rule_text(selector, &all);
		fn(what, data);
		free(what);
	}
	for (size_t at = 0; set->listed && at < set->count; at++) {
		const struct value_entry *entry = &set->entry[at];

		if (entry->rule.err || (seen && !value_has_reason(entry, REASON_SEEN)) ||
		    !refuses_value(floor, selector, &entry->rule))
			continue;
		what = value_rule_text(selector, &entry->rule);
		fn(what, data);
		free(what);
	}
}

/* Whether the floor allows the selector's call in any ABI; else the call itself is beyond it. */
static bool floor_has_call(const struct floor *floor, unsigned int selector)
{
	for (size_t i = 0; i < floor->count; i++)
		if (!profile_selects(floor->part[i].profile, selector))
			return false;
	return true;
}

void floor_each_beyond(const struct floor *floor, const struct profile *profile, bool seen,
		       void (*fn)(const char *what, void *data), void *data)
{
	each_call(floor, profile, seen, fn, data);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		if (profile_selects(profile, selector) && floor_has_call(floor, selector))
			each_value(floor, profile, selector, seen, fn, data);
}

static void add_word(const char *what, void *data)
{
	mem_list(data, "%s", what);
}

char *floor_beyond(const struct floor *floor, const struct profile *profile, bool seen)
{
	char *list = NULL;

	floor_each_beyond(floor, profile, seen, add_word, &list);
	return list;
}
