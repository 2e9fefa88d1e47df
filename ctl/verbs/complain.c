// SPDX-License-Identifier: GPL-2.0
/* scmod complain: as enforce, but report instead of refusing. */
#include "infer/infer.h"
#include "kernel/record.h"
#include "verbs/apply.h"
#include "verbs/cmd.h"

static int complain(const struct target *target, struct infer *infer)
{
	struct scmod_change change = target_change(target);
	struct profile *profile = record_profile(&target->policy);
	int ret;

	ret = infer_add_target(infer, "complain", profile, target);
	change.mode = SCMOD_MODE_COMPLAIN;
	if (!ret)
		ret = apply_record("complain", target, profile_empty(profile) ? NULL : profile,
				   &change);
	profile_free(profile);
	return ret;
}

int cmd_complain(int argc, char **argv)
{
	struct infer_wish wish = { 0 };
	struct target target;
	struct infer infer;
	const char *cgroup;
	const struct opt opts[] = {
		{ "--infer", .value = &wish.level },
		{ "--families", .value = &wish.families },
		{ "--runtime", .value = &wish.runtime },
		{ 0 },
	};
	int words = args_parse("complain", argc, argv, opts, &cgroup, 1, 1);
	int ret;

	if (words < 0)
		return -words;
	ret = infer_read("complain", &wish, &infer);
	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = target_find("complain", cgroup, TARGET_MAY_BE_NEW | TARGET_LIVE, &target);
	if (!ret) {
		ret = complain(&target, &infer);
		target_release(&target);
	}
	infer_release(&infer);
	return ret;
}
