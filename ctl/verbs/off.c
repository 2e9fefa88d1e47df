// SPDX-License-Identifier: GPL-2.0
/* scmod off: neither record nor refuse, keep the record. */
#include "base/output.h"
#include "kernel/target.h"
#include "verbs/cmd.h"

int cmd_off(int argc, char **argv)
{
	struct scmod_change change;
	struct target target;
	const char *cgroup;
	int words = args_parse("off", argc, argv, NULL, &cgroup, 1, 1);
	int ret;

	if (words < 0)
		return -words;
	ret = scmod_open();
	if (!ret)
		ret = target_find("off", cgroup, TARGET_LIVE, &target);
	if (ret)
		return ret;
	change = target_change(&target);
	change.mode = SCMOD_MODE_OFF;
	ret = scmod_set(&change, NULL);
	out_start(stdout, false);
	if (ret)
		ret = scmod_fail("off", target.name, ret);
	else
		out_string(NULL, "%s: off, its record is kept\n", target.name);
	target_release(&target);
	return ret;
}
