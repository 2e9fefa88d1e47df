// SPDX-License-Identifier: GPL-2.0
/*
 * The life of policies: made, changed and forgotten by control, one at a time, under
 * scmod_policy_lock. Each change builds new views for all it concerns before it
 * publishes the first; see view.h.
 */
#include <linux/idr.h>
#include <linux/list_sort.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "event.h"
#include "mark.h"
#include "policy.h"
#include "tracepoint.h"

static unsigned int max_policies = 1024;
module_param(max_policies, uint, 0444);
MODULE_PARM_DESC(max_policies, "Most policies kept, those of removed cgroups included: 1 to 65000 (default: 1024; 16 KiB each)");

#define POLICIES_LIMIT	65000

/* See policy.h. */
DEFINE_MUTEX(scmod_policy_lock);

/* All policies by serial, and so by age. */
static DEFINE_XARRAY(policies);
static unsigned int policies_count;
static unsigned long last_serial;

/* Slots in use: see view.h. */
static DEFINE_IDA(slots);

/* During a change: the policies that have a new view; under scmod_policy_lock. */
static LIST_HEAD(changing);

static_assert(BIT(SCMOD_CACHE_SLOT_BITS) > POLICIES_LIMIT);

/* What kmalloc() makes of them; with the records below 16 KiB. */
static_assert(sizeof(struct scmod_policy) <= 2048);

static void gone_work_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(gone_work, gone_work_fn);

/* Its cgroup has been removed. Context: any. */
static void removed(struct scmod_policy *p)
{
	WRITE_ONCE(p->dying, true);
	schedule_delayed_work(&gone_work, 0);
}

/* How long to wait before trying again, where there was no memory. */
#define GONE_RETRY	(HZ / 10)

static bool is_below(struct scmod_policy *p, struct scmod_policy *top)
{
	return p->cgrp && cgroup_is_descendant(p->cgrp, top->cgrp);
}

/*
 * The nearest tracked ancestor of @p as it will be: @changed, which is not in
 * the table yet if it is new, counts unless it is @leaving.
 */
static struct scmod_policy *parent_of(struct scmod_policy *p,
				      struct scmod_policy *changed, bool leaving)
{
	struct cgroup *cgrp;

	for (cgrp = cgroup_parent(p->cgrp); cgrp; cgrp = cgroup_parent(cgrp)) {
		struct scmod_policy *up;

		if (cgrp == changed->cgrp)
			up = leaving ? NULL : changed;
		else
			up = scmod_view_policy(cgrp);
		if (up)
			return up;
	}
	return NULL;
}

static void next_drop(void)
{
	struct scmod_policy *p, *tmp;

	list_for_each_entry_safe(p, tmp, &changing, change) {
		kfree(p->next);
		p->next = NULL;
		list_del_init(&p->change);
	}
}

static int next_new(struct scmod_policy *p, const struct scmod_rules *rules)
{
	p->next = scmod_view_new(p, rules);
	if (!p->next)
		return -ENOMEM;
	list_add_tail(&p->change, &changing);
	return 0;
}

/* New views for every tracked cgroup below @top, but not for itself. */
static int next_build(struct scmod_policy *top)
{
	struct scmod_policy *p;
	unsigned long serial;
	int ret;

	xa_for_each(&policies, serial, p) {
		cond_resched();
		if (p == top || !is_below(p, top))
			continue;
		ret = next_new(p, &p->view->rules);
		if (ret)
			return ret;
	}
	return 0;
}

static int by_level(void *priv, const struct list_head *a, const struct list_head *b)
{
	return list_entry(a, struct scmod_policy, change)->cgrp->level -
	       list_entry(b, struct scmod_policy, change)->cgrp->level;
}

/* Put the new view in place of the old one, which becomes @p->next. */
static void publish(struct scmod_policy *p)
{
	swap(p->view, p->next);
	scmod_view_publish(p->view, p->slot);
}

/*
 * Link the new views into chains and put them in place of the old ones. They are derived
 * from the top down, so that each can be derived from its parent's. Since a chain may
 * have a thousand policies, the CPU can be given to others in between. Meanwhile a task
 * does not see a mix of old and new: it reads one view, which leads to the whole chain of
 * its own build.
 */
static void next_publish(struct scmod_policy *changed, bool leaving)
{
	struct scmod_policy *p, *up, *tmp;

	list_sort(NULL, &changing, by_level);
	list_for_each_entry(p, &changing, change) {
		up = parent_of(p, changed, leaving);
		p->next->up = !up ? NULL : up->next ?: up->view;
		scmod_view_derive(p->next);
		cond_resched();
	}
	list_for_each_entry(p, &changing, change) {
		publish(p);
		cond_resched();
	}
	/* Now that all are in place no reader can begin at an old view any more. */
	list_for_each_entry_safe(p, tmp, &changing, change) {
		if (p->next)
			scmod_view_free(p->next);
		p->next = NULL;
		list_del_init(&p->change);
		cond_resched();
	}
}

/* By the id that a policy's cgroup has, or had, in the v2 hierarchy. */
struct scmod_policy *scmod_policy_find(u64 id)
{
	struct scmod_policy *p;
	unsigned long serial;

	lockdep_assert_held(&scmod_policy_lock);
	xa_for_each(&policies, serial, p)
		if (p->id == id)
			return p;
	return NULL;
}

/* The policy of a cgroup that lives. */
struct scmod_policy *scmod_policy_of(struct cgroup *cgrp)
{
	lockdep_assert_held(&scmod_policy_lock);
	return scmod_view_policy(cgrp);
}

/* The oldest policy younger than @serial, to page through all of them. */
struct scmod_policy *scmod_policy_after(unsigned long serial)
{
	lockdep_assert_held(&scmod_policy_lock);
	return xa_find_after(&policies, &serial, ULONG_MAX, XA_PRESENT);
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
	if (p->cgrp)
		cgroup_put(p->cgrp);
	kfree(p->view);
	kfree(p->path);
	scmod_record_exit(&p->records);
	kfree(p);
}

/**
 * scmod_policy_new() - a policy for @cgrp, known to nobody yet
 * @cgrp: a cgroup v2 directory; a reference of its own is taken
 * @extack: why not
 *
 * The first scmod_policy_set() puts it to work, or scmod_policy_discard() ends
 * it.
 */
struct scmod_policy *scmod_policy_new(struct cgroup *cgrp,
				      struct netlink_ext_ack *extack)
{
	struct scmod_policy *p;
	char *path;
	int ret = -ENOMEM;

	lockdep_assert_held(&scmod_policy_lock);
	/*
	 * cgroup_get_from_fd() finds v2 cgroups only, on the kernels that are known; that
	 * has changed between versions before, so check.
	 */
	if (!scmod_cgroup_is_v2(cgrp)) {
		NL_SET_ERR_MSG(extack, "A cgroup v1 directory; policies are for cgroup v2");
		return ERR_PTR(-EBADF);
	}
	if (policies_count >= max_policies) {
		NL_SET_ERR_MSG(extack, "As many policies as max_policies allows are kept; forget some, or load scmod with a higher max_policies");
		return ERR_PTR(-ENOSPC);
	}
	p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	path = kmalloc(SCMOD_PATH_MAX, GFP_KERNEL);
	if (!p || !path || scmod_record_init(&p->records))
		goto err_free;
	ret = cgroup_path(cgrp, path, SCMOD_PATH_MAX);
	if (ret < 0 || ret >= SCMOD_PATH_MAX) {
		NL_SET_ERR_MSG(extack, "The path of this cgroup is too long");
		ret = -ENAMETOOLONG;
		goto err_free;
	}
	ret = -ENOMEM;
	p->path = kstrdup(path, GFP_KERNEL_ACCOUNT);
	if (!p->path)
		goto err_free;
	kfree(path);
	cgroup_get(cgrp);
	p->cgrp = cgrp;
	p->id = cgroup_id(cgrp);
	INIT_LIST_HEAD(&p->change);
	return p;

err_free:
	kfree(path);
	if (p)
		policy_free(p);
	return ERR_PTR(ret);
}

void scmod_policy_discard(struct scmod_policy *p)
{
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
	return 0;
}

static void unpin(struct scmod_policy *p)
{
	if (p->pinned)
		module_put(THIS_MODULE);
	p->pinned = false;
}

/* Add @p to the list of policies and give it a slot. The hook does not see it yet. */
static int insert(struct scmod_policy *p)
{
	int slot = ida_alloc_range(&slots, 1, max_policies, GFP_KERNEL);
	int ret;

	if (slot < 0)
		return slot;
	ret = xa_insert(&policies, last_serial + 1, p, GFP_KERNEL_ACCOUNT);
	if (ret) {
		ida_free(&slots, slot);
		return ret;
	}
	p->serial = ++last_serial;
	p->slot = slot;
	WRITE_ONCE(policies_count, policies_count + 1);
	return 0;
}

static void slot_free(struct scmod_policy *p)
{
	if (p->slot)
		ida_free(&slots, p->slot);
	p->slot = 0;
}

static void remove(struct scmod_policy *p)
{
	slot_free(p);
	xa_erase(&policies, p->serial);
	WRITE_ONCE(policies_count, policies_count - 1);
}

/* Views for @p, which joins the others if it is new, and for all below. */
static int prepare(struct scmod_policy *p, const struct scmod_rules *rules)
{
	bool is_new = !p->view;
	int ret = is_new ? insert(p) : 0;

	if (ret)
		return ret;
	ret = next_new(p, rules);
	if (!ret)
		ret = next_build(p);
	if (ret) {
		next_drop();
		if (is_new)
			remove(p);
	}
	return ret;
}

/* The first views of a policy are in place: let the hook find them. */
static void begin(struct scmod_policy *p)
{
	scmod_view_track(p);
	/* on_rmdir() may have looked for the policy before it could be found. */
	smp_mb();
	if (!(READ_ONCE(p->cgrp->self.flags) & CSS_ONLINE))
		removed(p);
	scmod_view_flush();
}

static int may_set(const struct scmod_policy *p, const struct scmod_rules *rules,
		   struct netlink_ext_ack *extack)
{
	if (scmod_policy_gone(p)) {
		NL_SET_ERR_MSG(extack, "The cgroup of this policy has been removed; its record can be read or forgotten");
		return -ENODEV;
	}
	if (rules->mode == SCMOD_MODE_ENFORCE && !cgroup_parent(p->cgrp)) {
		NL_SET_ERR_MSG(extack, "The root cgroup holds every task, the one that could undo this too; enforce in a cgroup below it");
		return -EINVAL;
	}
	return 0;
}

/**
 * scmod_policy_set() - let @rules hold in a policy from one instant on
 * @p: the policy; one from scmod_policy_new() joins the others
 * @rules: its new rules, whole
 * @extack: why not
 *
 * When this returns, every call that begins is decided by the new rules, and
 * every task concerned is marked. On error nothing has changed. That the kernel's
 * probes fire is for the caller to see to: scmod_attach_check_armed().
 */
int scmod_policy_set(struct scmod_policy *p, const struct scmod_rules *rules,
		     struct netlink_ext_ack *extack)
{
	bool is_new = !p->view;
	bool begins = scmod_mode_records(rules->mode) &&
		      (is_new || !scmod_mode_records(p->view->rules.mode));
	bool enforces = rules->mode == SCMOD_MODE_ENFORCE;
	bool was_pinned = p->pinned;
	unsigned int tasks;
	int ret;

	lockdep_assert_held(&scmod_policy_lock);
	ret = may_set(p, rules, extack);
	if (!ret && enforces)
		ret = pin(p, extack);
	if (ret)
		return ret;
	ret = prepare(p, rules);
	if (ret) {
		NL_SET_ERR_MSG(extack, "Out of memory; nothing was changed");
		if (!was_pinned)
			unpin(p);
		return ret;
	}
	next_publish(p, false);
	if (is_new)
		begin(p);
	else
		synchronize_rcu();
	if (!enforces)
		unpin(p);
	tasks = scmod_mark_below(p->cgrp, begins);
	if (begins && tasks)
		p->partial = true;
	return 0;
}

/* End the effect of a policy. It keeps a view, unpublished, with its last rules. */
static int unlink_policy(struct scmod_policy *p)
{
	struct scmod_view *last;
	int ret;

	last = scmod_view_new(p, &p->view->rules);
	ret = last ? next_build(p) : -ENOMEM;
	if (ret) {
		next_drop();
		kfree(last);
		return ret;
	}
	scmod_view_untrack(p);
	next_publish(p, true);
	scmod_view_flush();
	/* Readers that have the slot from the cache still use the view in it. */
	synchronize_rcu();
	scmod_view_publish(NULL, p->slot);
	kfree(p->view);
	p->view = last;
	slot_free(p);
	scmod_mark_below(p->cgrp, false);
	cgroup_put(p->cgrp);
	p->cgrp = NULL;
	unpin(p);
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
	if (p->cgrp && unlink_policy(p)) {
		NL_SET_ERR_MSG(extack, "Out of memory; nothing was changed");
		return -ENOMEM;
	}
	scmod_event_drain();
	remove(p);
	policy_free(p);
	return 0;
}

/*
 * The oldest policy younger than @serial whose cgroup was removed, and which has not been
 * unlinked yet.
 */
static struct scmod_policy *gone_after(unsigned long serial)
{
	struct scmod_policy *p = scmod_policy_after(serial);

	while (p && !(p->cgrp && READ_ONCE(p->dying)))
		p = scmod_policy_after(p->serial);
	return p;
}

/* Unlinking takes some grace periods each, so the lock is released in between. */
static void gone_work_fn(struct work_struct *work)
{
	unsigned long serial = 0;
	struct scmod_policy *p;
	int ret = 0;

	do {
		mutex_lock(&scmod_policy_lock);
		p = gone_after(serial);
		if (p) {
			serial = p->serial;
			ret = unlink_policy(p);
			if (!ret)
				scmod_event_policy(SCMOD_EVENT_GONE, p);
		}
		mutex_unlock(&scmod_policy_lock);
	} while (p && !ret);
	/* There was no memory. Nobody waits, since there are no tasks in such a cgroup. */
	if (ret)
		schedule_delayed_work(&gone_work, GONE_RETRY);
}

/* From a tracepoint: this cgroup, v1 or v2, has been removed. */
static void on_rmdir(void *data, struct cgroup *cgrp, const char *path)
{
	struct scmod_policy *p;

	rcu_read_lock();
	p = scmod_view_policy(cgrp);
	if (p)
		removed(p);
	rcu_read_unlock();
}

static struct scmod_tracepoint_use rmdir = {
	.name = "cgroup_rmdir", .probe = on_rmdir,
};

int scmod_policy_watch(void)
{
	return scmod_tracepoint_use(&rmdir, 1);
}

void scmod_policy_unwatch(void)
{
	scmod_tracepoint_unuse(&rmdir, 1);
}

int scmod_policy_init(void)
{
	if (!max_policies || max_policies > POLICIES_LIMIT) {
		pr_err("max_policies=%u: must be 1 to %u\n", max_policies,
		       POLICIES_LIMIT);
		return -EINVAL;
	}
	return scmod_view_init(max_policies);
}

/* The hook and the tracepoints are off; nothing enforces. */
void scmod_policy_exit(void)
{
	struct scmod_policy *p;
	unsigned long serial;

	cancel_delayed_work_sync(&gone_work);
	xa_for_each(&policies, serial, p)
		policy_free(p);
	xa_destroy(&policies);
	ida_destroy(&slots);
	scmod_view_exit();
}
