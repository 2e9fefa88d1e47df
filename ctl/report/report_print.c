// SPDX-License-Identifier: GPL-2.0
/* A report as text or JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "calls/sysname.h"
#include "kernel/policy.h"
#include "report/report.h"
#include "report/report_values.h"

/* ---- numbers */

static void print_less(const char *key, const char *than, unsigned int all, unsigned int remain)
{
	int percent = surface_percent(all, remain);

	out_signed(key, NULL, percent);
	out_text(", %d %% %s than %s", abs(percent), percent < 0 ? "more" : "fewer", than);
}

static void print_standard(const struct surface *surface, const struct surface_count *count)
{
	if (!surface->standard) {
		out_null("default", NULL);
		out_null("less_than_default", NULL);
		return;
	}
	out_number("default", NULL, count->standard);
	print_less("less_than_default", "the default profile", count->standard, count->remain);
	out_text(" leaves (%u)", count->standard);
}

/*
 * Prints "52 seen, 33 family": the states that remain allowed, or (with @remaining false) the
 * others.
 */
static void print_states(const struct surface_count *count, bool remaining)
{
	const char *comma = remaining ? "  " : "; ";

	for (int state = 0; state < SURFACE_UNUSED; state++) {
		if (surface_remains(state) != remaining || !count->state[state])
			continue;
		out_text("%s%u %s", comma, count->state[state], surface_state_name(state));
		comma = ", ";
	}
}

static void print_call(const struct surface *surface, unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);
	char *why = surface_why(surface, abi, nr);

	out_object(json_item);
	out_number("nr", NULL, nr);
	out_string_or_null("name", NULL, name);
	out_string("state", NULL, surface_state_name(surface_state(surface, abi, nr)));
	out_string("why", NULL, why);
	out_object_end();
	free(why);
}

static void print_calls(const struct surface *surface, unsigned int abi)
{
	out_array("calls");
	for (unsigned int nr = 0; nr <= surface_last(surface, abi); nr++)
		if (surface_state(surface, abi, nr) != SURFACE_UNUSED)
			print_call(surface, abi, nr);
	out_array_end();
}

static void print_beyond(const struct surface *surface, unsigned int abi)
{
	bool any = false;

	out_array("beyond_default");
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(abi, nr);

		if (!surface_beyond(surface, abi, nr) || !name)
			continue;
		if (!any)
			out_text("  allowed by this profile, but not by the default one:");
		out_string(json_item, " %s", name);
		any = true;
	}
	out_array_end();
	if (any)
		out_text("\n");
}

static void print_abi(const struct surface *surface, unsigned int abi)
{
	struct surface_count count = surface_count(surface, abi);

	out_object(json_item);
	out_string("abi", "%s: ", abi_name(abi));
	out_number("remain", "%" PRIu64 " of the kernel's ", count.remain);
	out_number("all", "%" PRIu64 " calls remain", count.all);
	print_less("less_than_all", "all", count.all, count.remain);
	print_standard(surface, &count);
	out_text("\n");
	print_states(&count, true);
	print_states(&count, false);
	out_text("\n");
	out_object("states");
	for (int state = 0; state < SURFACE_UNUSED; state++)
		out_number(surface_state_name(state), NULL, count.state[state]);
	out_object_end();
	print_beyond(surface, abi);
	print_calls(surface, abi);
	out_object_end();
}

static void print_abis(const struct surface *surface)
{
	bool shut = false;

	out_array("abis");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (abi == SCMOD_ABI_X86_64 || surface_open(surface, abi))
			print_abi(surface, abi);
	out_array_end();
	out_array("shut");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		if (abi == SCMOD_ABI_X86_64 || surface_open(surface, abi))
			continue;
		out_string(json_item, shut ? ", %s" : "%s", abi_name(abi));
		shut = true;
	}
	out_array_end();
	if (shut)
		out_text(": shut\n");
}

/* ---- exploits */

/*
 * All steps, or with @without those that this profile makes impossible: one array for each
 * step.
 */
static void print_steps(const char *key, const struct exploit *exploit,
			const struct profile *without)
{
	out_array(key);
	for (size_t i = 0; i < exploit->count; i++) {
		const struct step *step = &exploit->step[i];

		if (without && exploit_step_open(step, without))
			continue;
		out_array(json_item);
		for (size_t call = 0; call < step->count; call++)
			out_string(json_item, NULL, step->call[call]);
		out_array_end();
	}
	out_array_end();
}

/*
 * The steps that decide: if the exploit is blocked, those that are impossible; otherwise all.
 */
static void print_decision(const struct exploit *exploit, const struct profile *profile,
			   bool blocked)
{
	out_text(blocked ? "without" : "needs");
	for (size_t i = 0; i < exploit->count; i++) {
		const struct step *step = &exploit->step[i];
		const char *fmt = " %s";

		if (exploit_step_open(step, profile) == blocked)
			continue;
		for (size_t call = 0; call < step->count; call++) {
			if (exploit_call_open(step->call[call], profile) == blocked)
				continue;
			out_string(NULL, fmt, step->call[call]);
			fmt = "|%s";
		}
	}
	out_text("\n");
}

static void print_exploit(const struct surface *surface, const struct exploit *exploit)
{
	bool blocked = exploit_blocked(exploit, surface->profile);

	out_object(json_item);
	out_string("id", "  %-16s", exploit->id);
	out_number("year", NULL, exploit->year);
	out_string("name", " %-33s ", exploit->name);
	out_bool("blocked", NULL, blocked);
	if (surface->standard)
		out_bool("blocked_by_default", NULL, exploit_blocked(exploit, surface->standard));
	else
		out_null("blocked_by_default", NULL);
	print_steps("calls", exploit, NULL);
	print_steps("without", exploit, surface->profile);
	out_string("source", NULL, exploit->source);
	print_decision(exploit, surface->profile, blocked);
	out_object_end();
}

static void print_those(const struct surface *surface, bool blocked)
{
	for (size_t i = 0; i < surface->exploits->count; i++) {
		const struct exploit *exploit = &surface->exploits->exploit[i];

		if (exploit_blocked(exploit, surface->profile) == blocked)
			print_exploit(surface, exploit);
	}
}

static void print_exploits(const struct surface *surface)
{
	unsigned int blocked = surface_blocked(surface, surface->profile);

	out_object("exploits");
	out_number("blocked", "\nexploits: %" PRIu64, blocked);
	out_number("known", " of %" PRIu64 " known ones are blocked", surface->exploits->count);
	if (surface->standard)
		out_number("blocked_by_default", " (%" PRIu64 " by the default profile)",
			   surface_blocked(surface, surface->standard));
	else
		out_null("blocked_by_default", NULL);
	out_text("\n");
	out_array("list");
	print_those(surface, true);
	if (blocked < surface->exploits->count)
		out_text("not blocked by this profile:\n");
	print_those(surface, false);
	out_array_end();
	out_object_end();
}

/* ---- the whole */

void report_print(const struct surface *surface, FILE *to, bool json)
{
	out_start(to, json);
	out_object(NULL);
	out_string("name", "%s", surface->name);
	out_string_or_null("workload", " (%s)", surface->called);
	if (surface->policy)
		out_string("mode", ": %s", policy_mode_name(surface->policy->mode));
	else
		out_null("mode", NULL);
	if (surface_mode(surface))
		out_text("; %s", surface_mode(surface));
	out_text("\n");
	out_bool("partial", PROFILE_PARTIAL_WHY "\n", profile_partial(surface->profile));
	if (surface->standard)
		out_string("default_file", NULL, surface->standard_file);
	else
		out_null("default_file", NULL);
	print_abis(surface);
	if (surface->standard)
		out_string(NULL, "default profile: %s\n", surface->standard_file);
	else
		out_string(NULL, "no default profile was found at %s to compare with\n",
			   surface->standard_file);
	report_print_values(surface);
	print_exploits(surface);
	out_object_end();
	out_finish();
}
