// SPDX-License-Identifier: GPL-2.0
/* scmod explain: says why each call is allowed, refused, or never inferred. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/errname.h"
#include "base/error.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "infer/infer.h"
#include "verbs/each.h"
#include "verbs/explain_reason.h"
#include "verbs/explain_values.h"
#include "verbs/options.h"
#include "verbs/source.h"

#define NOBODY_WHY \
	"the call was not seen, and no rule adds it; it is not refused with ENOSYS, because no caller is known to fall back on another call"

#define NOT_NAMED_WHY \
	"the file does not name the call; it is not refused with ENOSYS, because no caller is known to fall back on another call"

#define NOT_ALLOWED_WHY \
	"the enforced policy does not allow the call; 'scmod enforce' would allow it now, for this reason:"

#define NOT_SOFT_WHY \
	"the enforced policy does not refuse the call with ENOSYS; 'scmod enforce' would do so now, for this reason:"

#define UNKNOWN_WHY \
	"no kernel that scmod knows has a call of this number, so a policy answers as these kernels do"

/* What to explain; @policy is NULL for a file, @only is NULL for all calls. */
struct subject {
	const char *name;
	const char *called;
	const struct profile *profile;
	const struct policy *policy;
	const char *only;
};

static const char *const said[] = {
	[PROFILE_SILENT] = "refused",
	[PROFILE_ALLOW] = "allowed",
	[PROFILE_SOFT] = "refused with ENOSYS",
	[PROFILE_REFUSE] = "refused by name",
};

static const enum colour colours[] = {
	[PROFILE_SILENT] = COLOUR_RED,
	[PROFILE_ALLOW] = COLOUR_GREEN,
	[PROFILE_SOFT] = COLOUR_YELLOW,
	[PROFILE_REFUSE] = COLOUR_RED,
};

/* Under an enforcing policy, its sets decide, whatever the evidence is by now. */
static enum profile_state state_of(const struct subject *subject, unsigned int abi,
				   unsigned int nr)
{
	enum profile_state state = profile_at(subject->profile, abi, nr)->state;
	const struct policy *policy = subject->policy;

	if (policy && policy_enforces(policy) && !bitmap_has(&policy->abi[abi].allowed, nr))
		return bitmap_has(&policy->abi[abi].soft, nr) ? PROFILE_SOFT : PROFILE_SILENT;
	return profile_unknown(subject->profile, abi, nr) ? PROFILE_SOFT : state;
}

/* Why the call is refused, if none of its reasons says so; or NULL. */
static const char *silence(const struct subject *subject, unsigned int abi, unsigned int nr,
			   enum profile_state state)
{
	const struct profile_call *call = profile_at(subject->profile, abi, nr);

	if (state == PROFILE_SOFT && profile_unknown(subject->profile, abi, nr))
		return UNKNOWN_WHY;
	if (call->state == PROFILE_ALLOW && state != PROFILE_ALLOW)
		return NOT_ALLOWED_WHY;
	if (call->state == PROFILE_SOFT && state != PROFILE_SOFT)
		return NOT_SOFT_WHY;
	if (state != call->state)
		return "the enforced policy refuses the call in this way";
	if (call->state == PROFILE_SILENT && !call->nr_reasons)
		return subject->policy ? NOBODY_WHY : NOT_NAMED_WHY;
	if (call->state == PROFILE_SILENT)
		return "the call was not seen";
	return NULL;
}

/* How a call is refused that the profile refuses in a way of its own. */
static void print_refusal(const struct profile_call *call, enum profile_state state)
{
	if (state != PROFILE_REFUSE || !call->err)
		return;
	if (call->err == PROFILE_KILLS)
		out_string("action", ": it ends the process",
			   profile_action_name(SCMOD_ACTION_KILL));
	else
		out_string("errno", ", with %s", errname(call->err));
}

static void print_denied(const struct scmod_record *record)
{

	if (!record)
		return;
	out_object("denied");
	out_number("count", "    the call was refused, or would have been, %" PRIu64 " times",
		   record->count);
	out_string("comm", ", first by %s", record_comm(record));
	out_number("pid", "[%" PRIu64 "]", record->pid);
	out_string("first", ", %s\n", timestamp_text(record->time_ns));
	out_object_end();
}

static void print_call(const struct subject *subject, unsigned int abi, unsigned int nr)
{
	const struct profile_call *call = profile_at(subject->profile, abi, nr);
	enum profile_state state = state_of(subject, abi, nr);
	const char *why = silence(subject, abi, nr, state);
	const char *name = sysname(abi, nr);

	out_object(json_item);
	out_string("abi", "%s:", abi_name(abi));
	out_string_or_null("name", "%s", name);
	out_number("nr", name ? NULL : "%" PRIu64, nr);
	out_string("state", NULL, profile_state_name(state));
	out_text(": ");
	out_colour(colours[state]);
	out_text("%s", said[state]);
	print_refusal(call, state);
	out_colour(COLOUR_NONE);
	out_text("\n");
	if (why)
		out_string("why", "    %s\n", why);
	explain_reasons(call->reason, call->nr_reasons, "    ");
	if (subject->policy)
		print_denied(policy_record(subject->policy, abi, nr, SCMOD_RECORD_DENIED));
	if (selector_of(abi, nr) >= 0 && state == PROFILE_ALLOW)
		explain_values(subject->profile, subject->policy, selector_of(abi, nr));
	out_object_end();
}

static bool says_something(const struct profile_call *call)
{
	return call->state != PROFILE_SILENT || call->nr_reasons;
}

static void print_abi(const struct subject *subject, unsigned int abi)
{
	if (!subject->profile->covers[abi])
		return;
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		if (says_something(profile_at(subject->profile, abi, nr)))
			print_call(subject, abi, nr);
}

/* For a single call, a person gets only what is asked for. */
static void print_name(const struct subject *subject)
{
	bool whole = subject->called && !subject->only;

	out_string("name", whole ? "%s" : NULL, subject->name);
	out_string_or_null("workload", whole ? " (%s)\n" : NULL, subject->called);
}

static int explain(const struct subject *subject, bool json)
{
	unsigned int abi = 0;
	int nr = 0;

	if (subject->only && value_is_text(subject->only))
		return explain_value(subject->profile, subject->policy, subject->only, json);
	if (subject->only) {
		nr = sysname_parse(subject->only, &abi);
		if (nr < 0)
			return fail(EXIT_USAGE,
				    "explain: no system call is named '%s'; give a name such as openat or i386:open, or a number",
				    subject->only);
	}
	out_start(stdout, json);
	out_object(NULL);
	print_name(subject);
	out_bool("partial", PROFILE_PARTIAL_WHY "\n", profile_partial(subject->profile));
	out_array("calls");
	if (subject->only)
		print_call(subject, abi, nr);
	for (abi = 0; !subject->only && abi < NR_ABIS; abi++)
		print_abi(subject, abi);
	out_array_end();
	out_object_end();
	out_finish();
	return EXIT_DONE;
}

/* A single word is a call if a call has that name; a number is a policy's id. */
static void sort_words(const struct args *args, const char **words)
{
	unsigned int abi;

	words[0] = args->word[0];
	words[1] = args->word[1];
	if (args->count == 1 && !strchr(words[0], '/') &&
	    !target_is_id(words[0]) &&
	    (value_is_text(words[0]) || sysname_parse(words[0], &abi) >= 0)) {
		words[1] = words[0];
		words[0] = NULL;
	}
}

static int explain_source(struct source *source, const char *only, bool json)
{
	const struct subject subject = {
		.name = source->name,
		.called = source->called,
		.profile = source->profile,
		.policy = source->list.policy,
		.only = only,
	};

	if (source->file) {
		profile_add_lifelines(source->profile);
		profile_add_soft(source->profile);
	}
	return explain(&subject, json);
}

static int run(const struct args *args)
{
	const struct reader_options options = { .args = READER_ARGS_WIDEN };
	struct infer_wish wish = options_infer(args);
	struct infer infer = { 0 };
	struct source source;
	const char *words[2];
	int ret;

	sort_words(args, words);
	ret = words[0] ? options_fit(args, 1) : EXIT_DONE;
	if (!ret)
		ret = infer_read("explain", &wish, &infer);
	infer.ways = true;
	if (!ret)
		ret = source_open("explain", words[0], &options, &infer, &source);
	if (!ret) {
		ret = explain_source(&source, words[1], args->json);
		source_release(&source);
	}
	infer_release(&infer);
	return ret;
}

const struct verb verb_explain = {
	.name = "explain", .group = GROUP_LOOK,
	.summary = "say why each call, and each value, is allowed or refused: who made it, or which rule added it",
	.example = "scmod explain /sys/fs/cgroup/web openat",
	.words = (const struct word[]){
		{ .name = "CGROUP|FILE", .kind = KIND_SOURCE, .optional = true },
		{ .name = "CALL", .kind = KIND_CALL, .optional = true },
		{ 0 },
	},
	.opts = (const struct opt *const[]){
		&opt_infer_record, &opt_families, &opt_userland, &opt_runtime, &opt_floor, NULL,
	},
	.run = run,
};
