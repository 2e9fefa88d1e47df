// SPDX-License-Identifier: GPL-2.0
/*
 * scmod list: prints the units, containers and pods of the machine, and how far the learning of
 * each has come.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "kernel/called.h"
#include "kernel/cgroup.h"
#include "kernel/nl.h"
#include "verbs/each.h"
#include "verbs/span.h"

#define SECOND UINT64_C(1000000000)

/*
 * The policy that has this path, or else the first whose pattern matches it: a path has precedence
 * over patterns, as in the module.
 */
static const struct policy *policy_of(const struct policy_list *list, const char *path)
{
	const struct policy *found = NULL;

	for (size_t i = 0; path && i < list->count; i++) {
		const struct policy *policy = &list->policy[i];

		if (!policy_gone(policy) && !strcmp(policy->path, path))
			return policy;
		if (!found && policy_pattern(policy) && cgroup_has_name(path, policy->path))
			found = policy;
	}
	return found;
}

/* @newest: the record of the call that was seen for the first time last, or NULL */
static void print_age(const struct scmod_record *newest)
{
	uint64_t now = timestamp_now() / SECOND, then, seconds;

	if (!newest || !newest->time_ns) {
		out_null("last_new", "  -       ");
		out_null("quiet_seconds", NULL);
		return;
	}
	then = newest->time_ns / SECOND;
	seconds = now > then ? now - then : 0;
	out_string("last_new", NULL, timestamp_text(newest->time_ns));
	out_number("quiet_seconds", NULL, seconds);
	out_string(NULL, "  %-8s", span_text(seconds));
}

static void print_policy(const struct policy *policy)
{
	if (!policy) {
		out_null("mode", "  -                          -       ");
		out_null("policy", NULL);
		out_null("seen", NULL);
		out_null("denied", NULL);
		print_age(NULL);
		return;
	}
	out_string("mode", "  %-14s", policy_mode_name(policy->mode));
	out_number("policy", NULL, policy->id);
	out_number("seen", "  %5" PRIu64, policy_count_of(policy, seen));
	out_number("denied", "  %6" PRIu64, policy_count_of(policy, denied));
	print_age(policy_newest(policy, SCMOD_RECORD_SEEN));
}

static void print_workload(const struct workload *one, const struct policy *policy)
{
	char *word = workload_word(one);

	out_object(json_item);
	out_string("workload", "%-30s", word);
	out_string("kind", NULL, one->kind);
	out_string("name", NULL, one->name);
	out_string_or_null("id", NULL, one->id);
	out_string_or_null("unit", NULL, one->unit);
	print_policy(policy);
	out_string_or_null("path", "  %s", one->path);
	out_bool("runs", NULL, one->runs);
	out_text("%s\n", one->runs ? "" : "  (does not run)");
	out_object_end();
	free(word);
}

/* Slices hold what is listed by itself, so they are left out unless they have a policy. */
static bool is_listed(const struct workload *one, const struct policy *policy)
{
	size_t len = strlen(one->name);

	if (one->again)
		return false;
	return policy || strcmp(one->kind, "unit") || len < strlen(".slice") ||
	       strcmp(one->name + len - strlen(".slice"), ".slice");
}

static int list_all(const struct policy_list *policies)
{
	const struct workloads *all = called_all();
	size_t count = 0;

	out_text("%-30s  %-14s  %5s  %6s  %-8s  %s\n", "NAME", "MODE", "SEEN", "DENIED", "LAST NEW",
		 "CGROUP");
	out_array("workloads");
	for (size_t i = 0; i < all->count; i++) {
		const struct policy *policy = policy_of(policies, all->one[i].path);

		if (!is_listed(&all->one[i], policy))
			continue;
		print_workload(&all->one[i], policy);
		count++;
	}
	out_array_end();
	if (!count)
		note("list: no unit, container or pod was found below %s; cgroups can be given by their paths",
		     cgroup_mount() ? cgroup_mount() : "a cgroup2 mount");
	return EXIT_DONE;
}

static int run(const struct args *args)
{
	struct policy_list policies;
	int ret = scmod_open();
	int err;

	if (ret)
		return ret;
	err = scmod_list(0, true, &policies);
	if (err)
		return scmod_fail("list", NULL, err);
	out_start(stdout, args->json);
	out_object(NULL);
	ret = list_all(&policies);
	out_object_end();
	out_finish();
	policy_list_release(&policies);
	return ret;
}

const struct verb verb_list = {
	.name = "list", .group = GROUP_LOOK,
	.summary = "list units, containers and pods, and what was learned of each",
	.example = "scmod list",
	.run = run,
};
