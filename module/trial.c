// SPDX-License-Identifier: GPL-2.0
/*
 * Changes on trial: they wait to be confirmed, or what held before comes back. That is kept
 * meanwhile, so that there is nothing to be had when it comes back; deadline.c knows when.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/netlink.h>

#include "name.h"
#include "trial.h"

/*
 * Can what holds now come back? Where the name of another policy fits, a new policy comes in
 * place of that one, and would stay there.
 */
int scmod_trial_may(const struct scmod_policy *p, const struct scmod_rules *rules,
		    struct netlink_ext_ack *extack)
{
	bool is_new = !p->serial;
	int covered = 0;

	if (rules->mode != SCMOD_MODE_ENFORCE) {
		NL_SET_ERR_MSG(extack, "Only a change after which the policy enforces can wait to be confirmed");
		return -EINVAL;
	}
	/* A new pattern has precedence over no other name. */
	if (is_new && !(p->name && p->name->pattern))
		covered = scmod_name_covers(p->path);
	if (covered > 0) {
		NL_SET_ERR_MSG(extack, "The name of another policy fits this cgroup, and a new policy that is not confirmed would not make way for it; make the policy first, and then a change of it that waits to be confirmed");
		return -EEXIST;
	}
	if (covered)
		NL_SET_ERR_MSG(extack, "Out of memory; nothing was changed");
	return covered;
}

/* The rules that come back, to be put in force; no change of @p waits any more. */
struct scmod_rules *scmod_trial_take(struct scmod_policy *p)
{
	struct scmod_rules *before = p->before;

	p->before = NULL;
	p->confirm_by = 0;
	return before;
}

/* No change of @p waits to be confirmed any more. */
void scmod_trial_end(struct scmod_policy *p)
{
	kvfree(scmod_trial_take(p));
}

/*
 * The rules @old have been replaced: keep them, or what was confirmed last, if the change waits
 * to be confirmed.
 */
void scmod_trial_keep(struct scmod_policy *p, struct scmod_rules *old,
		      struct scmod_policy_how *how)
{
	if (how->decides) {
		p->rolled_back = 0;
		if (!how->confirm_ms)
			scmod_trial_end(p);
	}
	if (!how->confirm_ms) {
		kvfree(old);
		return;
	}
	p->confirm_by = ktime_get_boottime_ns() + how->confirm_ms * (u64)NSEC_PER_MSEC;
	if (p->before) {
		kvfree(old);
	} else if (old) {
		p->before = old;
	} else {
		p->before = how->nothing;
		how->nothing = NULL;
	}
}

/**
 * scmod_trial_confirm() - let the change that waits for that hold for good
 * @p: the policy
 * @extack: why not
 */
int scmod_trial_confirm(struct scmod_policy *p, struct netlink_ext_ack *extack)
{
	if (p->before) {
		scmod_trial_end(p);
		return 0;
	}
	if (p->rolled_back)
		NL_SET_ERR_MSG(extack, "Too late: the change has been rolled back");
	else
		NL_SET_ERR_MSG(extack, "No change of this policy waits to be confirmed");
	return -EALREADY;
}
