// SPDX-License-Identifier: GPL-2.0
/*
 * Adds to a profile what a rule, an import or a runtime makes likely, each call and each value
 * with a reason. What must never be inferred is left out, whatever a rule says.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/dangerous_value.h"
#include "calls/selector.h"
#include "calls/soft.h"
#include "calls/sysname.h"
#include "calls/value_rule.h"
#include "calls/value_text.h"
#include "infer/finding.h"

/* ---- evidence */

bool is_evidence(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	/* A call that was seen may be soft all the same: clone3, whose flags can't be seen. */
	if (profile_reason(profile, abi, nr, REASON_SEEN))
		return true;
	return profile_allows(profile, abi, nr) && profile_reason(profile, abi, nr, REASON_FILE);
}

static bool entry_is_evidence(const struct value_entry *entry, bool imported)
{
	return !entry->rule.err &&
	       (value_has_reason(entry, REASON_SEEN) || value_has_reason(entry, REASON_FILE) ||
		(imported && value_has_reason(entry, REASON_IMPORT)));
}

char *evidence_of_values(const struct profile *profile, unsigned int abi,
			 const struct item *item, bool imported)
{
	const struct value_set *set = &profile->values[item->selector];
	int nr = selector_number(abi, item->selector);

	if (nr < 0 || (!imported && !is_evidence(profile, abi, nr)))
		return NULL;
	for (size_t i = 0; i < set->count; i++)
		if (entry_is_evidence(&set->entry[i], imported) &&
		    value_rule_covers(&item->rule, &set->entry[i].rule))
			return value_rule_text(item->selector, &set->entry[i].rule);
	return NULL;
}

/* ---- calls */

/* Whether the call was seen or is a lifeline, so that it needs no other evidence. */
static bool settled(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	return profile_reason(profile, abi, nr, REASON_SEEN) ||
	       profile_reason(profile, abi, nr, REASON_LIFELINE);
}

/* Whether the profile says anything about the selector's values, or allows its call. */
static bool is_open(const struct profile *profile, unsigned int selector)
{
	const struct value_set *set = &profile->values[selector];

	return set->listed || set->nr_reasons || profile_selects(profile, selector);
}

/*
 * A call that is inferred is not inferred with any values. Frequent calls are not looked at,
 * unless the policy asks for it.
 */
static void close_values(struct profile *profile, unsigned int abi, unsigned int nr)
{
	int selector = selector_of(abi, nr);

	if (selector >= 0 && !selector_optional(selector) && !is_open(profile, selector))
		values_list(&profile->values[selector]);
}

static bool is_needless(const struct finding *finding, unsigned int abi, const char *name)
{
	/*
	 * The kernel has no code behind this number (it always returns ENOSYS), so allowing
	 * it gains nothing.
	 */
	if (sysname_hollow(abi, name))
		return true;
	/* Its flags can't be looked at. C libraries fall back on clone. */
	if (!strcmp(name, "clone3"))
		return true;
	/*
	 * Callers of a soft call fall back to another member of the family when they get
	 * ENOSYS, so the family need not add it.
	 */
	return finding->kind == REASON_FAMILY && soft_reason(name);
}

/* Runtimes and tools of a userland are not among the programs whose code was looked at. */
static bool is_out_of_reach(const struct finding *finding, unsigned int abi, unsigned int nr)
{
	return !profile_allows(finding->profile, abi, nr) &&
	       reachable_lacks(finding->reachable, abi, nr);
}

void finding_add_call(const struct finding *finding, unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);
	const struct rule *never = name ? families_never(finding->families, name) : NULL;

	if (settled(finding->profile, abi, nr) || (name && is_needless(finding, abi, name)))
		return;
	if (never && !finding->wished && !profile_allows(finding->profile, abi, nr)) {
		profile_say(finding->profile, abi, nr, REASON_NEVER, "%s: %s (evidence: %s)",
			    never->name, never->why, finding->why);
		return;
	}
	if (is_out_of_reach(finding, abi, nr)) {
		profile_say(finding->profile, abi, nr, REASON_UNREACHABLE,
			    "no code of the programs leads to it (evidence: %s)", finding->why);
		return;
	}
	close_values(finding->profile, abi, nr);
	profile_allow(finding->profile, abi, nr, finding->kind, "%s", finding->why);
}

/* ---- values */

/* Why these values are never added, or NULL. */
static const char *never_why(const struct finding *finding, unsigned int selector,
			     const struct scmod_value_rule *rule)
{
	const struct rule *never =
		families_never_values(finding->families, selector, rule);

	return never ? never->why : dangerous_value(selector, rule);
}

/* Whether the values need no other evidence, or a file refuses some of them. */
static bool values_settled(const struct value_set *set, const struct scmod_value_rule *rule)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct value_entry *entry = &set->entry[i];

		if (entry->rule.err && value_rule_meets(&entry->rule, rule))
			return true;
		if (value_has_reason(entry, REASON_SEEN) && value_rule_covers(&entry->rule, rule))
			return true;
	}
	return false;
}

/*
 * The reason stands with the call, because a profile has no entry for values that it refuses by
 * default.
 */
static void say_never(const struct finding *finding, unsigned int abi, unsigned int selector,
		      const struct scmod_value_rule *rule, const char *why)
{
	char *text = value_rule_text(selector, rule);

	profile_say(finding->profile, abi, selector_number(abi, selector), REASON_NEVER,
		    "%s: %s (evidence: %s)", text, why, finding->why);
	free(text);
}

void finding_add_values(const struct finding *finding, unsigned int abi,
			unsigned int selector, const struct scmod_value_rule *rule)
{
	struct value_set *set = &finding->profile->values[selector];
	int nr = selector_number(abi, selector);
	const char *never;

	if (nr < 0 || !profile_allows(finding->profile, abi, nr) || !set->listed ||
	    values_settled(set, rule))
		return;
	never = never_why(finding, selector, rule);
	if (never && !finding->wished && !values_allow(set, rule))
		say_never(finding, abi, selector, rule, never);
	else
		values_add(set, selector, rule, &(struct reason){
			.kind = finding->kind, .text = (char *)finding->why,
		});
}

static void add_usual_rule(const struct finding *finding, unsigned int abi,
			   unsigned int selector, const struct rule *usual)
{
	char *why = mem_print("%s; usual %s: %s", finding->why, usual->name, usual->why);
	struct finding with_usual = *finding;

	with_usual.why = why;
	for (const struct item *item = usual->to; item->call; item++)
		if (item->selector == (int)selector)
			finding_add_values(&with_usual, abi, selector, &item->rule);
	free(why);
}

void finding_add_usual(const struct finding *finding, unsigned int abi, unsigned int selector)
{
	const struct families *families = finding->families;

	for (size_t i = 0; i < families->count; i++)
		if (families->rule[i].kind == RULE_USUAL)
			add_usual_rule(finding, abi, selector, &families->rule[i]);
}

/*
 * Whether the values that were seen tell which ones the finding is about. They do for the relatives
 * of a call; a base is about other programs, or other parts of a program.
 */
static bool tells_values(const struct finding *finding, unsigned int abi, unsigned int nr)
{
	return finding->kind == REASON_FAMILY && is_evidence(finding->profile, abi, nr);
}

static void add_item(const struct finding *finding, unsigned int abi, unsigned int nr,
		     const struct item *item)
{
	finding_add_call(finding, abi, nr);
	if (item->has_values && !item->same)
		finding_add_values(finding, abi, item->selector, &item->rule);
	else if (!item->has_values && item->selector >= 0 && !tells_values(finding, abi, nr))
		finding_add_usual(finding, abi, item->selector);
}

void finding_add_items(const struct finding *finding, unsigned int abi,
		       const struct item *items)
{
	for (; items->call; items++) {
		int nr = sysname_number(abi, items->call);

		if (nr >= 0)
			add_item(finding, abi, nr, items);
	}
}

void finding_add_same(const struct finding *finding, unsigned int abi, unsigned int from,
		      const struct item *to)
{
	const struct value_set *set = &finding->profile->values[from];
	int nr = selector_number(abi, from);

	if (nr < 0 || !is_evidence(finding->profile, abi, nr))
		return;
	for (size_t i = 0; i < set->count; i++) {
		/* Values may be added to this very set. */
		struct scmod_value_rule rule = set->entry[i].rule;

		if (!entry_is_evidence(&set->entry[i], false))
			continue;
		for (const struct item *item = to; item->call; item++)
			if (item->same)
				finding_add_values(finding, abi, item->selector, &rule);
	}
}
