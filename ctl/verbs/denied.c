// SPDX-License-Identifier: GPL-2.0
/*
 * scmod denied: shows which calls were refused, by whom, and the command that allows each. The
 * module counts refusals, but keeps only the time of the first; so the counts are read twice, which
 * tells what is being refused right now, and how often.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "kernel/called.h"
#include "kernel/target.h"
#include "verbs/each.h"
#include "verbs/pace.h"
#include "verbs/refused.h"

/* The time between the two readings. */
#define PAUSE_MS 500

/* The same policies, read twice; and how many milliseconds lie in between. */
struct twice {
	struct policy_list before;
	struct policy_list now;
	int64_t ms;
};

/* Whether it refused calls, or values of calls. */
static bool policy_denied(const struct policy *policy)
{
	return policy_count_of(policy, denied) || policy_count_values(policy, SCMOD_RECORD_DENIED);
}

static bool has_denied(const struct policy_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (policy_denied(&list->policy[i]))
			return true;
	return false;
}

static int read_twice(const char *name, uint64_t id, struct twice *twice)
{
	int64_t from = timestamp_monotonic();
	int err = scmod_list(id, true, &twice->before);

	if (!err && has_denied(&twice->before))
		usleep(PAUSE_MS * 1000);
	if (!err)
		err = scmod_list(id, true, &twice->now);
	twice->ms = timestamp_monotonic() - from;
	return err ? scmod_fail("denied", name, err) : EXIT_DONE;
}

static const struct policy *before_of(const struct twice *twice, uint64_t id)
{
	for (size_t i = 0; i < twice->before.count; i++)
		if (twice->before.policy[i].id == id)
			return &twice->before.policy[i];
	return NULL;
}

/* How often the call was refused between the two readings. */
static uint32_t grown(const struct twice *twice, const struct policy *policy,
		      const struct scmod_record *record)
{
	const struct policy *before = before_of(twice, policy->id);
	const struct scmod_record *old = before ?
		refused_record(before, record->abi, record->nr) : NULL;

	return old ? record->count - old->count : 0;
}

/* ---- what is printed */

static void print_times(const struct twice *twice, const struct policy *policy,
			const struct scmod_record *record)
{
	uint32_t more = grown(twice, policy, record);
	uint64_t rate = twice->ms > 0 ? more * UINT64_C(1000) / twice->ms : 0;

	out_number("count", " %8" PRIu64 " times", record->count);
	out_string("first", "  first %s", timestamp_text(record->time_ns));
	if (more)
		out_string("last", "  now", timestamp_text(timestamp_now()));
	else
		out_null("last", "  earlier");
	out_number("per_second", NULL, rate);
	if (rate >= PACE_SPINS)
		out_number(NULL, "\n      SPINS: refused %" PRIu64 " times per second", rate);
}

static void print_who(const struct scmod_record *record)
{
	out_string("comm", "\n      first by %s", record_comm(record));
	out_number("pid", "[%" PRIu64 "]", record->pid);
}

static void print_record(const struct twice *twice, const struct policy *policy,
			 const struct scmod_record *record)
{
	if (record) {
		print_times(twice, policy, record);
		print_who(record);
		return;
	}
	out_null("count", NULL);
	out_null("first", NULL);
	out_null("last", NULL);
	out_null("per_second", NULL);
	out_null("comm", NULL);
	out_null("pid", NULL);
}

/* Prints the command that allows the call, unless it has been allowed since. */
static void print_remedy(const struct policy *policy, const struct families *families,
			 unsigned int abi, unsigned int nr)
{
	enum refused kind = refused_kind(policy, families, abi, nr);
	char *why = refused_why(kind, families, abi, nr);
	char *remedy = refused_remedy(policy, abi, nr);
	bool allowed = bitmap_has(&policy->abi[abi].allowed, nr);

	out_string("reason", NULL, refused_name(kind));
	out_string("why", *why ? "      %s\n" : NULL, why);
	out_bool("allowed", "      is allowed now\n", allowed);
	out_string("do", allowed ? NULL : "      %s\n", remedy);
	free(remedy);
	free(why);
}

static void print_call(const struct twice *twice, const struct policy *policy,
		       const struct families *families, unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	out_object(json_item);
	out_string("abi", "  %s:", abi_name(abi));
	out_string_or_null("name", "%-17s", name);
	out_number("nr", name ? NULL : "%-17" PRIu64, nr);
	print_record(twice, policy, refused_record(policy, abi, nr));
	out_text("\n");
	print_remedy(policy, families, abi, nr);
	out_object_end();
}

static void print_value(const struct policy *policy, const struct scmod_value_record *record)
{
	bool allowed = policy_allows_value(policy, record->selector, record->value);
	enum refused kind = refused_value_kind(record);
	char *text = value_text(record->selector, record->value);
	char *why = refused_value_why(kind, record);
	char *remedy = refused_value_remedy(policy, record);

	out_object(json_item);
	out_string("value", "  %-24s", text);
	out_number("count", " %8" PRIu64 " times", record->count);
	out_string("first", "  first %s", timestamp_text(record->time_ns));
	out_string("comm", "\n      first by %s", value_record_comm(record));
	out_number("pid", "[%" PRIu64 "]\n", record->pid);
	out_string("reason", NULL, refused_name(kind));
	out_string("why", *why ? "      %s\n" : NULL, why);
	out_bool("allowed", "      is allowed now\n", allowed);
	out_string("do", allowed ? NULL : "      %s\n", remedy);
	out_object_end();
	free(remedy);
	free(why);
	free(text);
}

static void print_head(const struct policy *policy)
{
	unsigned int values = policy_count_values(policy, SCMOD_RECORD_DENIED);
	const char *called = called_name(policy->path);

	out_string("path", "%s", policy->path);
	out_string_or_null("workload", " (%s)", called);
	out_number("id", NULL, policy->id);
	out_string("mode", ": %s", policy_mode_name(policy->mode));
	out_text("; %u calls", policy_count_of(policy, denied));
	if (values)
		out_text(" and %u values", values);
	out_text(" were %s\n",
		 policy_enforces(policy) ? "refused" : "refused, or would have been");
	pace_print(policy, "  ");
}

static void print_policy(const struct twice *twice, const struct policy *policy,
			 const struct families *families)
{
	out_object(json_item);
	print_head(policy);
	out_array("calls");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		unsigned int nr;

		bitmap_for_each(nr, &policy->abi[abi].denied)
			print_call(twice, policy, families, abi, nr);
	}
	out_array_end();
	out_array("values");
	for (size_t i = 0; i < policy->nr_values; i++)
		if (policy->values[i].kind == SCMOD_RECORD_DENIED &&
		    policy->values[i].selector < NR_SELECTORS)
			print_value(policy, &policy->values[i]);
	out_array_end();
	out_object_end();
}

static void print_all(const struct twice *twice, const struct families *families, bool json)
{
	out_start(stdout, json);
	out_object(NULL);
	out_array("policies");
	for (size_t i = 0; i < twice->now.count; i++)
		if (policy_denied(&twice->now.policy[i]))
			print_policy(twice, &twice->now.policy[i], families);
	out_array_end();
	if (!has_denied(&twice->now))
		out_text("no call was refused\n");
	out_object_end();
	out_finish();
}

/* ---- the command */

static int find(const char *word, uint64_t *id)
{
	struct target target;
	int ret = word ? target_find("denied", word, 0, &target) : EXIT_DONE;

	*id = 0;
	if (ret || !word)
		return ret;
	*id = target.id;
	target_release(&target);
	return EXIT_DONE;
}

static int run(const struct args *args)
{
	struct families *families = NULL;
	struct twice twice = { 0 };
	uint64_t id;
	int ret = families_read("denied", NULL, &families);

	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = find(args->word[0], &id);
	if (!ret)
		ret = read_twice(args->word[0], id, &twice);
	if (!ret)
		print_all(&twice, families, args->json);
	policy_list_release(&twice.before);
	policy_list_release(&twice.now);
	families_free(families);
	return ret;
}

const struct verb verb_denied = {
	.name = "denied", .group = GROUP_LOOK,
	.summary = "show the calls that were refused, by whom, and how to allow each",
	.example = "scmod denied nginx",
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP, .optional = true },
		{ 0 },
	},
	.run = run,
};
