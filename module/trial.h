/* SPDX-License-Identifier: GPL-2.0 */
/* Changes on trial: they wait to be confirmed, or what held before comes back. */
#ifndef SCMOD_TRIAL_H
#define SCMOD_TRIAL_H

#include "view.h"

struct netlink_ext_ack;

/**
 * struct scmod_policy_how - how new rules are to come into force
 * @follow: from now on the policy is for all cgroups with the path of its cgroup
 * @decides: the mode was given, so that a change that waits to be confirmed waits no more
 * @confirm_ms: go back after so many milliseconds, unless that is confirmed; 0: never
 * @await: the process that the policy waits for, with a reference that is taken over on success
 * @executed: current has executed the program that the policy waited for: since all that the
 *	program does is seen, current alone does not make the record partial
 * @nothing: what the policy goes back to if it is new: rules by which it does nothing,
 *	from kvmalloc(); needed with @confirm_ms. NULL when they have become the policy's
 */
struct scmod_policy_how {
	bool follow;
	bool decides;
	u32 confirm_ms;
	bool executed;
	struct scmod_await await;
	struct scmod_rules *nothing;
};

/* All of it needs scmod_policy_lock held. */
int scmod_trial_may(const struct scmod_policy *p, const struct scmod_rules *rules,
		    struct netlink_ext_ack *extack);
void scmod_trial_keep(struct scmod_policy *p, struct scmod_rules *old,
		      struct scmod_policy_how *how);
struct scmod_rules *scmod_trial_take(struct scmod_policy *p);
void scmod_trial_end(struct scmod_policy *p);
int scmod_trial_confirm(struct scmod_policy *p, struct netlink_ext_ack *extack);

#endif /* SCMOD_TRIAL_H */
