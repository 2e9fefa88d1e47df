// SPDX-License-Identifier: GPL-2.0
/* scmod learn: begin to record, or go on. */
#include <inttypes.h>
#include <stdio.h>

#include "cmd.h"
#include "error.h"
#include "target.h"

static void report(const struct target *target, const struct policy *now)
{
	uint32_t before = target->tracked ? target->policy.mode : SCMOD_MODE_OFF;

	printf("%s: %slearning, id %" PRIu64 "\n", now->path,
	       before == SCMOD_MODE_LEARN ? "already " : "", now->id);
	if (before == SCMOD_MODE_ENFORCE)
		note("learn %s: it was enforced until now; nothing is refused any more",
		     now->path);
	if (policy_partial(now))
		note("learn %s: " POLICY_PARTIAL_WHY, now->path);
}

int cmd_learn(int argc, char **argv)
{
	struct scmod_change change;
	struct target target;
	struct policy now;
	const char *cgroup;
	int words = args_parse("learn", argc, argv, NULL, &cgroup, 1, 1);
	int ret;

	if (words < 0)
		return -words;
	ret = scmod_open();
	if (!ret)
		ret = target_find("learn", cgroup, TARGET_MAY_BE_NEW | TARGET_LIVE, &target);
	if (ret)
		return ret;
	change = target_change(&target);
	change.mode = SCMOD_MODE_LEARN;
	ret = scmod_set(&change, &now);
	if (ret) {
		ret = scmod_fail("learn", target.name, ret);
	} else {
		report(&target, &now);
		policy_release(&now);
	}
	target_release(&target);
	return ret;
}
