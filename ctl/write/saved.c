// SPDX-License-Identifier: GPL-2.0
/*
 * Writes files with policies. Calls are written by name, so that the file is good for another
 * kernel and another version of the tool; a number stands where no name is known.
 */
#include <stdlib.h>
#include <sys/utsname.h>

#include "base/errname.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "profile/mode.h"
#include "write/output.h"
#include "write/saved.h"

static void write_set(const char *key, unsigned int abi, const struct bitmap *set)
{
	unsigned int nr;

	out_array(key);
	bitmap_for_each(nr, set) {
		const char *name = sysname(abi, nr);

		if (name)
			out_string(json_item, NULL, name);
		else
			out_number(json_item, NULL, nr);
	}
	out_array_end();
}

/* The soft set without the hundreds of numbers that have no name, if all of them are soft. */
static void write_soft(unsigned int abi, const struct abi_sets *sets)
{
	struct bitmap soft = sets->soft;
	bool nameless = saved_soft_nameless(sets, abi);
	unsigned int nr;

	if (nameless)
		bitmap_for_each(nr, &sets->soft)
			if (!sysname(abi, nr))
				bitmap_drop(&soft, nr);
	write_set("soft", abi, &soft);
	out_bool("soft_without_name", NULL, nameless);
}

static void write_abi(const struct saved *saved, unsigned int abi)
{
	const struct abi_sets *sets = &saved->abi[abi];

	out_object(json_item);
	out_string("abi", NULL, abi_name(abi));
	write_set("allowed", abi, &sets->allowed);
	write_soft(abi, sets);
	write_set("priority", abi, &sets->priority);
	write_set("seen", abi, &sets->seen);
	write_set("denied", abi, &sets->denied);
	out_object_end();
}

static void write_rules(unsigned int selector, const struct value_set *set)
{
	out_array("rules");
	for (size_t i = 0; i < set->count; i++) {
		char *text = value_rule_text(selector, &set->entry[i].rule);

		out_object(json_item);
		out_string("value", NULL, text);
		if (set->entry[i].rule.err)
			out_number("errno", NULL, set->entry[i].rule.err);
		out_object_end();
		free(text);
	}
	out_array_end();
}

/* Nothing is written of a selector about which nothing is said. */
static void write_selector(const struct saved_selector *saved, unsigned int selector)
{
	if (!saved->set.listed && saved->watch < 0 && !saved->nr_seen)
		return;
	out_object(json_item);
	out_string("call", NULL, selector_name(selector));
	if (saved->set.listed)
		write_rules(selector, &saved->set);
	if (saved->watch >= 0)
		out_bool("watch", NULL, saved->watch);
	out_array("seen");
	for (size_t i = 0; i < saved->nr_seen; i++) {
		char *text = value_text(selector, saved->seen[i]);

		out_string(json_item, NULL, text);
		free(text);
	}
	out_array_end();
	out_object_end();
}

void saved_write(const struct saved *saved)
{
	out_object(json_item);
	out_string("name", NULL, saved->name);
	if (saved->once)
		out_bool("once", NULL, true);
	out_string("mode", NULL, mode_name(saved->mode));
	out_string("action", NULL, profile_action_name(saved->action));
	if (errname_named(errname(saved->err)))
		out_string("errno", NULL, errname(saved->err));
	else
		out_number("errno", NULL, saved->err);
	out_array("abis");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		write_abi(saved, abi);
	out_array_end();
	out_array("values");
	for (unsigned int selector = 0; saved->selector && selector < NR_SELECTORS; selector++)
		write_selector(&saved->selector[selector], selector);
	out_array_end();
	if (saved->reasons) {
		out_object("reasons");
		format_own_members(saved->reasons);
		out_object_end();
	}
	out_object_end();
}

static void write_now(void)
{
	uint64_t ns = timestamp_now();

	out_string("saved", NULL, timestamp_text(ns - ns % TIMESTAMP_STEP));
}

void saved_begin(FILE *to, const char *boot)
{
	struct utsname name = { 0 };

	uname(&name);
	out_start(to, true);
	out_object(NULL);
	out_string("format", NULL, SAVED_FORMAT);
	out_string("tool", NULL, SCMOD_VERSION);
	out_string("kernel", NULL, name.release);
	if (boot)
		out_string("boot", NULL, boot);
	write_now();
	out_array("policies");
}

void saved_end(void)
{
	out_array_end();
	out_object_end();
	out_finish();
}
