// SPDX-License-Identifier: GPL-2.0
/*
 * The life of policies: made, changed and forgotten by control, one at a time, under
 * scmod_policy_lock. Each change builds new views for all it concerns before it
 * publishes the first; see view.h.
 */
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "awaited.h"
#include "change.h"
#include "event.h"
#include "follow.h"
#include "mark.h"
#include "name.h"
#include "place.h"
#include "policy.h"
#include "program.h"
#include "trial.h"

static unsigned int max_policies = 1024;
module_param(max_policies, uint, 0444);
MODULE_PARM_DESC(max_policies, "Most policies kept, those of removed cgroups included: 1 to 65000 (default: 1024; 20 KiB each, 16 KiB more if it has learned, and more for long rules of values)");

#define POLICIES_LIMIT	65000

/* See policy.h. */
DEFINE_MUTEX(scmod_policy_lock);

/* All policies by serial, and so by age. */
static DEFINE_XARRAY(policies);
static unsigned int policies_count;
static unsigned long last_serial;

/* Those that enforce; under scmod_policy_lock. */
static unsigned int pinned;

/* Policies are neither so few nor so small that what kmalloc() would add can be wasted. */
static struct kmem_cache *cache;

/*
 * With its records, its path and its rules, which kmalloc() makes 1 KiB while there are few
 * rules for values, a policy is 20 KiB at most.
 */
#define POLICY_BYTES	2984
static_assert(sizeof(struct scmod_policy) <= POLICY_BYTES);
static_assert(SCMOD_RECORD_BYTES + POLICY_BYTES + 1024 <= 20 * 1024);
static_assert(sizeof(struct scmod_rules) + 39 * sizeof(u64) <= 1024);

static void see_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(see_work, see_fn);

/* How long to wait before trying again, where there was no memory. */
#define SEE_RETRY	(HZ / 10)
/* How often to look for cgroups whose making may go unnoticed. */
#define SEE_PERIOD	HZ

/* Cgroups that have places, or should, were made or removed. Context: any. */
static void see_soon(void)
{
	schedule_delayed_work(&see_work, 0);
}

/* By the policy's id, or by that of a cgroup that it is in force in. */
struct scmod_policy *scmod_policy_find(u64 id)
{
	struct scmod_place *place;
	struct scmod_policy *p;
	unsigned long serial;

	lockdep_assert_held(&scmod_policy_lock);
	xa_for_each(&policies, serial, p)
		if (p->id == id)
			return p;
	scmod_change_adopt();
	list_for_each_entry(place, &scmod_places, list)
		if (cgroup_id(place->cgrp) == id)
			return place->policy;
	return NULL;
}

/* By its name, as it was given. */
struct scmod_policy *scmod_policy_find_name(const char *text)
{
	struct scmod_name *name;

	lockdep_assert_held(&scmod_policy_lock);
	name = scmod_name_find(text);
	return name ? name->policy : NULL;
}

/* The policy of a cgroup that lives. */
struct scmod_policy *scmod_policy_of(struct cgroup *cgrp)
{
	struct scmod_place *place;

	lockdep_assert_held(&scmod_policy_lock);
	rcu_read_lock();
	place = scmod_view_place_next(cgrp);
	rcu_read_unlock();
	return place ? place->policy : NULL;
}

/* The oldest policy younger than @serial, to page through all of them. */
struct scmod_policy *scmod_policy_after(unsigned long serial)
{
	lockdep_assert_held(&scmod_policy_lock);
	return xa_find_after(&policies, &serial, ULONG_MAX, XA_PRESENT);
}

/* Does any policy enforce, one that waits for its cgroup included? */
bool scmod_policy_enforces(void)
{
	lockdep_assert_held(&scmod_policy_lock);
	return pinned;
}

unsigned int scmod_policy_count(void)
{
	return READ_ONCE(policies_count);
}

unsigned int scmod_policy_max(void)
{
	return max_policies;
}

static void policy_free(struct scmod_policy *p)
{
	scmod_awaited_end(p);
	scmod_name_free(p->name);
	kfree(p->shut);
	kvfree(p->before);
	kvfree(p->rules);
	kvfree(p->programs);
	kfree(p->path);
	scmod_record_exit(&p->records);
	kmem_cache_free(cache, p);
}

/* A policy with nothing but an empty record, and a path. */
static struct scmod_policy *policy_alloc(const char *path, struct netlink_ext_ack *extack)
{
	struct scmod_policy *p;

	if (policies_count >= max_policies) {
		NL_SET_ERR_MSG(extack, "As many policies as max_policies allows are kept; forget some, or load scmod with a higher max_policies");
		return ERR_PTR(-ENOSPC);
	}
	p = kmem_cache_zalloc(cache, GFP_KERNEL_ACCOUNT);
	if (!p)
		return ERR_PTR(-ENOMEM);
	p->path = kstrdup(path, GFP_KERNEL_ACCOUNT);
	if (p->path && !scmod_record_init(&p->records))
		return p;
	policy_free(p);
	return ERR_PTR(-ENOMEM);
}

/**
 * scmod_policy_new() - a policy for @cgrp, known to nobody yet
 * @cgrp: a cgroup v2 directory
 * @extack: why not
 *
 * The first scmod_policy_set() puts it to work, or scmod_policy_discard() ends
 * it, with scmod_policy_lock held all the time.
 */
struct scmod_policy *scmod_policy_new(struct cgroup *cgrp,
				      struct netlink_ext_ack *extack)
{
	struct scmod_place *place;
	struct scmod_policy *p;
	char *path;

	lockdep_assert_held(&scmod_policy_lock);
	/*
	 * cgroup_get_from_fd() finds v2 cgroups only, on the kernels that are known; that
	 * has changed between versions before, so check.
	 */
	if (!scmod_cgroup_is_v2(cgrp)) {
		NL_SET_ERR_MSG(extack, "A cgroup v1 directory; policies are for cgroup v2");
		return ERR_PTR(-EBADF);
	}
	path = scmod_name_path(cgrp);
	if (path == ERR_PTR(-ENAMETOOLONG))
		NL_SET_ERR_MSG(extack, "The path of this cgroup is too long");
	if (IS_ERR(path))
		return ERR_CAST(path);
	p = policy_alloc(path, extack);
	kfree(path);
	if (IS_ERR(p))
		return p;
	p->id = cgroup_id(cgrp);
	place = scmod_place_new(p, cgrp, extack);
	if (!IS_ERR(place))
		return p;
	policy_free(p);
	return ERR_CAST(place);
}

/**
 * scmod_policy_new_named() - a policy for all cgroups of a name, known to nobody yet
 * @text: the name; a pattern if a character in it stands for others
 * @extack: why not
 *
 * Otherwise as scmod_policy_new().
 */
struct scmod_policy *scmod_policy_new_named(const char *text,
					    struct netlink_ext_ack *extack)
{
	struct scmod_policy *p;
	int ret;

	lockdep_assert_held(&scmod_policy_lock);
	scmod_change_adopt();
	p = policy_alloc(text, extack);
	if (IS_ERR(p))
		return p;
	p->id = SCMOD_ID_NAMED + last_serial;
	ret = scmod_follow_name(p, text[strcspn(text, "*?[")], extack);
	if (!ret)
		ret = scmod_follow_take_over(p, extack);
	if (!ret)
		return p;
	scmod_policy_discard(p);
	return ERR_PTR(ret);
}

/* End a policy that was not set to work. */
void scmod_policy_discard(struct scmod_policy *p)
{
	scmod_change_drop();
	policy_free(p);
}

/*
 * An enforcing policy holds a reference to the module, so that unloading can't end
 * enforcement. It is taken before the change to enforcing, and put after the change away
 * from it.
 */
static int pin(struct scmod_policy *p, struct netlink_ext_ack *extack)
{
	if (p->pinned)
		return 0;
	if (!try_module_get(THIS_MODULE)) {
		NL_SET_ERR_MSG(extack, "The module is being unloaded");
		return -EBUSY;
	}
	p->pinned = true;
	pinned++;
	return 0;
}

static void unpin(struct scmod_policy *p)
{
	if (!p->pinned)
		return;
	p->pinned = false;
	pinned--;
	module_put(THIS_MODULE);
}

static int insert(struct scmod_policy *p)
{
	int ret = xa_insert(&policies, last_serial + 1, p, GFP_KERNEL_ACCOUNT);

	if (ret)
		return ret;
	p->serial = ++last_serial;
	WRITE_ONCE(policies_count, policies_count + 1);
	return 0;
}

static void remove(struct scmod_policy *p)
{
	xa_erase(&policies, p->serial);
	p->serial = 0;
	WRITE_ONCE(policies_count, policies_count - 1);
}

/* Can all that @p needs for its new rules be had? */
static int prepare(struct scmod_policy *p, const struct scmod_rules *rules)
{
	bool is_new = !p->serial;
	int ret = is_new ? insert(p) : 0;

	if (ret)
		return ret;
	ret = scmod_change_build(p, rules, GFP_KERNEL_ACCOUNT);
	if (ret) {
		scmod_change_drop();
		if (is_new)
			remove(p);
	}
	return ret;
}

static int may_set(const struct scmod_policy *p, const struct scmod_rules *rules,
		   struct netlink_ext_ack *extack)
{
	if (scmod_policy_gone(p)) {
		NL_SET_ERR_MSG(extack, "The cgroup of this policy has been removed; its record can be read or forgotten");
		return -ENODEV;
	}
	if (scmod_awaited_mode(p, rules) == SCMOD_MODE_ENFORCE && scmod_place_has_root(p)) {
		NL_SET_ERR_MSG(extack, "The root cgroup holds every task, the one that could undo this too; enforce in a cgroup below it");
		return -EINVAL;
	}
	return 0;
}

/* Let @p have the path of its cgroup as its name from now on, if it has none. */
static int follow_path(struct scmod_policy *p, bool *named, struct netlink_ext_ack *extack)
{
	int ret;

	/* The root cgroup is never removed. */
	if (p->name || scmod_place_has_root(p))
		return 0;
	ret = scmod_follow_name(p, false, extack);
	*named = !ret;
	return ret;
}

/**
 * scmod_policy_want_programs() - have a table of programs that are executed
 * @p: the policy
 *
 * Return: -ENOMEM if there is none.
 */
int scmod_policy_want_programs(struct scmod_policy *p)
{
	lockdep_assert_held(&scmod_policy_lock);
	if (!p->programs)
		p->programs = scmod_programs_new();
	return p->programs ? 0 : -ENOMEM;
}

static int prepare_record(struct scmod_policy *p, const struct scmod_rules *rules)
{
	return scmod_mode_learns(scmod_awaited_mode(p, rules)) ? scmod_policy_want_programs(p) : 0;
}

/* All that may fail. @rules: they are not changed. */
static int try_set(struct scmod_policy *p, const struct scmod_rules *rules,
		   const struct scmod_policy_how *how, struct netlink_ext_ack *extack)
{
	bool was_pinned = p->pinned;
	bool named = false;
	int ret;

	ret = may_set(p, rules, extack);
	if (!ret && how->confirm_ms)
		ret = scmod_trial_may(p, rules, extack);
	if (!ret && how->follow)
		ret = follow_path(p, &named, extack);
	if (!ret && scmod_awaited_mode(p, rules) == SCMOD_MODE_ENFORCE)
		ret = pin(p, extack);
	if (!ret) {
		ret = prepare_record(p, rules) ?: prepare(p, rules);
		if (ret)
			NL_SET_ERR_MSG(extack, "Out of memory; nothing was changed");
	}
	if (!ret)
		return 0;
	if (!was_pinned)
		unpin(p);
	if (named)
		scmod_follow_unname(p);
	return ret;
}

/*
 * After prepare(): let @rules hold, which nothing can prevent any more. @known: tasks that have
 * made no call before that is not recorded. Return: the old rules, which no call is decided by
 * any more; NULL if the policy is new.
 */
static struct scmod_rules *put_in_force(struct scmod_policy *p, struct scmod_rules *rules,
					unsigned int known)
{
	bool is_new = !p->rules;
	bool begins = scmod_mode_records(rules->mode) &&
		      (is_new || !scmod_mode_records(p->rules->mode));
	struct scmod_rules *old;
	unsigned int tasks;

	old = scmod_change_publish(p, rules);
	/* The views that had the old ones are not read any more: see scmod_change_publish(). */
	if (is_new)
		scmod_change_finish();
	else
		synchronize_rcu();
	scmod_follow_begin(p);
	if (scmod_awaited_mode(p, rules) != SCMOD_MODE_ENFORCE)
		unpin(p);
	tasks = scmod_mark_policy(p, begins);
	if (begins && tasks > known)
		p->partial = true;
	return old;
}

/**
 * scmod_policy_set() - let @rules hold in a policy from one instant on
 * @p: the policy; one from scmod_policy_new() joins the others
 * @rules: its new rules, whole, from kvmalloc(); they become its own, but on error
 * @how: how they are to come into force. What is waiting to be confirmed goes on waiting
 *	unless it says otherwise; if a change replaces one that waits, the rules that were
 *	confirmed last are those that come back
 * @extack: why not
 *
 * When this returns, every call that begins is decided by the new rules, and
 * every task concerned is marked. On error nothing has changed. That the kernel's
 * probes fire is for the caller to see to: scmod_attach_check_armed().
 */
int scmod_policy_set(struct scmod_policy *p, struct scmod_rules *rules,
		     struct scmod_policy_how *how, struct netlink_ext_ack *extack)
{
	struct scmod_await awaited;
	int ret;

	lockdep_assert_held(&scmod_policy_lock);
	awaited = scmod_awaited_change(p, &how->await);
	ret = try_set(p, rules, how, extack);
	if (ret) {
		scmod_awaited_change(p, &awaited);
		return ret;
	}
	scmod_trial_keep(p, put_in_force(p, rules, how->executed ? 1 : 0), how);
	put_pid(awaited.process);
	return 0;
}

/**
 * scmod_policy_go_back() - nobody has confirmed the change in time: undo it
 * @p: the policy; a change of it waits to be confirmed
 *
 * What comes back holds from one instant on, as with scmod_policy_set(). All that is needed
 * and may be lacking was kept; the views are small, so the kernel can wait for them.
 *
 * Return: false if the cgroup has been removed, so that there is nothing to go back to.
 */
bool scmod_policy_go_back(struct scmod_policy *p)
{
	struct scmod_rules *before;

	lockdep_assert_held(&scmod_policy_lock);
	if (scmod_policy_gone(p)) {
		scmod_trial_end(p);
		return false;
	}
	before = scmod_trial_take(p);
	scmod_change_build(p, before, GFP_KERNEL | __GFP_NOFAIL);
	kvfree(put_in_force(p, before, 0));
	p->rolled_back = ktime_get_real_ns();
	return true;
}

/* End the effect of a policy. */
static int unlink_policy(struct scmod_policy *p, struct netlink_ext_ack *extack)
{
	bool full;
	int ret;

	scmod_follow_end(p);
	ret = scmod_follow_leave(p, extack);
	full = scmod_place_count() >= scmod_place_max();
	if (!ret)
		ret = scmod_change_build(p, NULL, GFP_KERNEL_ACCOUNT);
	if (ret) {
		scmod_change_drop();
		if (p->name) {
			scmod_name_add(p->name, p->serial);
			scmod_follow_fill();
		}
		return ret;
	}
	scmod_change_publish(p, NULL);
	scmod_change_finish();
	/* There may have been no room for other policies that come in place of this one. */
	if (full)
		scmod_follow_fill();
	scmod_mark_settle();
	return 0;
}

/**
 * scmod_policy_forget() - drop a policy and its record
 * @p: the policy; freed
 * @extack: why not
 */
int scmod_policy_forget(struct scmod_policy *p, struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&scmod_policy_lock);
	/* In a cgroup that was removed there is nothing to enforce, so it can be forgotten. */
	if (p->pinned && !scmod_policy_gone(p)) {
		NL_SET_ERR_MSG(extack, "This policy is enforcing; switch it off first");
		return -EBUSY;
	}
	if (unlink_policy(p, extack)) {
		NL_SET_ERR_MSG(extack, "Out of memory; nothing was changed");
		return -ENOMEM;
	}
	unpin(p);
	scmod_event_drain();
	remove(p);
	policy_free(p);
	return 0;
}

/*
 * End the places of cgroups that were removed. Since the places of all cgroups below are
 * among them, no other view leads to theirs, and no task makes calls in them.
 */
static void end_removed(void)
{
	struct scmod_place *place, *tmp;
	LIST_HEAD(removed);
	LIST_HEAD(places);

	scmod_place_take_removed(&removed);
	/* Each of them has been adopted when this returns. */
	scmod_change_adopt();
	if (list_empty(&removed))
		return;
	list_for_each_entry_safe(place, tmp, &removed, gone) {
		list_move_tail(&place->change, &places);
		scmod_event_place(SCMOD_EVENT_GONE, place);
		if (place->policy->name)
			continue;
		scmod_trial_end(place->policy);
		scmod_awaited_end(place->policy);
		unpin(place->policy);
	}
	scmod_change_end_places(&places);
}

static void see_fn(struct work_struct *work)
{
	mutex_lock(&scmod_policy_lock);
	end_removed();
	if (READ_ONCE(scmod_view_shut))
		scmod_follow_fill();
	/* There is no room yet. In those cgroups every call is refused meanwhile. */
	if (READ_ONCE(scmod_view_shut))
		schedule_delayed_work(&see_work, scmod_place_shut() ? SEE_RETRY : SEE_PERIOD);
	mutex_unlock(&scmod_policy_lock);
}

/* At unload: nobody reads, and no policy has a place any more. */
static void end_all(void)
{
	struct scmod_place *place, *tmp;

	scmod_place_adopt(&scmod_places);
	list_for_each_entry_safe(place, tmp, &scmod_places, list) {
		scmod_place_end(place);
		scmod_place_free(place);
	}
}

int scmod_policy_init(void)
{
	int ret;

	if (!max_policies || max_policies > POLICIES_LIMIT) {
		pr_err("max_policies=%u: must be 1 to %u\n", max_policies,
		       POLICIES_LIMIT);
		return -EINVAL;
	}
	cache = KMEM_CACHE(scmod_policy, 0);
	if (!cache)
		return -ENOMEM;
	ret = scmod_place_init(see_soon);
	if (ret)
		kmem_cache_destroy(cache);
	return ret;
}

/* The hook and the tracepoints are off; nothing enforces. */
void scmod_policy_exit(void)
{
	struct scmod_policy *p;
	unsigned long serial;

	cancel_delayed_work_sync(&see_work);
	mutex_lock(&scmod_policy_lock);
	end_all();
	mutex_unlock(&scmod_policy_lock);
	scmod_place_exit();
	xa_for_each(&policies, serial, p)
		policy_free(p);
	xa_destroy(&policies);
	kmem_cache_destroy(cache);
}
