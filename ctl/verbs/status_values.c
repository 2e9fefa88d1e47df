// SPDX-License-Identifier: GPL-2.0
/* The part of 'scmod status' that is about values of arguments. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/errname.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "calls/value_text.h"
#include "verbs/status_values.h"

static void print_record(const struct scmod_value_record *record)
{
	char *text = value_text(record->selector, record->value);

	out_object(json_item);
	out_string("value", "  %-44s", text);
	if (record->kind == SCMOD_RECORD_DENIED)
		out_number("count", "  %8" PRIu64, record->count);
	if (record->pid) {
		out_string("first", "  %s", timestamp_text(record->time_ns));
		out_string("comm", "  %s", value_record_comm(record));
		out_number("pid", "[%" PRIu64 "]", record->pid);
	} else {
		out_null("first", "  (provenance lost)");
		out_null("comm", NULL);
		out_null("pid", NULL);
	}
	out_text("\n");
	out_object_end();
	free(text);
}

static void print_kind(const struct policy *policy, const char *key, const char *title,
		       unsigned int kind)
{
	if (policy_count_values(policy, kind))
		out_text("%s:\n", title);
	out_array(key);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		const struct scmod_value_record *record;

		policy_for_each_value(record, policy, selector, kind)
			print_record(record);
	}
	out_array_end();
}

/* As text, only what is out of the ordinary; the rules are shown by 'scmod explain'. */
static void print_selector(const struct policy *policy, unsigned int selector)
{
	const struct policy_selector *known = &policy->selector[selector];

	out_object(json_item);
	out_string("call", NULL, selector_name(selector));
	out_bool("any", NULL, !known->listed);
	out_bool("watched", NULL, policy_watches(policy, selector));
	out_bool("full", NULL, known->full);
	if (known->full)
		out_text("full     the record has no room for more values of %s: not all that were used are in it\n",
			 selector_name(selector));
	if (known->lost)
		out_text("lost     refusals of values of %s\n", selector_name(selector));
	out_number("lost", NULL, known->lost);
	out_array("rules");
	for (size_t i = 0; i < known->nr_rules; i++) {
		char *text = value_rule_text(selector, &known->rule[i]);

		out_object(json_item);
		out_string("value", NULL, text);
		if (known->rule[i].err)
			out_string("errno", NULL, errname(known->rule[i].err));
		out_object_end();
		free(text);
	}
	out_array_end();
	out_object_end();
}

void status_values(const struct policy *policy)
{
	out_object("values");
	print_kind(policy, "seen", "values seen, first used", SCMOD_RECORD_SEEN);
	print_kind(policy, "denied", "values refused (or would have been), with times refused, first",
		   SCMOD_RECORD_DENIED);
	out_array("selectors");
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		print_selector(policy, selector);
	out_array_end();
	out_object_end();
}
