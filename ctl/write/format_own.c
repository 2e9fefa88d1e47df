// SPDX-License-Identifier: GPL-2.0
/*
 * Writes scmod's own JSON: everything that a profile says, and why. When it is read back
 * (reader_own.c) and written again, the result is the same to the byte.
 */
#include <stdlib.h>

#include "base/error.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "write/output.h"

static void write_text(const char *key, const char *text)
{
	if (text)
		out_string(key, NULL, text);
}

static void write_origin(const struct profile_origin *origin)
{
	out_object(json_item);
	write_text("file", origin->file);
	write_text("path", origin->path);
	if (origin->path || origin->id)
		out_number("id", NULL, origin->id);
	if (origin->path || origin->created)
		out_string("created", NULL, timestamp_text(origin->created));
	if (origin->path || origin->partial)
		out_bool("partial", NULL, origin->partial);
	write_text("tool", origin->tool);
	write_text("kernel", origin->kernel);
	out_object_end();
}

static void write_reason(const struct profile *profile, const struct reason *reason)
{
	out_object(json_item);
	out_string("kind", NULL, reason_kind_name(reason->kind));
	if (profile->nr_origins > 1)
		out_number("origin", NULL, reason->origin);
	write_text("text", reason->text);
	if (reason->first || reason->pid || reason->count || *reason->comm) {
		out_string("comm", NULL, reason->comm);
		out_number("pid", NULL, reason->pid);
		if (reason->first)
			out_string("first", NULL, timestamp_text(reason->first));
		out_number("count", NULL, reason->count);
	}
	out_object_end();
}

static void write_reasons(const struct profile *profile, const struct reason *reason, size_t count)
{
	out_array("reasons");
	for (size_t i = 0; i < count; i++)
		write_reason(profile, &reason[i]);
	out_array_end();
}

static void write_errno(const struct profile_call *call)
{
	if (call->state != PROFILE_REFUSE)
		return;
	if (call->err == PROFILE_KILLS)
		out_string("action", NULL, profile_action_name(SCMOD_ACTION_KILL));
	else if (call->err)
		out_number("errno", NULL, call->err);
}

static void write_call(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	const struct profile_call *call = profile_at(profile, abi, nr);
	const char *name = sysname(abi, nr);

	if (call->state == PROFILE_SILENT && !call->nr_reasons)
		return;
	out_object(json_item);
	if (name)
		out_string("name", NULL, name);
	out_number("nr", NULL, nr);
	out_string("state", NULL, profile_state_name(call->state));
	write_errno(call);
	write_reasons(profile, call->reason, call->nr_reasons);
	out_object_end();
}

static void write_abi(const struct profile *profile, unsigned int abi)
{
	out_object(json_item);
	out_string("abi", NULL, abi_name(abi));
	out_array("calls");
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		write_call(profile, abi, nr);
	out_array_end();
	out_object_end();
}

static void write_value(const struct profile *profile, unsigned int selector,
			const struct value_entry *entry)
{
	char *text = value_rule_text(selector, &entry->rule);

	out_object(json_item);
	out_string("value", NULL, text);
	if (entry->rule.err)
		out_number("errno", NULL, entry->rule.err);
	write_reasons(profile, entry->reason, entry->nr_reasons);
	out_object_end();
	free(text);
}

/* Of a selector about which nothing is said, nothing is written: any value may be used. */
static void write_selector(const struct profile *profile, unsigned int selector)
{
	const struct value_set *set = &profile->values[selector];

	if (!set->listed && !set->nr_reasons)
		return;
	out_object(json_item);
	out_string("call", NULL, selector_name(selector));
	if (set->listed) {
		out_array("rules");
		for (size_t i = 0; i < set->count; i++)
			write_value(profile, selector, &set->entry[i]);
		out_array_end();
	} else {
		out_bool("any", NULL, true);
		write_reasons(profile, set->reason, set->nr_reasons);
	}
	out_object_end();
}

static void write_executed(const struct executed *program)
{
	out_object(json_item);
	if (program->path) {
		out_string("path", NULL, program->path);
		out_number("dev", NULL, program->dev);
		out_number("ino", NULL, program->ino);
	}
	out_number("count", NULL, program->count);
	if (program->first) {
		out_string("first", NULL,
			   timestamp_text(program->first - program->first % TIMESTAMP_STEP));
		out_number("pid", NULL, program->pid);
	}
	out_object_end();
}

void format_own_members(const struct profile *profile)
{
	out_string("format", NULL, PROFILE_FORMAT);
	out_bool("partial", NULL, profile_partial(profile));
	if (profile->action >= 0)
		out_string("action", NULL, profile_action_name(profile->action));
	if (profile->err >= 0)
		out_number("errno", NULL, profile->err);
	out_array("origins");
	for (size_t i = 0; i < profile->nr_origins; i++)
		write_origin(&profile->origin[i]);
	out_array_end();
	out_array("abis");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (profile->covers[abi])
			write_abi(profile, abi);
	out_array_end();
	out_array("values");
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		write_selector(profile, selector);
	out_array_end();
	if (!profile->executed.count)
		return;
	out_array("executed");
	for (size_t i = 0; i < profile->executed.count; i++)
		write_executed(&profile->executed.program[i]);
	out_array_end();
}

int format_write_own(const struct output *out)
{
	out_start(out->to, true);
	out_object(NULL);
	format_own_members(out->profile);
	out_object_end();
	out_finish();
	return EXIT_DONE;
}
