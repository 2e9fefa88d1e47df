// SPDX-License-Identifier: GPL-2.0
/* The part of 'scmod explain' that is about values of arguments. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/errname.h"
#include "base/error.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "calls/dangerous_value.h"
#include "calls/value_rule.h"
#include "calls/value_text.h"
#include "verbs/explain_reason.h"
#include "verbs/explain_values.h"

#define NOBODY_WHY "the value was not seen, and no rule adds it"
#define LATER_WHY \
	"the enforced policy does not allow the value; 'scmod enforce' would allow it now, for this reason:"
#define CALL_WHY "its call is not allowed, whatever the value; 'scmod explain' of the call says why"
#define ANY_WHY "nothing is said about the values of the call, so that any may be used"

static void print_state(const char *state, enum colour colour, int err)
{
	out_string("state", NULL, state);
	out_text(": ");
	out_colour(colour);
	out_text("%s", *state == 'a' ? "allowed" : "refused");
	if (err > 0)
		out_string("errno", ", with %s", errname(err));
	out_colour(COLOUR_NONE);
	out_text("\n");
}

/* The record of the refusals of the values of @rule, if it is for a single one. */
static void print_denied(const struct policy *policy, unsigned int selector,
			 const struct scmod_value_rule *rule, const char *indent)
{
	const struct scmod_value_record *record = NULL;

	if (policy && value_rule_exact(rule, selector_mask(selector)))
		record = policy_value(policy, selector, rule->first, SCMOD_RECORD_DENIED);
	if (!record)
		return;
	out_object("denied");
	out_text("%s", indent);
	out_number("count", "the value was refused, or would have been, %" PRIu64 " times",
		   record->count);
	out_string("comm", ", first by %s", value_record_comm(record));
	out_number("pid", "[%" PRIu64 "]", record->pid);
	out_string("first", ", %s\n", timestamp_text(record->time_ns));
	out_object_end();
}

/* Under an enforcing policy its rules decide, whatever the evidence is by now. */
static bool is_later(const struct policy *policy, unsigned int selector,
		     const struct scmod_value_rule *rule)
{
	return policy && policy_enforces(policy) &&
	       value_rule_exact(rule, selector_mask(selector)) &&
	       !policy_allows_value(policy, selector, rule->first);
}

static void print_entry(const struct policy *policy, unsigned int selector,
			const struct value_entry *entry)
{
	char *text = value_rule_text(selector, &entry->rule);
	bool later = !entry->rule.err && is_later(policy, selector, &entry->rule);

	out_object(json_item);
	out_string("value", "    %s", text);
	print_state(entry->rule.err ? "refuse" : later ? "silent" : "allow",
		    entry->rule.err || later ? COLOUR_RED : COLOUR_GREEN, entry->rule.err);
	if (later)
		out_string("why", "        %s\n", LATER_WHY);
	explain_reasons(entry->reason, entry->nr_reasons, "        ");
	print_denied(policy, selector, &entry->rule, "        ");
	out_object_end();
	free(text);
}

void explain_values(const struct profile *profile, const struct policy *policy,
		    unsigned int selector)
{
	const struct value_set *set = &profile->values[selector];

	out_bool("any_value", NULL, !set->listed);
	if (!set->listed) {
		out_text("    any value of it may be used\n");
		out_object("any");
		explain_reasons(set->reason, set->nr_reasons, "        ");
		out_object_end();
		return;
	}
	if (!set->count)
		out_text("    no value of it may be used\n");
	out_array("values");
	for (size_t i = 0; i < set->count; i++)
		print_entry(policy, selector, &set->entry[i]);
	out_array_end();
}

/* The rule that decides about @rule as a whole, or NULL. */
static const struct value_entry *deciding(const struct value_set *set,
					  const struct scmod_value_rule *rule)
{
	for (size_t i = 0; i < set->count; i++) {
		if (value_rule_covers(&set->entry[i].rule, rule))
			return &set->entry[i];
		if (set->entry[i].rule.err && value_rule_meets(&set->entry[i].rule, rule))
			return NULL;
	}
	return NULL;
}

/* Rules for some of the values that @rule is for, which none is for as a whole. */
static void print_parts(const struct profile *profile, const struct policy *policy,
			unsigned int selector, const struct scmod_value_rule *rule)
{
	const struct value_set *set = &profile->values[selector];

	out_array("parts");
	for (size_t i = 0; i < set->count; i++)
		if (value_rule_meets(&set->entry[i].rule, rule))
			print_entry(policy, selector, &set->entry[i]);
	out_array_end();
}

static void print_danger(unsigned int selector, const struct scmod_value_rule *rule)
{
	const char *danger = dangerous_value(selector, rule);

	if (danger)
		out_string("never", "    never inferred: it %s\n", danger);
}

/*
 * The evidence for a value that the floor refuses all the same: it stands with the call, as
 * "VALUE: ...".
 */
static void print_floor(const struct profile *profile, unsigned int selector, const char *text)
{
	size_t len = strlen(text);

	out_array("reasons");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = selector_number(abi, selector);
		const struct profile_call *call = nr < 0 ? NULL : profile_at(profile, abi, nr);

		for (size_t i = 0; call && i < call->nr_reasons; i++) {
			const struct reason *reason = &call->reason[i];

			if (reason->kind == REASON_FLOOR && reason->text &&
			    !strncmp(reason->text, text, len) && reason->text[len] == ':')
				explain_reason(reason, "    ");
		}
	}
	out_array_end();
}

static void print_refused(const struct profile *profile, const struct policy *policy,
			  unsigned int selector, const struct scmod_value_rule *rule)
{
	char *text = value_rule_text(selector, rule);

	print_state("silent", COLOUR_RED, 0);
	out_string("why", "    %s\n", profile_selects(profile, selector) ? NOBODY_WHY : CALL_WHY);
	print_danger(selector, rule);
	print_floor(profile, selector, text);
	print_denied(policy, selector, rule, "    ");
	if (profile_selects(profile, selector))
		print_parts(profile, policy, selector, rule);
	free(text);
}

static void print_value(const struct profile *profile, const struct policy *policy,
			unsigned int selector, const struct scmod_value_rule *rule)
{
	const struct value_set *set = &profile->values[selector];
	const struct value_entry *entry = deciding(set, rule);
	bool later = entry && !entry->rule.err && is_later(policy, selector, rule);

	if (!profile_selects(profile, selector) || (set->listed && !entry)) {
		print_refused(profile, policy, selector, rule);
	} else if (!set->listed) {
		print_state("allow", COLOUR_GREEN, 0);
		if (!set->nr_reasons)
			out_string("why", "    %s\n", ANY_WHY);
		explain_reasons(set->reason, set->nr_reasons, "    ");
	} else {
		print_state(entry->rule.err ? "refuse" : later ? "silent" : "allow",
			    entry->rule.err || later ? COLOUR_RED : COLOUR_GREEN, entry->rule.err);
		if (later)
			out_string("why", "    %s\n", LATER_WHY);
		explain_reasons(entry->reason, entry->nr_reasons, "    ");
		if (entry->rule.err)
			print_danger(selector, rule);
		print_denied(policy, selector, rule, "    ");
	}
}

int explain_value(const struct profile *profile, const struct policy *policy, const char *text,
		  bool json)
{
	struct scmod_value_rule rule;
	unsigned int selector;
	char *wrong = value_parse(text, &selector, &rule), *written;
	int ret = EXIT_DONE;

	if (wrong)
		ret = fail(EXIT_USAGE, "explain: '%s': %s; give a value such as 'socket(AF_UNIX)'",
			   text, wrong);
	free(wrong);
	if (ret)
		return ret;
	written = value_rule_text(selector, &rule);
	out_start(stdout, json);
	out_object(NULL);
	out_string("value", "%s", written);
	print_value(profile, policy, selector, &rule);
	out_object_end();
	out_finish();
	free(written);
	return EXIT_DONE;
}
