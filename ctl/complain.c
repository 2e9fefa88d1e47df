// SPDX-License-Identifier: GPL-2.0
/* scmod complain: as enforce, but report instead of refusing. */
#include "apply.h"
#include "cmd.h"
#include "error.h"
#include "record.h"

static int complain(const struct target *target)
{
	struct scmod_change change = target_change(target);
	struct profile *profile = record_profile(&target->policy);
	int ret;

	change.mode = SCMOD_MODE_COMPLAIN;
	ret = apply_profile("complain", target, profile_empty(profile) ? NULL : profile, &change);
	profile_free(profile);
	return ret;
}

int cmd_complain(int argc, char **argv)
{
	struct target target;
	const char *cgroup;
	int words = args_parse("complain", argc, argv, NULL, &cgroup, 1, 1);
	int ret;

	if (words < 0)
		return -words;
	ret = scmod_open();
	if (!ret)
		ret = target_find("complain", cgroup, TARGET_MAY_BE_NEW | TARGET_LIVE, &target);
	if (ret)
		return ret;
	ret = complain(&target);
	target_release(&target);
	return ret;
}
