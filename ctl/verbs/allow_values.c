// SPDX-License-Identifier: GPL-2.0
/* The part of 'scmod allow' that is about values of arguments. */
#include <stdlib.h>

#include "base/error.h"
#include "base/output.h"
#include "calls/value_text.h"
#include "verbs/allow_values.h"
#include "verbs/refused.h"

int value_choice_word(struct value_choice *choice, const char *text)
{
	struct scmod_value_rule rule;
	unsigned int selector;
	char *wrong = value_parse(text, &selector, &rule);
	int ret = EXIT_DONE;

	if (wrong)
		ret = fail(EXIT_USAGE, "allow: '%s': %s; give a value such as 'socket(AF_NETLINK)', or a call",
			   text, wrong);
	free(wrong);
	if (ret)
		return ret;
	choice->given[selector] = true;
	values_list(&choice->more[selector]);
	values_add(&choice->more[selector], selector, &rule, NULL);
	return EXIT_DONE;
}

void value_choice_call(struct value_choice *choice, unsigned int abi, unsigned int nr)
{
	int selector = selector_of(abi, nr);

	if (selector >= 0)
		choice->any[selector] = true;
}

void value_choice_calls(const struct value_choice *choice, struct bitmap *calls)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		unsigned int abi = SCMOD_ABI_X86_64;
		int nr = selector_number(abi, selector);

		/* socketcall and ipc are calls of i386 only. */
		if (nr < 0)
			nr = selector_number(abi = SCMOD_ABI_I386, selector);
		if (choice->given[selector] && nr >= 0)
			bitmap_add(&calls[abi], nr);
	}
}

void value_choice_denied(struct value_choice *choice, const struct policy *policy)
{
	for (size_t i = 0; i < policy->nr_values; i++) {
		const struct scmod_value_record *record = &policy->values[i];
		struct scmod_value_rule rule;

		if (record->kind != SCMOD_RECORD_DENIED || record->selector >= NR_SELECTORS ||
		    policy_allows_value(policy, record->selector, record->value))
			continue;
		if (refused_value_kind(record) != REFUSED_PLAIN) {
			choice->left++;
			continue;
		}
		rule = selector_exact(record->selector, record->value);
		values_list(&choice->more[record->selector]);
		values_add(&choice->more[record->selector], record->selector, &rule, NULL);
	}
}

/* ---- what is sent */

static bool has_call(const struct bitmap *calls, unsigned int selector)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = selector_number(abi, selector);

		if (nr >= 0 && bitmap_has(&calls[abi], nr))
			return true;
	}
	return false;
}

static bool allowed_already(const struct policy *policy, unsigned int selector,
			    const struct scmod_value_rule *rule)
{
	const struct policy_selector *known = &policy->selector[selector];
	struct value_set set = { 0 };
	bool allowed;

	if (!known->listed)
		return policy_selects(policy, selector);
	values_list(&set);
	for (size_t i = 0; i < known->nr_rules; i++)
		values_append(&set, selector, &known->rule[i], NULL);
	allowed = values_allow(&set, rule);
	values_release(&set);
	return allowed;
}

static void leave_new(struct value_set *set, const struct policy *policy, unsigned int selector)
{
	for (size_t i = set->count; i--;)
		if (allowed_already(policy, selector, &set->entry[i].rule))
			values_drop(set, i);
}

static unsigned int change_selector(struct value_choice *choice, const struct policy *policy,
				    const struct bitmap *calls, unsigned int selector)
{
	struct selector_change *change = &choice->change[selector];
	bool listed = policy->selector[selector].listed, selects = policy_selects(policy, selector);
	int count;

	if (choice->any[selector]) {
		change->any = true;
		return listed;
	}
	leave_new(&choice->more[selector], policy, selector);
	count = values_rules(&choice->more[selector], choice->rules[selector]);
	if (count < 0)
		count = SCMOD_VALUE_RULES_MAX;
	if (listed) {
		change->add = choice->rules[selector];
		change->nr_add = count;
	} else if (!selects && has_call(calls, selector)) {
		/* The call is new: without rules any value could be used. */
		change->rules = choice->rules[selector];
		change->nr_rules = count;
	}
	return count;
}

unsigned int value_choice_change(struct value_choice *choice, const struct policy *policy,
				 const struct bitmap *calls)
{
	unsigned int count = 0;

	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		count += change_selector(choice, policy, calls, selector);
	return count;
}

/* ---- what is printed */

static void print_who(const struct scmod_value_record *record)
{
	if (record && record->pid)
		refused_print_who(record->count, record->time_ns, value_record_comm(record),
				  record->pid);
	else
		refused_print_who(0, 0, NULL, 0);
}

static void print_added(const struct policy *policy, unsigned int selector,
			const struct scmod_value_rule *rule, bool dry_run)
{
	char *text = value_rule_text(selector, rule);

	out_object(json_item);
	out_text("  %s ", dry_run ? "would add" : "added");
	out_string("value", "%s", text);
	print_who(policy_value(policy, selector, rule->first, SCMOD_RECORD_DENIED));
	out_text("\n");
	out_object_end();
	free(text);
}

static void print_left(const struct policy *policy, const struct scmod_value_record *record)
{
	enum refused kind = refused_value_kind(record);
	char *text = value_text(record->selector, record->value);
	char *why = refused_value_why(kind, record);
	char *remedy = refused_value_remedy(policy, record);

	out_object(json_item);
	out_text("  left out ");
	out_string("value", "%s", text);
	print_who(record);
	out_string("reason", NULL, refused_name(kind));
	out_string("why", ": %s", why);
	out_string("do", "; %s allows it\n", remedy);
	out_object_end();
	free(remedy);
	free(why);
	free(text);
}

static void print_any(const struct policy *policy, unsigned int selector, bool dry_run)
{
	if (!policy->selector[selector].listed)
		return;
	out_object(json_item);
	out_text("  %s ", dry_run ? "would add" : "added");
	out_string("any", "any value of %s\n", selector_name(selector));
	out_object_end();
}

static void print_selector(const struct value_choice *choice, const struct policy *policy,
			   unsigned int selector, bool dry_run)
{
	const struct selector_change *change = &choice->change[selector];

	if (change->any)
		print_any(policy, selector, dry_run);
	for (size_t i = 0; i < change->nr_rules; i++)
		print_added(policy, selector, &change->rules[i], dry_run);
	for (size_t i = 0; i < change->nr_add; i++)
		print_added(policy, selector, &change->add[i], dry_run);
}

void value_choice_print(const struct value_choice *choice, const struct policy *policy,
			bool denied, bool dry_run)
{
	out_array("added_values");
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		print_selector(choice, policy, selector, dry_run);
	out_array_end();
	out_array("left_out_values");
	for (size_t i = 0; denied && i < policy->nr_values; i++) {
		const struct scmod_value_record *record = &policy->values[i];

		if (record->kind == SCMOD_RECORD_DENIED && record->selector < NR_SELECTORS &&
		    !policy_allows_value(policy, record->selector, record->value) &&
		    refused_value_kind(record) != REFUSED_PLAIN)
			print_left(policy, record);
	}
	out_array_end();
}

void value_choice_release(struct value_choice *choice)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		values_release(&choice->more[selector]);
}
