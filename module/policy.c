// SPDX-License-Identifier: GPL-2.0
/*
 * Policies: which cgroups are tracked, what holds in each, and the derived
 * views that the hook reads.
 *
 * Writers are serialized by scmod_policy_lock and publish under RCU. The hook
 * and the tracepoints read with preemption off.
 */
#include <linux/hashtable.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "event.h"
#include "mark.h"
#include "policy.h"
#include "watch.h"

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

/* Slots in use: see policy.h. */
static DEFINE_IDA(slots);

/* Live policies by cgroup id; written under scmod_policy_lock, read by RCU. */
static DEFINE_HASHTABLE(live, 10);

/* See policy.h. */
struct scmod_view __rcu **scmod_views;
u64 scmod_cache[SCMOD_CACHE_ENTRIES];

static_assert(BIT(SCMOD_CACHE_SLOT_BITS) > POLICIES_LIMIT);

/* What kmalloc() makes of them; with the records below 16 KiB. */
static_assert(sizeof(struct scmod_policy) <= 2048);
static_assert(sizeof(struct scmod_view) <= 1024);

static void gone_work_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(gone_work, gone_work_fn);

/* When there was no memory for it. */
#define GONE_RETRY	(HZ / 10)

static struct scmod_policy *live_find(u64 id)
{
	struct scmod_policy *p;

	hash_for_each_possible_rcu(live, p, hash, id, true)
		if (p->id == id)
			return p;
	return NULL;
}

/* The policy that applies to tasks in @cgrp: its own or the nearest above. */
static struct scmod_policy *live_above(struct cgroup *cgrp)
{
	for (; cgrp; cgrp = cgroup_parent(cgrp)) {
		struct scmod_policy *p = live_find(cgroup_id(cgrp));

		if (p)
			return p;
	}
	return NULL;
}

/*
 * Whole words: memset() may clear bytes, and an id without its slot says that no
 * policy applies.
 */
static void cache_sweep(void)
{
	unsigned int i;

	for (i = 0; i < SCMOD_CACHE_ENTRIES; i++)
		WRITE_ONCE(scmod_cache[i], 0);
}

/*
 * Handlers that read the tree before the change may still write what they
 * found; they are over after a grace period, and what they wrote goes with the
 * second sweep.
 */
static void cache_flush(void)
{
	cache_sweep();
	synchronize_rcu();
	cache_sweep();
}

/* What scmod_view_of() does when the cache doesn't know. */
struct scmod_view *scmod_view_find(struct cgroup *cgrp)
{
	struct scmod_policy *p = live_above(cgrp);
	u64 slot = p ? READ_ONCE(p->slot) : 0;
	u64 id = cgroup_id(cgrp);

	if (id <= U64_MAX >> SCMOD_CACHE_SLOT_BITS)
		WRITE_ONCE(*scmod_cache_of(id), id << SCMOD_CACHE_SLOT_BITS | slot);
	return rcu_dereference_raw(scmod_views[slot]);
}

static void view_free_rcu(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct scmod_view, rcu));
}

static struct scmod_view *view_new(struct scmod_policy *p,
				   const struct scmod_rules *rules)
{
	struct scmod_view *v = kzalloc(sizeof(*v), GFP_KERNEL_ACCOUNT);

	if (v) {
		v->policy = p;
		v->rules = *rules;
	}
	return v;
}

/*
 * Calls that only code makes which the kernel puts into a process where a tracer
 * probes it: they are no calls of the program's, and refused they would end it. The
 * kernel sees to it that they come from there, and spares them its own seccomp, too:
 * seccomp_uprobe_exception().
 */
static void quiet_kernels_own(struct scmod_bitmap *quiet)
{
#ifdef __NR_uretprobe
	__set_bit(__NR_uretprobe, quiet->bits);
#endif
#ifdef __NR_uprobe
	__set_bit(__NR_uprobe, quiet->bits);
#endif
}

/* Fill in what follows from the chain; the chain's rules are all there. */
static void view_derive(struct scmod_view *view)
{
	struct scmod_view *v;
	unsigned int abi;

	memset(view->quiet, 0xff, sizeof(view->quiet));
	view->active = false;
	for (v = view; v; v = v->up) {
		if (v->rules.mode != SCMOD_MODE_OFF)
			view->active = true;
		for (abi = 0; abi < SCMOD_ABIS; abi++)
			scmod_quiet_narrow(&view->quiet[abi], &v->rules,
					   &v->policy->seen[abi], abi);
	}
	quiet_kernels_own(&view->quiet[SCMOD_ABI_X86_64]);
}

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
			up = live_find(cgroup_id(cgrp));
		if (up)
			return up;
	}
	return NULL;
}

static void next_drop(void)
{
	struct scmod_policy *p;
	unsigned long serial;

	xa_for_each(&policies, serial, p) {
		kfree(p->next);
		p->next = NULL;
	}
}

/* New views for every tracked cgroup below @top, which has its own already. */
static int next_build(struct scmod_policy *top)
{
	struct scmod_policy *p;
	unsigned long serial;

	xa_for_each(&policies, serial, p) {
		if (p == top || !is_below(p, top))
			continue;
		p->next = view_new(p, &p->view->rules);
		if (!p->next)
			return -ENOMEM;
	}
	return 0;
}

/* Tie the new views into chains and put them in place of the old ones. */
static void next_publish(struct scmod_policy *changed, bool leaving)
{
	struct scmod_policy *p, *up;
	unsigned long serial;

	xa_for_each(&policies, serial, p) {
		if (!p->next)
			continue;
		up = parent_of(p, changed, leaving);
		p->next->up = !up ? NULL : up->next ?: up->view;
	}
	xa_for_each(&policies, serial, p)
		if (p->next)
			view_derive(p->next);
	xa_for_each(&policies, serial, p) {
		if (!p->next)
			continue;
		swap(p->view, p->next);
		rcu_assign_pointer(scmod_views[p->slot], p->view);
	}
	/* Only when all are in place does no old chain begin any more. */
	xa_for_each(&policies, serial, p) {
		if (p->next)
			call_rcu(&p->next->rcu, view_free_rcu);
		p->next = NULL;
	}
}

struct scmod_policy *scmod_policy_find(u64 id)
{
	struct scmod_policy *p = live_find(id);
	unsigned long serial;

	lockdep_assert_held(&scmod_policy_lock);
	if (p)
		return p;
	xa_for_each(&policies, serial, p)
		if (p->id == id)
			return p;
	return NULL;
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
 * Enforcement must not end by unloading: hold the module while it lasts. Taken
 * before the change, dropped after it.
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

/* A place among the others, and a slot; not seen by the hook yet. */
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

static int next_build_all(struct scmod_policy *p, const struct scmod_rules *rules)
{
	p->next = view_new(p, rules);
	return p->next ? next_build(p) : -ENOMEM;
}

/**
 * scmod_policy_set() - let @rules hold in a policy from one instant on
 * @p: the policy; one from scmod_policy_new() joins the others
 * @rules: its new rules, whole
 * @extack: why not
 *
 * When this returns, every call that begins is decided by the new rules, and
 * every task concerned is marked. On error nothing has changed.
 */
int scmod_policy_set(struct scmod_policy *p, const struct scmod_rules *rules,
		     struct netlink_ext_ack *extack)
{
	bool is_new = !p->view;
	bool recorded = !is_new && scmod_mode_records(p->view->rules.mode);
	bool records = scmod_mode_records(rules->mode);
	bool enforces = rules->mode == SCMOD_MODE_ENFORCE;
	bool was_pinned = p->pinned;
	unsigned int tasks;
	int ret;

	lockdep_assert_held(&scmod_policy_lock);
	if (scmod_policy_gone(p)) {
		NL_SET_ERR_MSG(extack, "The cgroup of this policy has been removed; its record can be read or forgotten");
		return -ENODEV;
	}
	if (enforces && !cgroup_parent(p->cgrp)) {
		NL_SET_ERR_MSG(extack, "The root cgroup holds every task, the one that could undo this too; enforce in a cgroup below it");
		return -EINVAL;
	}
	if (rules->mode != SCMOD_MODE_OFF && !scmod_watch_armed()) {
		NL_SET_ERR_MSG(extack, "The kernel's probes have been switched off, or another module's takes tasks from ptrace_notify; write 1 to debugfs' kprobes/enabled, or see kprobes/list there");
		return -EOPNOTSUPP;
	}
	if (enforces) {
		ret = pin(p, extack);
		if (ret)
			return ret;
	}
	ret = is_new ? insert(p) : 0;
	if (!ret) {
		ret = next_build_all(p, rules);
		if (ret) {
			next_drop();
			if (is_new)
				remove(p);
		}
	}
	if (ret) {
		NL_SET_ERR_MSG(extack, "Out of memory; nothing was changed");
		if (!was_pinned)
			unpin(p);
		return ret;
	}
	if (is_new) {
		next_publish(p, false);
		hash_add_rcu(live, &p->hash, p->id);
		/* rmdir may have looked for the policy before it was there. */
		smp_mb();
		if (!(READ_ONCE(p->cgrp->self.flags) & CSS_ONLINE))
			scmod_policy_rmdir(p->cgrp);
		cache_flush();
		scmod_watch_start();
	} else {
		next_publish(p, false);
		synchronize_rcu();
	}
	if (!enforces)
		unpin(p);
	tasks = scmod_mark_below(p->cgrp, records && !recorded);
	if (records && !recorded && tasks)
		p->partial = true;
	return 0;
}

/* Take a policy out of the tree; its last view stays for those who ask. */
static int unlink_policy(struct scmod_policy *p)
{
	struct scmod_view *last;
	int ret;

	last = view_new(p, &p->view->rules);
	ret = last ? next_build(p) : -ENOMEM;
	if (ret) {
		next_drop();
		kfree(last);
		return ret;
	}
	hash_del_rcu(&p->hash);
	next_publish(p, true);
	cache_flush();
	/* Whoever found the slot in the cache still gets what the slot held. */
	synchronize_rcu();
	RCU_INIT_POINTER(scmod_views[p->slot], NULL);
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
	/* Of a cgroup that was removed nothing is left to enforce, nor to switch off. */
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

/* The oldest one younger than @serial whose cgroup is gone, but for our reference. */
static struct scmod_policy *gone_after(unsigned long serial)
{
	struct scmod_policy *p = scmod_policy_after(serial);

	while (p && !(p->cgrp && READ_ONCE(p->dying)))
		p = scmod_policy_after(p->serial);
	return p;
}

/* Each takes some grace periods, so others get the lock in between. */
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
	/* Nobody waits for it: there are no tasks left there. */
	if (ret)
		schedule_delayed_work(&gone_work, GONE_RETRY);
}

void scmod_policy_rmdir(struct cgroup *cgrp)
{
	struct scmod_policy *p;

	rcu_read_lock();
	p = live_find(cgroup_id(cgrp));
	if (p) {
		WRITE_ONCE(p->dying, true);
		schedule_delayed_work(&gone_work, 0);
	}
	rcu_read_unlock();
}

int scmod_policy_init(void)
{
	if (!max_policies || max_policies > POLICIES_LIMIT) {
		pr_err("max_policies=%u: must be 1 to %u\n", max_policies,
		       POLICIES_LIMIT);
		return -EINVAL;
	}
	scmod_views = kvcalloc(max_policies + 1, sizeof(*scmod_views), GFP_KERNEL);
	return scmod_views ? 0 : -ENOMEM;
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
	rcu_barrier();
	kvfree(scmod_views);
}
