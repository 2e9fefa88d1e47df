// SPDX-License-Identifier: GPL-2.0
/* scmod diff: shows which calls two profiles treat differently. */

#include "base/errname.h"
#include "base/error.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "verbs/alike.h"
#include "verbs/diff_values.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "verbs/source.h"

/* As in diff(1), 1 means that there is a difference, so trouble needs another code. */
#define EXIT_DIFFERENT 1
#define EXIT_TROUBLE 2

/**
 * struct pair - the two profiles, and the result so far
 * @a, @b: the profiles as they are compared
 * @why_a, @why_b: the profiles as they were read, with the reasons
 * @differ: whether a difference was found
 */
struct pair {
	struct profile *a;
	struct profile *b;
	const struct profile *why_a;
	const struct profile *why_b;
	bool differ;
};

/**
 * enum difference - how two profiles differ in a call
 * @SAME: they treat it alike, or the difference is reported elsewhere
 * @ONLY_A: only the first one allows it
 * @ONLY_B: only the second one allows it
 * @CHANGED: both refuse it, but in different ways
 */
enum difference {
	SAME,
	ONLY_A,
	ONLY_B,
	CHANGED,
};

static const enum colour colours[] = {
	[ONLY_A] = COLOUR_RED,
	[ONLY_B] = COLOUR_GREEN,
	[CHANGED] = COLOUR_YELLOW,
};

/* A list does not say how calls are refused, so that must not count as a difference. */
static bool says_how(const struct profile *profile)
{
	return profile->action >= 0 || profile->err >= 0;
}

/* In an ABI that a profile does not cover, only lifelines are allowed. */
static int answer(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	if (profile->covers[abi] || profile_allows(profile, abi, nr))
		return profile_answer(profile, abi, nr);
	return profile_fallback(profile);
}

/*
 * If both refuse a call by default, the difference in the default is reported once, not for
 * each call.
 */
static enum difference compare(const struct pair *pair, unsigned int abi, unsigned int nr)
{
	int a = answer(pair->a, abi, nr), b = answer(pair->b, abi, nr);

	if (!a != !b)
		return a ? ONLY_B : ONLY_A;
	if (!a || !says_how(pair->a) || !says_how(pair->b) || !pair->a->covers[abi] ||
	    !pair->b->covers[abi] || a == b)
		return SAME;
	return a == profile_fallback(pair->a) && b == profile_fallback(pair->b) ? SAME : CHANGED;
}

static const char *answer_text(int answer, char *text, size_t size)
{
	if (answer == PROFILE_KILLS)
		snprintf(text, size, "ends the process");
	else if (answer)
		snprintf(text, size, "returns %s", errname(answer));
	else
		snprintf(text, size, "allowed");
	return text;
}

/* Prints why the profile allows the call. */
static void print_why(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	const struct profile_call *call = profile_at(profile, abi, nr);
	const struct reason *reason = call->nr_reasons ? call->reason : NULL;

	if (!reason)
		return;
	out_string("kind", "  %s", reason_kind_name(reason->kind));
	if (reason->text)
		out_string("text", ": %s", reason->text);
	else if (*reason->comm)
		out_string("comm", ": first by %s", reason->comm);
}

static void print_call(const struct pair *pair, enum difference difference, unsigned int abi,
		       unsigned int nr)
{
	char number[SYSNAME_TEXT_MAX], text[64];

	out_object(json_item);
	out_colour(colours[difference]);
	out_string("name", "  %-24s", sysname_text(abi, nr, number));
	out_colour(COLOUR_NONE);
	if (difference == CHANGED) {
		out_string("a", "  %s", answer_text(answer(pair->a, abi, nr), text, sizeof(text)));
		out_string("b", ", %s", answer_text(answer(pair->b, abi, nr), text, sizeof(text)));
	} else {
		print_why(difference == ONLY_A ? pair->why_a : pair->why_b, abi, nr);
	}
	out_text("\n");
	out_object_end();
}

static void print_section(struct pair *pair, unsigned int abi, enum difference difference,
			  const char *key, const char *title)
{
	bool any = false;

	out_array(key);
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		if (compare(pair, abi, nr) != difference)
			continue;
		if (!any)
			out_text("%s, %s:\n", abi_name(abi), title);
		print_call(pair, difference, abi, nr);
		any = true;
	}
	out_array_end();
	pair->differ |= any;
}

static void print_default(struct pair *pair)
{
	int a = profile_fallback(pair->a), b = profile_fallback(pair->b);
	char text[64];

	if (!says_how(pair->a) || !says_how(pair->b) || a == b)
		return;
	pair->differ = true;
	out_object("default");
	out_string("a", "by default: the first %s", answer_text(a, text, sizeof(text)));
	out_string("b", ", the second %s\n", answer_text(b, text, sizeof(text)));
	out_object_end();
}

static void print_pair(struct pair *pair, const struct source *a, const struct source *b,
		       bool json)
{
	out_start(stdout, json);
	out_object(NULL);
	out_string("a", NULL, a->name);
	out_string("b", NULL, b->name);
	print_default(pair);
	out_array("abis");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		if (!pair->a->covers[abi] && !pair->b->covers[abi])
			continue;
		out_object(json_item);
		out_string("abi", NULL, abi_name(abi));
		print_section(pair, abi, ONLY_A, "only_a", "allowed by the first only");
		print_section(pair, abi, ONLY_B, "only_b", "allowed by the second only");
		print_section(pair, abi, CHANGED, "changed", "refused in different ways");
		out_object_end();
	}
	out_array_end();
	pair->differ |= diff_values(pair->a, pair->b, says_how(pair->a) && says_how(pair->b));
	out_bool("same", NULL, !pair->differ);
	out_object_end();
	out_finish();
}

static bool diff(const struct source *a, const struct source *b, struct infer *infer, bool json)
{
	struct pair pair = { .why_a = a->profile, .why_b = b->profile };

	alike_lifelines(a, b);
	pair.a = alike_profile(a, b->profile, infer);
	pair.b = alike_profile(b, a->profile, infer);
	print_pair(&pair, a, b, json);
	if (pair.a != a->profile)
		profile_free(pair.a);
	if (pair.b != b->profile)
		profile_free(pair.b);
	return pair.differ;
}

static int trouble(int ret)
{
	return ret == EXIT_FAILED ? EXIT_TROUBLE : ret;
}

static int open_and_diff(const struct args *args, const struct reader_options *options,
			 struct infer *infer)
{
	struct source a, b;
	int ret = source_open("diff", args->word[0], options, infer, &a);

	if (ret)
		return trouble(ret);
	ret = source_open("diff", args->word[1], options, infer, &b);
	if (ret) {
		ret = trouble(ret);
	} else {
		ret = diff(&a, &b, infer, args->json) ? EXIT_DIFFERENT : EXIT_DONE;
		if (!flushed("diff"))
			ret = EXIT_TROUBLE;
		source_release(&b);
	}
	source_release(&a);
	return ret;
}

static int run(const struct args *args)
{
	struct infer_wish wish = options_infer(args);
	struct reader_options options = { 0 };
	struct infer infer = { 0 };
	int ret = options_fit(args, 2);

	if (!ret)
		ret = options_reader(args, &options);
	if (!ret)
		ret = infer_read("diff", &wish, &infer);
	if (!ret)
		ret = open_and_diff(args, &options, &infer);
	infer_release(&infer);
	return ret;
}

const struct verb verb_diff = {
	.name = "diff", .group = GROUP_PROFILES,
	.summary = "show what one profile does that another does not",
	.example = "scmod diff /sys/fs/cgroup/web web.json", .mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP|FILE", .kind = KIND_SOURCE },
		{ .name = "CGROUP|FILE", .kind = KIND_SOURCE },
		{ 0 },
	},
	.opts = (const struct opt *const[]){
		&opt_infer_record, &opt_families, &opt_userland, &opt_runtime, &opt_floor,
		&opt_args, &opt_cap, NULL,
	},
	.run = run,
};
