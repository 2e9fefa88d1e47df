// SPDX-License-Identifier: GPL-2.0
/* The values of arguments in a report, and what exceeds the floor, as text or JSON. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/errname.h"
#include "base/output.h"
#include "calls/selector.h"
#include "calls/value_text.h"
#include "report/report_values.h"

/* At most this many values of a selector are named in text; JSON has all of them. */
#define MOST_NAMED 8

/* The reason that matters most; they are sorted. */
static const char *kind_of(const struct value_entry *entry)
{
	return entry->nr_reasons ? reason_kind_name(entry->reason[0].kind) : "file";
}

unsigned int report_values_allowed(const struct value_set *set)
{
	unsigned int allowed = 0;

	for (size_t i = 0; i < set->count; i++)
		allowed += !set->entry[i].rule.err;
	return allowed;
}

bool report_values_told(const struct surface *surface, unsigned int selector)
{
	return profile_selects(surface->profile, selector) && !selector_optional(selector);
}

static void print_entry(const struct value_entry *entry, unsigned int selector)
{
	char *text = value_rule_text(selector, &entry->rule);

	out_object(json_item);
	out_string("value", NULL, text);
	if (entry->rule.err)
		out_string("errno", NULL, errname(entry->rule.err));
	else
		out_null("errno", NULL);
	out_string("reason", NULL, kind_of(entry));
	if (entry->nr_reasons && entry->reason[0].text)
		out_string("why", NULL, entry->reason[0].text);
	out_object_end();
	free(text);
}

/* "3 seen, 1 family" */
static void print_kinds(const struct value_set *set)
{
	const char *comma = "";

	out_object("reasons");
	for (unsigned int kind = 0; kind < __REASON_MAX; kind++) {
		unsigned int count = 0;

		for (size_t i = 0; i < set->count; i++)
			count += !set->entry[i].rule.err &&
				 (set->entry[i].nr_reasons ? set->entry[i].reason[0].kind :
							     REASON_FILE) == kind;
		out_number(reason_kind_name(kind), NULL, count);
		if (count)
			out_text("%s%u %s", comma, count, reason_kind_name(kind));
		comma = count ? ", " : comma;
	}
	out_object_end();
}

static void print_names(const struct value_set *set, unsigned int selector)
{
	unsigned int named = 0;

	for (size_t i = 0; i < set->count; i++) {
		char *text;

		if (set->entry[i].rule.err || named++ >= MOST_NAMED)
			continue;
		text = value_rule_text(selector, &set->entry[i].rule);
		out_text("%s%s", named == 1 ? ": " : ", ", text);
		free(text);
	}
	if (named > MOST_NAMED)
		out_text(", and %u more", named - MOST_NAMED);
}

static void print_selector(const struct surface *surface, unsigned int selector)
{
	const struct value_set *set = &surface->profile->values[selector];

	out_object(json_item);
	out_string("call", "  %-12s ", selector_name(selector));
	out_bool("any", set->listed ? NULL : "any value", !set->listed);
	out_number("allowed", set->listed ? "%" PRIu64 " allowed" : NULL,
		   report_values_allowed(set));
	if (set->listed && report_values_allowed(set))
		out_text(" (");
	print_kinds(set);
	if (set->listed && report_values_allowed(set))
		out_text(")");
	print_names(set, selector);
	out_text("\n");
	out_array("list");
	for (size_t i = 0; i < set->count; i++)
		print_entry(&set->entry[i], selector);
	out_array_end();
	out_object_end();
}

static void print_word(const char *what, void *data)
{
	bool *any = data;

	out_string(json_item, *any ? " %s" : "beyond the floor: %s", what);
	*any = true;
}

void report_print_values(const struct surface *surface)
{
	bool any = false;

	out_text("values of arguments:\n");
	out_array("values");
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		if (report_values_told(surface, selector))
			print_selector(surface, selector);
	out_array_end();
	out_array("beyond_floor");
	if (surface->floor)
		floor_each_beyond(surface->floor, surface->profile, false, print_word, &any);
	out_array_end();
	if (any)
		out_text("\n");
}
