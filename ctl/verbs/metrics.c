// SPDX-License-Identifier: GPL-2.0
/*
 * scmod metrics: the state of the module and of each policy in the text form of Prometheus, for
 * the textfile collector of its node_exporter.
 *
 * All samples of a metric must stand together, so all policies are read before the first line is
 * written.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/utf8.h"
#include "kernel/nl.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "write/writer.h"

/* What the metrics tell of: @state is NULL if the module is not loaded. */
struct facts {
	const struct module_state *state;
	struct policy_list list;
};

static void print_head(FILE *to, const char *name, const char *type, const char *help)
{
	fprintf(to, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/*
 * A label's value may hold any characters, but three of them only behind a '\\'. A byte that is
 * not UTF-8 is written as "\xHH": Prometheus refuses the whole file if it has such a byte, or if
 * two policies have the same labels.
 */
static void print_text(FILE *to, const char *text)
{
	for (size_t len; *text; text += len ? len : 1) {
		uint32_t value;

		len = utf8_letter(text, &value);
		if (!len)
			fprintf(to, "\\\\x%02x", (unsigned char)*text);
		else if (*text == '\n')
			fputs("\\n", to);
		else
			fprintf(to, "%s%.*s", *text == '\\' || *text == '"' ? "\\" : "",
				(int)len, text);
	}
}

/* ---- the module */

static uint64_t missed(const struct module_state *state) { return state->nmissed; }
static uint64_t lost(const struct module_state *state) { return state->events_lost; }
static uint64_t unproved(const struct module_state *state) { return *state->unproved; }
static uint64_t policies_max(const struct module_state *state) { return state->policies_max; }
static uint64_t cgroups(const struct module_state *state) { return state->cgroups; }
static uint64_t cgroups_max(const struct module_state *state) { return state->cgroups_max; }
static uint64_t cgroups_shut(const struct module_state *state) { return state->cgroups_shut; }

static const struct {
	const char *name, *type, *help;
	uint64_t (*value)(const struct module_state *state);
} of_module[] = {
	{ "scmod_missed_total", "counter",
	  "Times that the hook could not run since the module was loaded.", missed },
	{ "scmod_events_lost_total", "counter",
	  "Events that listeners were not told.", lost },
	{ "scmod_unproved", "gauge",
	  "Whether no system call is hooked, because the hook is not proved yet.", unproved },
	{ "scmod_policies_max", "gauge",
	  "The most policies that there may be.", policies_max },
	{ "scmod_cgroups", "gauge",
	  "Cgroups that policies are in force in.", cgroups },
	{ "scmod_cgroups_max", "gauge",
	  "The most cgroups that policies may be in force in.", cgroups_max },
	{ "scmod_cgroups_shut", "gauge",
	  "Cgroups that have a policy's name, and that there was no room for.", cgroups_shut },
};

static void print_module(FILE *to, const struct module_state *state)
{
	print_head(to, "scmod_info", "gauge", "Version of the module, and how it is hooked.");
	fputs("scmod_info{version=\"", to);
	print_text(to, state->version);
	fputs("\",engine=\"", to);
	print_text(to, state->engine);
	fputs("\",probe=\"", to);
	print_text(to, state->probe);
	fputs("\"} 1\n", to);
	for (size_t i = 0; i < sizeof(of_module) / sizeof(of_module[0]); i++) {
		print_head(to, of_module[i].name, of_module[i].type, of_module[i].help);
		fprintf(to, "%s %" PRIu64 "\n", of_module[i].name, of_module[i].value(state));
	}
}

static void print_modes(FILE *to, const struct policy_list *list)
{
	unsigned int count[SCMOD_MODE_MAX + 1] = { 0 }, gone = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct policy *policy = &list->policy[i];

		if (policy_gone(policy))
			gone++;
		else if (policy->mode <= SCMOD_MODE_MAX)
			count[policy->mode]++;
	}
	print_head(to, "scmod_policies", "gauge", "Policies by mode, without records of cgroups that are gone.");
	for (unsigned int mode = 0; mode <= SCMOD_MODE_MAX; mode++)
		fprintf(to, "scmod_policies{mode=\"%s\"} %u\n", policy_mode_name(mode),
			count[mode]);
	print_head(to, "scmod_records_gone", "gauge", "Records that are kept of cgroups that are gone.");
	fprintf(to, "scmod_records_gone %u\n", gone);
}

/* ---- each policy */

static double seen(const struct policy *policy) { return policy_count_of(policy, seen); }
static double allowed(const struct policy *policy) { return policy_count_of(policy, allowed); }
static double denied(const struct policy *policy) { return policy_count_of(policy, denied); }
static double in_cgroups(const struct policy *policy) { return policy->cgroups; }
static double policy_lost(const struct policy *policy) { return policy->events_lost; }
static double unlogged(const struct policy *policy) { return policy->unlogged; }

static double refusals(const struct policy *policy)
{
	double count = 0;

	for (size_t i = 0; i < policy->nr_records; i++)
		if (policy->records[i].kind == SCMOD_RECORD_DENIED)
			count += policy->records[i].count;
	return count;
}

/* When the newest call of that kind was first made, in seconds since the epoch; 0 if none was. */
static double newest(const struct policy *policy, unsigned int kind)
{
	const struct scmod_record *record = policy_newest(policy, kind);

	return record ? record->time_ns / 1e9 : 0;
}

static double last_seen(const struct policy *policy)
{
	return newest(policy, SCMOD_RECORD_SEEN);
}

static double last_denied(const struct policy *policy)
{
	return newest(policy, SCMOD_RECORD_DENIED);
}

static const struct {
	const char *name, *type, *help;
	double (*value)(const struct policy *policy);
} of_policy[] = {
	{ "scmod_policy_calls_seen", "gauge",
	  "Different calls that were seen.", seen },
	{ "scmod_policy_calls_allowed", "gauge",
	  "Different calls that are allowed.", allowed },
	{ "scmod_policy_calls_refused", "gauge",
	  "Different calls that were refused, or would have been.", denied },
	{ "scmod_policy_refusals_total", "counter",
	  "How often calls were refused, or would have been.", refusals },
	{ "scmod_policy_last_new_call_timestamp_seconds", "gauge",
	  "When a call was last seen that was not seen before; 0 if none was.", last_seen },
	{ "scmod_policy_last_new_refusal_timestamp_seconds", "gauge",
	  "When a call was last refused that was not refused before; 0 if none was.", last_denied },
	{ "scmod_policy_cgroups", "gauge",
	  "Cgroups that the policy is in force in; 0 if it waits.", in_cgroups },
	{ "scmod_policy_events_lost_total", "counter",
	  "Events of the policy that listeners were not told.", policy_lost },
	{ "scmod_policy_unlogged_total", "counter",
	  "Refused calls that the kernel log does not name.", unlogged },
};

/* Together with the path it tells one policy from all others. */
static const char *kind_of(const struct policy *policy)
{
	if (policy_pattern(policy))
		return "pattern";
	return policy_named(policy) ? "name" : "once";
}

static void print_policy(FILE *to, const char *name, const struct policy *policy, const char *more)
{
	fprintf(to, "%s{policy=\"", name);
	print_text(to, policy->path);
	fprintf(to, "\",kind=\"%s\"%s}", kind_of(policy), more);
}

static void print_mode_of_each(FILE *to, const struct policy_list *list)
{
	char more[64];

	print_head(to, "scmod_policy_mode", "gauge", "The mode of each policy, as a label.");
	for (size_t i = 0; i < list->count; i++) {
		if (policy_gone(&list->policy[i]))
			continue;
		snprintf(more, sizeof(more), ",mode=\"%s\"",
			 policy_mode_name(list->policy[i].mode));
		print_policy(to, "scmod_policy_mode", &list->policy[i], more);
		fputs(" 1\n", to);
	}
}

static void print_policies(FILE *to, const struct policy_list *list)
{
	print_modes(to, list);
	print_mode_of_each(to, list);
	for (size_t m = 0; m < sizeof(of_policy) / sizeof(of_policy[0]); m++) {
		print_head(to, of_policy[m].name, of_policy[m].type, of_policy[m].help);
		for (size_t i = 0; i < list->count; i++) {
			if (policy_gone(&list->policy[i]))
				continue;
			print_policy(to, of_policy[m].name, &list->policy[i], "");
			fprintf(to, " %.15g\n", of_policy[m].value(&list->policy[i]));
		}
	}
}

static int print_all(FILE *to, void *data)
{
	const struct facts *facts = data;

	print_head(to, "scmod_up", "gauge", "Whether the module is loaded and answers.");
	fprintf(to, "scmod_up %d\n", facts->state ? 1 : 0);
	if (!facts->state)
		return EXIT_DONE;
	print_module(to, facts->state);
	print_policies(to, &facts->list);
	return EXIT_DONE;
}

/* ---- the verb */

static int write_facts(struct facts *facts, const char *file)
{
	struct messages messages = { 0 };

	writer_whole(&messages, file, print_all, facts);
	return messages_tell(&messages, "metrics");
}

static int read_facts(struct facts *facts, struct module_state *state)
{
	int err = scmod_status(state);

	if (!err)
		err = scmod_list(0, true, &facts->list);
	facts->state = state;
	return err ? scmod_fail("metrics", NULL, err) : EXIT_DONE;
}

static int run(const struct args *args)
{
	struct facts facts = { 0 };
	struct module_state state;
	int ret = EXIT_DONE;

	if (args->json)
		return fail(EXIT_USAGE, "metrics: --json has no effect on this form; 'scmod status --json' has the same numbers in JSON");
	/* A module that is not loaded is no error, but a value that the monitoring must see. */
	if (scmod_find() != -ENOENT) {
		ret = scmod_open();
		if (!ret)
			ret = read_facts(&facts, &state);
	}
	if (!ret)
		ret = write_facts(&facts, args->value[OPT_OUTPUT]);
	policy_list_release(&facts.list);
	return ret;
}

const struct verb verb_metrics = {
	.name = "metrics", .group = GROUP_LOOK,
	.summary = "print figures for Prometheus",
	.example = "scmod metrics -o /var/lib/prometheus/node-exporter/scmod.prom",
	.opts = (const struct opt *const[]){ &opt_output, NULL },
	.run = run,
};
