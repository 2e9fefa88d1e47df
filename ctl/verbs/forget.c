// SPDX-License-Identifier: GPL-2.0
/* scmod forget: drops policies and their records. */
#include "base/error.h"
#include "base/output.h"
#include "kernel/target.h"
#include "verbs/each.h"
#include "verbs/kept.h"
#include "verbs/options.h"

static int forget(const struct policy *policy)
{
	int err = scmod_forget(policy->id);

	if (err)
		return scmod_fail("forget", policy->path, err);
	kept_drop(policy);
	out_object(json_item);
	out_string("path", "%s: forgotten\n", policy->path);
	out_number("id", NULL, policy->id);
	out_object_end();
	return EXIT_DONE;
}

/* Tries to forget every policy, even if some fail. */
static int forget_all(void)
{
	struct policy_list list;
	int ret = EXIT_DONE;
	int err;

	err = scmod_list(0, false, &list);
	if (err)
		return scmod_fail("forget", NULL, err);
	for (size_t i = 0; i < list.count; i++) {
		int failed = forget(&list.policy[i]);

		if (failed)
			ret = failed;
	}
	policy_list_release(&list);
	return ret;
}

static int forget_one(const char *cgroup)
{
	struct target target;
	int ret = target_find("forget", cgroup, 0, &target);

	if (ret)
		return ret;
	ret = forget(&target.policy);
	target_release(&target);
	return ret;
}

static int run(const struct args *args)
{
	int ret = scmod_open();

	if (ret)
		return ret;
	out_start(stdout, args->json);
	out_object(NULL);
	out_array("forgotten");
	ret = args->count ? forget_one(args->word[0]) : forget_all();
	out_array_end();
	out_object_end();
	out_finish();
	return ret;
}

static const struct opt opt_all = {
	.id = OPT_ALL, .name = "all",
	.text = "Drop all policies. If some can't be dropped, report them, and drop the others.",
};

const struct verb verb_forget = {
	.name = "forget", .group = GROUP_CONTROL,
	.summary = "drop a policy and its record",
	.example = "scmod forget /sys/fs/cgroup/web", .mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP, .instead = &opt_all },
		{ 0 },
	},
	.run = run,
};
