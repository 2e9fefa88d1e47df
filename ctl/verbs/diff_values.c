// SPDX-License-Identifier: GPL-2.0
/* The part of diff that is about values of arguments. */
#include <stdlib.h>

#include "base/errname.h"
#include "base/output.h"
#include "calls/value_text.h"
#include "profile/values_compare.h"
#include "verbs/diff_values.h"

/* A rule of which more cubes than this make the difference is shown as a whole. */
#define CUBES_TOLD 4

static void print_value(unsigned int selector, const struct scmod_value_rule *rule,
			enum colour colour)
{
	char *text = value_rule_text(selector, rule);

	out_object(json_item);
	out_colour(colour);
	out_string("value", "  %s", text);
	out_colour(COLOUR_NONE);
	free(text);
}

/* Prints the reason behind a value, and ends what print_value() began. */
static void print_why(const struct reason *reason, size_t count)
{
	if (count)
		out_string("kind", "  %s", reason_kind_name(reason->kind));
	if (count && reason->text)
		out_string("text", ": %s", reason->text);
	out_text("\n");
	out_object_end();
}

/* Prints each of the cubes if these are few, or the rule that they are from. */
static void print_cubes(const struct value_set *set, size_t at, const struct cubes *cubes,
			unsigned int selector, enum colour colour)
{
	static const struct value_entry all;
	const struct value_entry *entry = set->listed ? &set->entry[at] : &all;
	const struct reason *reason = set->listed ? entry->reason : set->reason;
	size_t reasons = set->listed ? entry->nr_reasons : set->nr_reasons;

	if (cubes->count > CUBES_TOLD) {
		print_value(selector, &entry->rule, colour);
		print_why(reason, reasons);
		return;
	}
	for (size_t i = 0; i < cubes->count; i++) {
		const struct cube *cube = &cubes->cube[i];

		print_value(selector, &(struct scmod_value_rule){
			    .mask = cube->mask, .first = cube->bits, .last = cube->bits }, colour);
		print_why(reason, reasons);
	}
}

/* Prints what @set allows and @other does not. Returns whether there is anything. */
static bool print_wider(const struct value_set *set, const struct value_set *other,
			unsigned int selector, const char *key, const char *title,
			enum colour colour)
{
	bool any = false;

	out_array(key);
	for (size_t at = 0; at < set->count || (!set->listed && !at); at++) {
		struct cubes cubes = values_beyond(set, at, other, selector);

		if (cubes.count && !any)
			out_text("%s, values allowed by the %s only:\n",
				 selector_name(selector), title);
		if (cubes.count)
			print_cubes(set, at, &cubes, selector, colour);
		any |= cubes.count;
		cubes_release(&cubes);
	}
	out_array_end();
	return any;
}

/* Whether values that @set refuses with @err get another errno from @other. */
static bool refused_otherwise(const struct value_set *set, const struct value_set *other,
			      unsigned int selector, int err, int other_fallback)
{
	struct cubes cubes = values_cubes(set, selector, err);
	bool any;

	for (int pass = 0; pass < 2 && cubes.count; pass++) {
		struct cubes less = values_cubes(other, selector, pass ? err : 0);

		for (size_t i = 0; i < less.count; i++)
			cubes_subtract(&cubes, less.cube[i]);
		cubes_release(&less);
	}
	/* What no rule of @other is for gets its default. */
	for (size_t i = 0; err == other_fallback && i < other->count; i++)
		if (other->entry[i].rule.err)
			other_fallback = 0;
	any = cubes.count && err != other_fallback;
	cubes_release(&cubes);
	return any;
}

/* Prints rules of @set that refuse with an errno of their own, and those of @other do not. */
static bool print_changed(const struct profile *profile, const struct profile *other,
			  unsigned int selector, const char *title)
{
	const struct value_set *set = &profile->values[selector];
	bool any = false;

	for (size_t i = 0; i < set->count; i++) {
		const struct scmod_value_rule *rule = &set->entry[i].rule;

		if (!rule->err || (int)rule->err == profile_fallback(profile) ||
		    !refused_otherwise(set, &other->values[selector], selector, rule->err,
				       profile_fallback(other)))
			continue;
		if (!any)
			out_text("%s, values refused with another errno by the %s:\n",
				 selector_name(selector), title);
		print_value(selector, rule, COLOUR_YELLOW);
		out_string("errno", "  returns %s\n", errname(rule->err));
		out_object_end();
		any = true;
	}
	return any;
}

static bool print_selector(const struct profile *a, const struct profile *b,
			   unsigned int selector, bool how)
{
	const struct value_set *x = &a->values[selector], *y = &b->values[selector];
	bool any;

	out_object(json_item);
	out_string("call", NULL, selector_name(selector));
	any = print_wider(x, y, selector, "only_a", "first", COLOUR_RED);
	any |= print_wider(y, x, selector, "only_b", "second", COLOUR_GREEN);
	out_array("changed_a");
	any |= how && print_changed(a, b, selector, "first");
	out_array_end();
	out_array("changed_b");
	any |= how && print_changed(b, a, selector, "second");
	out_array_end();
	out_object_end();
	return any;
}

bool diff_values(const struct profile *a, const struct profile *b, bool how)
{
	bool any = false;

	out_array("values");
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		if (!profile_selects(a, selector) || !profile_selects(b, selector) ||
		    values_same(&a->values[selector], &b->values[selector]))
			continue;
		any |= print_selector(a, b, selector, how);
	}
	out_array_end();
	return any;
}
