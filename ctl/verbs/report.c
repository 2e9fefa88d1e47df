// SPDX-License-Identifier: GPL-2.0
/* scmod report: how much of the kernel is within reach, and which exploits are not. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "infer/infer.h"
#include "report/report.h"
#include "verbs/cmd.h"
#include "verbs/source.h"
#include "write/writer.h"

/**
 * struct request - what the command line asks for
 * @word: of what; NULL for the only policy
 * @file: where to, or NULL
 * @standard: the profile to compare with, or NULL for REPORT_DEFAULT
 * @exploits: a file of them, or NULL
 * @wish: what is inferred
 * @json, @html: in which form
 */
struct request {
	const char *word;
	const char *file;
	const char *standard;
	const char *exploits;
	struct infer_wish wish;
	bool json;
	bool html;
};

const char *report_mode(const struct surface *surface)
{
	if (!surface->policy)
		return NULL;
	if (policy_enforces(surface->policy))
		return "this is what it enforces";
	return "nothing is refused now; this is what 'scmod enforce' would leave";
}

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

/* "52 seen, 33 family" of the states that remain, or of those that don't. */
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
	if (name)
		out_string("name", NULL, name);
	else
		out_null("name", NULL);
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
			out_text("  allowed here, but not by the default profile:");
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

/* All that it needs, or what of that can't be had: one array for each step. */
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

/* The steps that decide: those that can't be taken, or all, by what is allowed. */
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
		out_text("not stopped by refusing calls here:\n");
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
	if (surface->policy)
		out_string("mode", ": %s", policy_mode_name(surface->policy->mode));
	else
		out_null("mode", NULL);
	if (report_mode(surface))
		out_text("; %s", report_mode(surface));
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
		out_string(NULL, "no default profile to compare with at %s\n",
			   surface->standard_file);
	print_exploits(surface);
	out_object_end();
	out_finish();
}

/* What is written, and in which form. */
struct job {
	const struct request *request;
	const struct surface *surface;
};

static int write_job(FILE *to, void *data)
{
	const struct job *job = data;

	if (job->request->html)
		report_html(job->surface, to);
	else
		report_print(job->surface, to, job->request->json);
	return EXIT_DONE;
}

/* ---- the profile to compare with */

static char *complaint;

/* What is left out of a default profile is no news; what is wrong with it is. */
static void take_message(const char *prefix, const char *text)
{
	if (!*prefix && !complaint)
		complaint = mem_string(text);
}

/* Only one that was asked for must be there and be good. */
static int read_standard(const char *file, const struct reader_options *options,
			 struct profile **standard)
{
	int ret;

	*standard = NULL;
	if (!file && access(REPORT_DEFAULT, F_OK) && errno == ENOENT)
		return EXIT_DONE;
	message_hook(take_message);
	ret = profile_read("report --default", file ? file : REPORT_DEFAULT, options, standard);
	message_hook(NULL);
	if (!ret)
		profile_add_lifelines(*standard);
	else if (file)
		fail(ret, "%s", complaint);
	else
		warn("%s; the comparison is left out", complaint);
	free(complaint);
	complaint = NULL;
	return file ? ret : EXIT_DONE;
}

/* ---- the command */

static int report_source(const struct request *request, struct source *source,
			 const struct profile *standard, const struct exploits *exploits)
{
	struct surface surface = {
		.name = source->name,
		.profile = source->profile,
		.policy = source->list.policy,
		.standard = standard,
		.standard_file = request->standard ? request->standard : REPORT_DEFAULT,
		.exploits = exploits,
	};

	if (source->file) {
		profile_add_lifelines(source->profile);
		profile_add_soft(source->profile);
	} else {
		surface_hold(source->profile, surface.policy);
	}
	profile_warn(source->profile, "report", source->name);
	return writer_whole("report", request->file, write_job, &(struct job){ request, &surface });
}

static int report(const struct request *request, struct infer *infer)
{
	struct reader_options options = { .args = READER_ARGS_WIDEN };
	struct exploits *exploits = NULL;
	struct profile *standard = NULL;
	struct source source;
	int ret = reader_parse_options("report", "widen", REPORT_CAPS, &options);

	if (!ret)
		ret = exploits_read("report", request->exploits, &exploits);
	if (!ret)
		ret = read_standard(request->standard, &options, &standard);
	if (!ret)
		ret = source_open("report", request->word, &options, infer, &source);
	if (!ret) {
		ret = report_source(request, &source, standard, exploits);
		source_release(&source);
	}
	profile_free(standard);
	exploits_free(exploits);
	return ret;
}

int cmd_report(int argc, char **argv)
{
	struct request asked = { 0 };
	struct infer infer;
	const struct opt opts[] = {
		{ "--json", .flag = &asked.json },
		{ "--html", .flag = &asked.html },
		{ "-o", .value = &asked.file },
		{ "--default", .value = &asked.standard },
		{ "--exploits", .value = &asked.exploits },
		{ "--infer", .value = &asked.wish.level },
		{ "--families", .value = &asked.wish.families },
		{ "--runtime", .value = &asked.wish.runtime },
		{ 0 },
	};
	int words = args_parse("report", argc, argv, opts, &asked.word, 0, 1);
	int ret;

	if (words < 0)
		return -words;
	if (asked.json && asked.html)
		return fail(EXIT_USAGE, "report: --json and --html are two forms; give one of them");
	ret = infer_read("report", &asked.wish, &infer);
	if (!ret)
		ret = report(&asked, &infer);
	infer_release(&infer);
	return ret;
}
