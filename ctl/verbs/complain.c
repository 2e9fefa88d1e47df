// SPDX-License-Identifier: GPL-2.0
/* scmod complain: like enforce, but reports calls instead of refusing them. */
#include "infer/infer.h"
#include "verbs/apply.h"
#include "verbs/each.h"
#include "verbs/follow.h"
#include "verbs/given.h"
#include "verbs/kept.h"
#include "verbs/options.h"
#include "verbs/priority.h"

/* The options on the command line. */
struct wish {
	const char *profile;
	bool learn;
	bool json;
	struct reader_options options;
};

static int complain_of_record(const struct target *target, struct infer *infer,
			      struct scmod_change *change, bool json)
{
	struct profile *profile = kept_profile(&target->policy);
	int ret = infer_add_target(infer, "complain", profile, target);

	if (!ret)
		ret = apply_record("complain", target, profile_empty(profile) ? NULL : profile,
				   change, json);
	profile_free(profile);
	return ret;
}

static int complain_of_file(const struct target *target, const struct wish *wish,
			    struct scmod_change *change)
{
	struct profile *profile = NULL;
	int ret = given_policy("complain", wish->profile, &wish->options, &profile, change);

	if (!ret)
		ret = apply_profile("complain", target, profile, change, wish->json);
	profile_free(profile);
	return ret;
}

static int complain(const struct target *target, const struct wish *wish, struct infer *infer)
{
	struct scmod_change change = target_change(target);
	struct bitmap priority[NR_ABIS];

	change.priority = priority_calls(infer, priority);
	change.mode = wish->learn ? SCMOD_MODE_COMPLAIN_LEARN : SCMOD_MODE_COMPLAIN;
	return wish->profile ? complain_of_file(target, wish, &change) :
			       complain_of_record(target, infer, &change, wish->json);
}

static int run(const struct args *args)
{
	struct infer_wish guess = options_infer(args);
	struct wish wish = {
		.profile = args->value[OPT_PROFILE],
		.learn = args->value[OPT_LEARN],
		.json = args->json,
	};
	struct target target;
	struct infer infer = { 0 };
	int ret = options_reader(args, &wish.options);

	guess.live = true;
	if (!ret)
		ret = infer_read("complain", &guess, &infer);
	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = follow_find(args, &target);
	if (!ret) {
		ret = complain(&target, &wish, &infer);
		target_release(&target);
	}
	infer_release(&infer);
	return ret;
}

static const struct opt opt_learn = {
	.id = OPT_LEARN, .name = "learn",
	.text = "Record the reported calls as seen, too, so that a later 'dump' or 'enforce' allows them. Without this option they are only reported.",
};

static const struct clash clashes[] = { GIVEN_CLASHES, FOLLOW_CLASHES, { 0 } };

const struct verb verb_complain = {
	.name = "complain", .group = GROUP_CONTROL,
	.summary = "report what enforce would refuse, and refuse nothing",
	.example = "scmod complain /sys/fs/cgroup/web", .mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP },
		{ 0 },
	},
	.opts = (const struct opt *const[]){
		&opt_once, &opt_absent, &opt_profile, &opt_learn, &opt_infer, &opt_families,
		&opt_userland, &opt_runtime, &opt_floor, &opt_args, &opt_cap, NULL,
	},
	.clashes = clashes,
	.run = run,
};
