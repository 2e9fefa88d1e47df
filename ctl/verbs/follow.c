// SPDX-License-Identifier: GPL-2.0
/* Which cgroups a policy is for: shared by learn, complain and enforce. */
#include <inttypes.h>

#include "base/error.h"
#include "base/output.h"
#include "verbs/follow.h"

const struct opt opt_once = {
	.id = OPT_ONCE, .name = "once",
	.text = "The policy ends with its cgroup: when the cgroup is removed, only the record stays. Without this option, the policy follows the cgroup's name: when a cgroup is made there again, the policy is in force in it before a task can be in it.",
};

const struct opt opt_absent = {
	.id = OPT_ABSENT, .name = "absent",
	.text = "Accept the path of a cgroup that does not exist. The policy then waits until a cgroup is made there. A pattern is accepted without this option.",
};

static bool has_name(const struct target *target)
{
	return target->made || (target->tracked && policy_named(&target->policy));
}

static int check_once(const char *verb, const struct target *target)
{
	if (target->made)
		return fail(EXIT_USAGE,
			    "%s %s: --once has no effect on a policy for a name, which does not end with a cgroup; leave it out",
			    verb, target->name);
	if (has_name(target))
		return fail(EXIT_FAILED,
			    "%s %s: the policy follows that name already, so --once has no effect; run 'scmod forget' on it first, or leave --once out",
			    verb, target->name);
	return EXIT_DONE;
}

int follow_find(const struct args *args, struct target *target)
{
	const char *verb = args->verb->name;
	bool once = args->value[OPT_ONCE];
	unsigned int flags = TARGET_MAY_BE_NEW | TARGET_LIVE;
	int ret;

	if (args->value[OPT_ABSENT])
		flags |= TARGET_MAY_BE_ABSENT;
	ret = target_find(verb, args->word[0], flags, target);
	if (ret)
		return ret;
	if (once)
		ret = check_once(verb, target);
	if (ret)
		target_release(target);
	target->follow = !once && !has_name(target);
	return ret;
}

void follow_report(const struct policy *now)
{
	out_bool("named", NULL, policy_named(now));
	out_bool("waiting", NULL, policy_waiting(now));
	out_number("cgroups", policy_pattern(now) ? ", in %" PRIu64 " cgroups now" : NULL,
		   now->cgroups);
}

void follow_note(const char *verb, const struct policy *now)
{
	if (policy_waiting(now))
		note("%s %s: no cgroup has that name now; the policy waits until one is made", verb,
		     now->path);
}
