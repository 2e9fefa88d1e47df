// SPDX-License-Identifier: GPL-2.0
/* scmod confirm: a change that 'enforce --confirm' made, and that waits, holds for good. */
#include "base/output.h"
#include "kernel/target.h"
#include "verbs/each.h"
#include "verbs/options.h"

static void report(const struct target *target, bool json)
{
	out_start(stdout, json);
	out_object(NULL);
	out_string("path", "%s: confirmed, ", target->name);
	out_number("id", NULL, target->id);
	out_string("mode", "%s\n", policy_mode_name(target->policy.mode));
	out_object_end();
	out_finish();
}

static int run(const struct args *args)
{
	struct target target;
	int ret = scmod_open();

	if (!ret)
		ret = target_find("confirm", args->word[0], 0, &target);
	if (ret)
		return ret;
	ret = scmod_confirm(target.id);
	if (ret)
		ret = scmod_fail("confirm", target.name, ret);
	else
		report(&target, args->json);
	target_release(&target);
	return ret;
}

const struct verb verb_confirm = {
	.name = "confirm", .group = GROUP_CONTROL,
	.summary = "keep what 'enforce --confirm' changed",
	.example = "scmod confirm /sys/fs/cgroup/web", .mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP },
		{ 0 },
	},
	.run = run,
};
