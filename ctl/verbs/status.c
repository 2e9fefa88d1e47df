// SPDX-License-Identifier: GPL-2.0
/*
 * scmod status: prints one line for each policy, or one policy in full. JSON is always in
 * full.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/errname.h"
#include "base/error.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "calls/sysname.h"
#include "kernel/called.h"
#include "kernel/target.h"
#include "profile/profile.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "verbs/pace.h"
#include "verbs/status_values.h"

static void print_module(const struct module_state *state)
{
	out_object("module");
	out_string("version", "module   scmod %s", state->version);
	out_string("engine", ", %s", state->engine);
	out_string("symbol", " at %s", state->symbol);
	out_string("probe", " (%s)", state->probe);
	out_string("why", NULL, state->why);
	if (*state->unproved)
		out_string("unproved", NULL, state->unproved);
	else
		out_null("unproved", NULL);
	out_number("nmissed", ", %" PRIu64 " missed", state->nmissed);
	out_number("policies", ", %" PRIu64, state->policies);
	out_number("policies_max", " of %" PRIu64 " policies", state->policies_max);
	out_number("cgroups", ", in %" PRIu64, state->cgroups);
	out_number("cgroups_max", " of %" PRIu64 " cgroups", state->cgroups_max);
	out_number("cgroups_shut", state->cgroups_shut ?
		   ", %" PRIu64 " CGROUPS ARE SHUT" : NULL, state->cgroups_shut);
	out_number("events_lost", state->events_lost ? ", %" PRIu64 " events lost" : NULL,
		   state->events_lost);
	out_text("\n");
	out_number("calls", NULL, state->calls);
	if (*state->unproved)
		out_text("unproved %s; the first 'scmod learn', 'complain' or 'enforce' proves the hook\n",
			 state->unproved);
	out_object_end();
}

/* Nothing works there, and the cause is not the policy, so say it even with --quiet. */
static void warn_shut(const struct module_state *state)
{
	if (state->cgroups_shut)
		warn("status: %u cgroups that have the name of a policy are shut: if it enforces, every call is refused there, because when they were made there was no room (%u of %u cgroups) or no memory; forget policies, or load the module with a higher max_cgroups",
		     state->cgroups_shut, state->cgroups, state->cgroups_max);
}

static void print_call(unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	out_string_or_null("name", "  %-24s", name);
	if (!name)
		out_text("  %-24u", nr);
	out_number("nr", " %4" PRIu64, nr);
}

static void print_record(const struct scmod_record *record, bool with_count)
{

	if (!record) {
		out_null("first", "  (provenance lost)");
		out_null("comm", NULL);
		out_null("pid", NULL);
		if (with_count)
			out_null("count", NULL);
		return;
	}
	if (with_count)
		out_number("count", "  %8" PRIu64, record->count);
	out_string("first", "  %s", timestamp_text(record->time_ns));
	out_string("comm", "  %s", record_comm(record));
	out_number("pid", "[%" PRIu64 "]", record->pid);
}

static void print_recorded(const char *key, const char *title, const struct policy *policy,
			   unsigned int abi, const struct bitmap *set, unsigned int kind)
{
	bool with_count = kind == SCMOD_RECORD_DENIED;
	unsigned int nr;

	if (bitmap_count(set))
		out_text("%s %s, first %s:\n", abi_name(abi), key, title);
	out_array(key);
	bitmap_for_each(nr, set) {
		out_object(json_item);
		print_call(abi, nr);
		print_record(policy_record(policy, abi, nr, kind), with_count);
		out_text("\n");
		out_object_end();
	}
	out_array_end();
}

/* Prints, in JSON only, a set of calls without records. */
static void print_set(const char *key, unsigned int abi, const struct bitmap *set)
{
	unsigned int nr;

	out_array(key);
	bitmap_for_each(nr, set) {
		const char *name = sysname(abi, nr);

		out_object(json_item);
		out_string_or_null("name", NULL, name);
		out_number("nr", NULL, nr);
		out_object_end();
	}
	out_array_end();
}

static void print_abi(const struct policy *policy, unsigned int abi)
{
	const struct abi_sets *sets = &policy->abi[abi];
	struct bitmap soft = policy_soft(policy, abi);

	out_object(json_item);
	out_string("abi", NULL, abi_name(abi));
	print_recorded("seen", "seen", policy, abi, &sets->seen, SCMOD_RECORD_SEEN);
	print_set("allowed", abi, &sets->allowed);
	print_set("soft", abi, &soft);
	print_set("priority", abi, &sets->priority);
	print_recorded("denied", "refused (or would have been), with times refused", policy,
		       abi, &sets->denied, SCMOD_RECORD_DENIED);
	out_object_end();
}

static void print_counts(const struct policy *policy, const char *fmt_seen,
			 const char *fmt_allowed, const char *fmt_soft, const char *fmt_denied)
{
	unsigned int soft = 0;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap set = policy_soft(policy, abi);

		soft += bitmap_count(&set);
	}
	out_object("counts");
	out_number("seen", fmt_seen, policy_count_of(policy, seen));
	out_number("allowed", fmt_allowed, policy_count_of(policy, allowed));
	out_number("soft", fmt_soft, soft);
	out_number("denied", fmt_denied, policy_count_of(policy, denied));
	out_number("values_seen", NULL, policy_count_values(policy, SCMOD_RECORD_SEEN));
	out_number("values_denied", NULL, policy_count_values(policy, SCMOD_RECORD_DENIED));
	out_object_end();
}

static void print_name(const struct policy *policy)
{
	bool named = policy_named(policy);

	out_bool("gone", "gone     the cgroup was removed; this is its record\n",
		 policy_gone(policy));
	out_bool("named", NULL, named);
	out_bool("pattern", NULL, policy_pattern(policy));
	out_text("%s", named ? "follows  its name; cgroups of that name: " : "");
	out_number("cgroups", named ? "%" PRIu64 " now" : NULL, policy->cgroups);
	out_number("came", named ? ", %" PRIu64 " made since\n" : NULL, policy->came);
	out_bool("waiting", "waiting  no cgroup has that name now; the policy is in force in the next one\n",
		 policy_waiting(policy));
}

/* Whether a change waits to be confirmed, or has been undone because it was not. */
static void print_waiting(const struct policy *policy)
{
	const char *when = policy->rolled_back ? timestamp_text(policy->rolled_back) : NULL;

	if (policy->confirm_ms)
		out_number("confirm_ms", NULL, policy->confirm_ms);
	else
		out_null("confirm_ms", NULL);
	if (policy->confirm_ms)
		out_text("confirm  %u s left; then what held before comes back, unless 'scmod confirm %s' comes\n",
			 policy->confirm_ms / 1000 + 1, policy->path);
	out_string_or_null("rolled_back", "undone   rolled back at %s: the change was not confirmed in time\n",
			   when);
}

/* What the cgroup is called, such as "podman:web". A pattern has no single one. */
static void print_called(const struct policy *policy, const char *fmt)
{
	const char *name = policy_pattern(policy) ? NULL : called_name(policy->path);

	out_string_or_null("workload", fmt, name);
}

/* The programs that were executed while the policy learned. */
static void print_executed(const struct policy *policy)
{
	const struct executed_list *list = &policy->executed;

	out_number("executed_lost", list->lost ?
		   "lost     %" PRIu64 " executions of programs for which there was no room\n" :
		   NULL, list->lost);
	out_array("executed");
	for (size_t i = 0; i < list->count; i++) {
		const struct executed *program = &list->program[i];

		out_object(json_item);
		out_string_or_null("path", "ran      %s", program->path);
		out_text("%s", program->path ? "" : "ran      a program whose path found no room");
		out_number("count", ", %" PRIu64 " times", program->count);
		out_number("pid", NULL, program->pid);
		out_string_or_null("first", ", first %s", program->first ?
				   timestamp_text(program->first) : NULL);
		out_text("\n");
		out_object_end();
	}
	out_array_end();
}

static void print_full(const struct policy *policy)
{
	out_object(json_item);
	out_string("path", policy_pattern(policy) ? "pattern  %s\n" : "cgroup   %s\n",
		   policy->path);
	print_called(policy, "called   %s\n");
	out_number("id", "id       %" PRIu64 "\n", policy->id);
	out_string("mode", "mode     %s", policy_mode_name(policy->mode));
	out_string("action", ", refuses with %s", profile_action_name(policy->action));
	out_string("errno", policy->action == SCMOD_ACTION_ERRNO ? " %s" : NULL,
		   errname(policy->err));
	out_number("errno_nr", NULL, policy->err);
	out_text("\n");
	print_waiting(policy);
	if (policy->awaits)
		out_number("from_exec", "begins   when process %" PRIu64 " executes a program\n",
			   policy->from_exec);
	else
		out_null("from_exec", NULL);
	print_name(policy);
	out_bool("partial", "partial  learning began on running tasks, so their start-up calls were not seen\n",
		 policy_partial(policy));
	out_string("created", "since    %s\n", timestamp_text(policy->created));
	out_number("records_lost", policy->records_lost ?
		   "lost     provenance of %" PRIu64 " calls\n" : NULL, policy->records_lost);
	out_number("events_lost", policy->events_lost ?
		   "lost     %" PRIu64 " events that listeners were not told\n" : NULL,
		   policy->events_lost);
	out_number("unlogged", policy->unlogged ?
		   "unlogged %" PRIu64 " denied calls that the kernel log does not name\n" : NULL,
		   policy->unlogged);
	pace_print(policy, "");
	print_counts(policy, "calls    %" PRIu64 " seen", ", %" PRIu64 " allowed",
		     ", %" PRIu64 " soft", ", %" PRIu64 " denied\n");
	out_array("abis");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		print_abi(policy, abi);
	out_array_end();
	status_values(policy);
	print_executed(policy);
	out_object_end();
}

static void print_line(const struct policy *policy)
{
	out_string(NULL, "%-14s", policy_mode_name(policy->mode));
	out_number(NULL, " %8" PRIu64, policy->id);
	out_number(NULL, "  %3" PRIu64 " seen", policy_count_of(policy, seen));
	out_number(NULL, " %3" PRIu64 " denied", policy_count_of(policy, denied));
	out_number(NULL, policy->pace ? " (%" PRIu64 " per second)" : NULL, policy->pace);
	out_string(NULL, "  %s", policy->path);
	print_called(policy, "  %s");
	out_bool(NULL, " (gone)", policy_gone(policy));
	out_bool(NULL, " (waiting)", policy_waiting(policy) || policy->awaits);
	out_number(NULL, policy_pattern(policy) && !policy_waiting(policy) ?
		   " (%" PRIu64 " cgroups)" : NULL, policy->cgroups);
	out_bool(NULL, " (partial)", policy_partial(policy));
	out_number(NULL, policy->confirm_ms ? " (%" PRIu64 " s left to confirm)" : NULL,
		   policy->confirm_ms / 1000 + 1);
	out_bool(NULL, " (rolled back)", policy->rolled_back);
	out_text("\n");
}

/* Reads and prints one policy with its records. */
static int show_full(uint64_t id)
{
	struct policy_list list;
	int err = scmod_list(id, true, &list);

	if (err)
		return err;
	print_full(&list.policy[0]);
	policy_list_release(&list);
	return 0;
}

struct show {
	bool json;
	size_t count;
};

static int show_next(struct policy *policy, void *arg)
{
	struct show *show = arg;

	if (show->json)
		print_full(policy);
	else
		print_line(policy);
	show->count++;
	return 0;
}

static int show_all(bool json)
{
	struct show show = { .json = json };
	int err = scmod_each(json, show_next, &show);

	if (err == -EAGAIN) {
		note("status: policies came or went while they were listed; run this again for a full list");
		err = 0;
	}
	if (!err && !show.count)
		out_text("no cgroup is tracked; run 'scmod learn CGROUP' to begin\n");
	return err ? scmod_fail("status", NULL, err) : EXIT_DONE;
}

static int show_one(const char *cgroup)
{
	struct target target;
	int ret = target_find("status", cgroup, 0, &target);

	if (ret)
		return ret;
	ret = show_full(target.id);
	if (ret)
		ret = scmod_fail("status", target.name, ret);
	target_release(&target);
	return ret;
}

static int run(const struct args *args)
{
	struct module_state state;
	int ret = scmod_open();

	if (ret)
		return ret;
	ret = scmod_status(&state);
	if (ret)
		return scmod_fail("status", NULL, ret);
	out_start(stdout, args->json);
	out_object(NULL);
	print_module(&state);
	out_array("policies");
	ret = args->count ? show_one(args->word[0]) : show_all(args->json);
	out_array_end();
	out_object_end();
	out_finish();
	warn_shut(&state);
	return ret;
}

const struct verb verb_status = {
	.name = "status", .group = GROUP_LOOK,
	.summary = "list all policies, or show one in full",
	.example = "scmod status /sys/fs/cgroup/web",
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP, .optional = true },
		{ 0 },
	},
	.run = run,
};
