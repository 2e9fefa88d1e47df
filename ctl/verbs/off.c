// SPDX-License-Identifier: GPL-2.0
/* scmod off: stops recording and refusing, and keeps the record. */
#include "base/output.h"
#include "kernel/target.h"
#include "verbs/each.h"
#include "verbs/options.h"

static void report(const struct target *target, bool json)
{
	out_start(stdout, json);
	out_object(NULL);
	out_string("path", "%s: off, its record is kept\n", target->name);
	out_number("id", NULL, target->id);
	out_string("mode", NULL, policy_mode_name(SCMOD_MODE_OFF));
	out_object_end();
	out_finish();
}

static int run(const struct args *args)
{
	struct scmod_change change;
	struct target target;
	int ret = scmod_open();

	if (!ret)
		ret = target_find("off", args->word[0], TARGET_LIVE, &target);
	if (ret)
		return ret;
	change = target_change(&target);
	change.mode = SCMOD_MODE_OFF;
	ret = scmod_set(&change, NULL);
	if (ret)
		ret = scmod_fail("off", target.name, ret);
	else
		report(&target, args->json);
	target_release(&target);
	return ret;
}

const struct verb verb_off = {
	.name = "off", .group = GROUP_CONTROL,
	.summary = "stop recording and refusing; keep the record",
	.example = "scmod off /sys/fs/cgroup/web", .mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP },
		{ 0 },
	},
	.run = run,
};
