// SPDX-License-Identifier: GPL-2.0
/*
 * Policies that follow a name: they take over the cgroups of that name, those that are
 * there and those that are made later.
 */
#include <linux/bitmap.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <asm/unistd.h>

#include "change.h"
#include "follow.h"
#include "mark.h"
#include "name.h"
#include "place.h"

/*
 * What is decided in a cgroup that has the name of @p and no place, while @p enforces:
 * that nothing may be done there but to end. No policy above it is asked, since no call
 * that it might refuse passes.
 */
static const struct scmod_rules shut_rules = {
	.mode = SCMOD_MODE_ENFORCE,
	.err = EPERM,
	.allowed = {
		/* exit, exit_group; those of i386 are in no header of a 64-bit kernel. */
		[SCMOD_ABI_X86_64].bits = {
			[__NR_exit / 64] = BIT(__NR_exit % 64),
			[__NR_exit_group / 64] = BIT(__NR_exit_group % 64),
		},
		[SCMOD_ABI_I386].bits = { [0] = BIT(1), [252 / 64] = BIT(252 % 64) },
		[SCMOD_ABI_X32].bits = {
			[__NR_exit / 64] = BIT(__NR_exit % 64),
			[__NR_exit_group / 64] = BIT(__NR_exit_group % 64),
		},
	},
};

static struct scmod_view *shut_view(struct scmod_policy *p)
{
	struct scmod_view *view = scmod_view_new(p, &shut_rules, GFP_KERNEL_ACCOUNT);

	if (view)
		scmod_view_derive(view);
	return view;
}

/* Nobody has found the policy by its name. */
void scmod_follow_unname(struct scmod_policy *p)
{
	scmod_name_free(p->name);
	p->name = NULL;
	kfree(p->shut);
	p->shut = NULL;
}

/* Give @p a name, which is not in the list of names before it is set to work. */
int scmod_follow_name(struct scmod_policy *p, bool pattern, struct netlink_ext_ack *extack)
{
	struct scmod_name *name;

	if (scmod_name_find(p->path)) {
		NL_SET_ERR_MSG(extack, "A policy of this name is kept for other cgroups; forget it first");
		return -EEXIST;
	}
	name = scmod_name_new(p->path, pattern, extack);
	if (IS_ERR(name))
		return PTR_ERR(name);
	name->policy = p;
	p->name = name;
	p->shut = shut_view(p);
	if (p->shut && !scmod_place_fill_ready())
		return 0;
	scmod_follow_unname(p);
	return -ENOMEM;
}

/* Does the new name @name have precedence in a cgroup that has a place? */
static bool precedes(const struct scmod_name *name, const struct scmod_place *place)
{
	const struct scmod_name *other = place->policy->name;

	return !name->pattern && other && other->pattern;
}

/* A place for @p in a cgroup of its name, unless another policy is to stay there. */
static int take_over(struct scmod_policy *p, struct cgroup *cgrp,
		     struct netlink_ext_ack *extack)
{
	struct scmod_place *place, *old;

	rcu_read_lock();
	old = scmod_view_place_next(cgrp);
	rcu_read_unlock();
	if (old && !precedes(p->name, old))
		return 0;
	place = scmod_place_new(p, cgrp, extack);
	if (IS_ERR(place))
		return PTR_ERR(place);
	if (old)
		old->leaving = true;
	return 0;
}

/* Places for @p in all cgroups that have its name now. */
int scmod_follow_take_over(struct scmod_policy *p, struct netlink_ext_ack *extack)
{
	struct cgroup *cgrp = NULL;
	int ret;

	while ((cgrp = scmod_place_next_cgroup(cgrp))) {
		cond_resched();
		if (!scmod_name_fits(p->name, cgrp))
			continue;
		ret = take_over(p, cgrp, extack);
		if (ret) {
			cgroup_put(cgrp);
			return ret;
		}
	}
	return 0;
}

/*
 * Give places to all cgroups that have a policy's name and no place: those that were made
 * while a policy of that name was, and those that found no room. Takes grace periods.
 */
void scmod_follow_fill(void)
{
	unsigned int since = scmod_place_look_begin();
	struct netlink_ext_ack unheard = {};
	struct cgroup *cgrp = NULL;
	unsigned int lacking = 0;
	struct scmod_name *name;
	unsigned int come = 0;

	while ((cgrp = scmod_place_next_cgroup(cgrp))) {
		cond_resched();
		rcu_read_lock();
		name = scmod_view_place_next(cgrp) ? NULL : scmod_name_of(cgrp);
		rcu_read_unlock();
		if (!name)
			continue;
		if (IS_ERR(scmod_place_new(name->policy, cgrp, &unheard)))
			lacking++;
		else
			come++;
	}
	if (come && scmod_change_build(NULL, NULL, GFP_KERNEL_ACCOUNT)) {
		scmod_change_drop();
		lacking += come;
		come = 0;
	}
	if (come) {
		scmod_change_publish(NULL, NULL);
		scmod_change_finish();
		scmod_mark_settle();
	}
	scmod_place_look_end(since, lacking);
}

/* The policy is in force; let cgroups of its name that are made from now on find it. */
void scmod_follow_begin(struct scmod_policy *p)
{
	if (!p->name || !list_empty(&p->name->list))
		return;
	scmod_name_add(p->name, p->serial);
	scmod_follow_fill();
}

/* No cgroup that is made from now on finds the policy by its name. */
void scmod_follow_end(struct scmod_policy *p)
{
	if (!p->name)
		return;
	scmod_name_del(p->name);
	/* Who found it has the lock. */
	raw_spin_lock_irq(&scmod_place_lock);
	raw_spin_unlock_irq(&scmod_place_lock);
	scmod_change_adopt();
}

/*
 * Let all places of @p leave. Where another policy's name fits the cgroup, that policy
 * comes in its place.
 */
int scmod_follow_leave(struct scmod_policy *p, struct netlink_ext_ack *extack)
{
	struct scmod_place *place, *other;
	struct scmod_name *name;

	/* Others are added at the end of the list. */
	list_for_each_entry(place, &scmod_places, list) {
		if (place->policy != p)
			continue;
		place->leaving = true;
		rcu_read_lock();
		name = scmod_name_of(place->cgrp);
		rcu_read_unlock();
		if (!name || place->dying)
			continue;
		other = scmod_place_new(name->policy, place->cgrp, extack);
		/* If there are too many, scmod_follow_fill() tries again when these have left. */
		if (IS_ERR(other) && PTR_ERR(other) != -ENOSPC)
			return PTR_ERR(other);
	}
	return 0;
}
