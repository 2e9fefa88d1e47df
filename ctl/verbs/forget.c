// SPDX-License-Identifier: GPL-2.0
/* scmod forget: drop policies and their records. */
#include "base/error.h"
#include "base/output.h"
#include "kernel/target.h"
#include "verbs/cmd.h"

static int forget(const struct policy *policy)
{
	int err = scmod_forget(policy->id);

	if (err)
		return scmod_fail("forget", policy->path, err);
	out_start(stdout, false);
	out_string(NULL, "%s: forgotten\n", policy->path);
	return EXIT_DONE;
}

/* Goes on past those that can't be forgotten. */
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

int cmd_forget(int argc, char **argv)
{
	const char *cgroup = NULL;
	bool all = false;
	const struct opt opts[] = { { "--all", .flag = &all }, { 0 } };
	int words = args_parse("forget", argc, argv, opts, &cgroup, 0, 1);
	int ret;

	if (words < 0)
		return -words;
	if (all == !!words)
		return fail(EXIT_USAGE, "forget: either CGROUP or --all must be given; see 'scmod help forget'");
	ret = scmod_open();
	if (ret)
		return ret;
	return all ? forget_all() : forget_one(cgroup);
}
