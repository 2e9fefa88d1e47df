// SPDX-License-Identifier: GPL-2.0
/* scmod complain: like enforce, but reports calls instead of refusing them. */
#include "infer/infer.h"
#include "kernel/record.h"
#include "verbs/apply.h"
#include "verbs/each.h"
#include "verbs/options.h"

static int complain(const struct target *target, struct infer *infer, bool json)
{
	struct scmod_change change = target_change(target);
	struct profile *profile = record_profile(&target->policy);
	int ret;

	ret = infer_add_target(infer, "complain", profile, target);
	change.mode = SCMOD_MODE_COMPLAIN;
	if (!ret)
		ret = apply_record("complain", target, profile_empty(profile) ? NULL : profile,
				   &change, json);
	profile_free(profile);
	return ret;
}

static int run(const struct args *args)
{
	struct infer_wish wish = options_infer(args);
	struct target target;
	struct infer infer;
	int ret = infer_read("complain", &wish, &infer);

	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = target_find("complain", args->word[0], TARGET_MAY_BE_NEW | TARGET_LIVE,
				  &target);
	if (!ret) {
		ret = complain(&target, &infer, args->json);
		target_release(&target);
	}
	infer_release(&infer);
	return ret;
}

const struct verb verb_complain = {
	.name = "complain", .group = GROUP_CONTROL,
	.summary = "keep recording, and report what enforce would refuse",
	.example = "scmod complain /sys/fs/cgroup/web", .mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP },
		{ 0 },
	},
	.opts = (const struct opt *const[]){ &opt_infer, &opt_families, &opt_runtime, NULL },
	.run = run,
};
