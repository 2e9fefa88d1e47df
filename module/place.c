// SPDX-License-Identifier: GPL-2.0
/*
 * Places: the cgroups that policies are in force in. They come and go with the cgroups.
 *
 * When a cgroup is made whose path is a policy's name, it gets a place before any task
 * can be in it: the kernel passes the tracepoint after it has made the cgroup, and before
 * its directory can be opened. There nothing can be allocated (on PREEMPT_RT, not even
 * atomically), so some places are kept ready. Whoever makes such a cgroup makes up for
 * the place that it took, before its mkdir() returns: so one task can't use them up.
 *
 * If none is ready all the same, or as many cgroups have places as may, then the cgroup is
 * shut: where the policy enforces, every call is refused but those by which a task ends.
 * A worker gives such cgroups places as soon as there is room.
 */
#include <linux/delay.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/task_work.h>
#include <linux/workqueue.h>

#include "name.h"
#include "place.h"
#include "taskwork.h"
#include "tracepoint.h"

static unsigned int max_cgroups = 16384;
module_param(max_cgroups, uint, 0444);
MODULE_PARM_DESC(max_cgroups, "Most cgroups that policies are in force in at a time: 1 to 65000 (default: 16384; 1 KiB each while there)");

#define CGROUPS_LIMIT	65000

/* So many tasks can make cgroups of policies' names at the same time. */
#define READY	64

static_assert(BIT(SCMOD_CACHE_SLOT_BITS) > CGROUPS_LIMIT + READY);

/* See place.h. */
DEFINE_RAW_SPINLOCK(scmod_place_lock);
LIST_HEAD(scmod_places);

/*
 * Places with a slot and memory for a view; and those that cgroups have got when they were
 * made, in that order, until somebody with scmod_policy_lock adopts them. Linked by
 * &scmod_place.list, under scmod_place_lock.
 */
static LIST_HEAD(ready);
static LIST_HEAD(arrived);
static unsigned int ready_count;

/* How many of READY are wanted: none before there is a name. */
static bool want_ready;

/* Places that have cgroups; under scmod_place_lock. */
static unsigned int used;

/*
 * Places of removed cgroups, by &scmod_place.removed, as the tracepoint adds them; and
 * those of them that have been looked at, by &scmod_place.gone.
 */
static LLIST_HEAD(removed);
static LIST_HEAD(gone);

/*
 * How many cgroups found no room when they were made, since load; under scmod_place_lock.
 * And how many are shut, as far as is known.
 */
static unsigned int roomless;
static unsigned int shut;

/* See scmod_place_unseen(); under scmod_place_lock. */
static bool unseen;

/* Slots in use: see view.h. */
static DEFINE_IDA(slots);

/* Tasks that are to make up for a place before they return to user mode. */
static atomic_t debtors = ATOMIC_INIT(0);

/* See scmod_place_init(). */
static void (*see)(void);

static void refill_fn(struct work_struct *work);
static DECLARE_WORK(refill_work, refill_fn);

static void place_free_now(struct scmod_place *place)
{
	ida_free(&slots, place->slot);
	kfree(place->debt);
	kfree(place->view);
	kfree(place);
}

static struct scmod_place *place_alloc(void)
{
	struct scmod_place *place = kzalloc(sizeof(*place), GFP_KERNEL);
	int slot;

	if (!place)
		return NULL;
	slot = ida_alloc_range(&slots, 1, max_cgroups + READY, GFP_KERNEL);
	if (slot < 0) {
		kfree(place);
		return NULL;
	}
	place->slot = slot;
	INIT_LIST_HEAD(&place->list);
	INIT_LIST_HEAD(&place->change);
	INIT_LIST_HEAD(&place->gone);
	return place;
}

/* A place with all that it needs where nothing can be allocated. */
static struct scmod_place *place_alloc_ready(void)
{
	struct scmod_place *place = place_alloc();

	if (!place)
		return NULL;
	place->view = kzalloc(sizeof(*place->view), GFP_KERNEL);
	place->debt = kzalloc(sizeof(*place->debt), GFP_KERNEL);
	if (place->view && place->debt)
		return place;
	place_free_now(place);
	return NULL;
}

static bool ready_lacks(void)
{
	return READ_ONCE(want_ready) && READ_ONCE(ready_count) < READY;
}

/* Keep as many places ready as are wanted. Sleeps; may be called at the same time. */
static int refill(void)
{
	while (ready_lacks()) {
		struct scmod_place *place = place_alloc_ready();
		bool more;

		if (!place)
			return -ENOMEM;
		raw_spin_lock_irq(&scmod_place_lock);
		more = ready_count < READY;
		if (more) {
			list_add_tail(&place->list, &ready);
			WRITE_ONCE(ready_count, ready_count + 1);
		}
		raw_spin_unlock_irq(&scmod_place_lock);
		/* Somebody else was faster. */
		if (!more)
			place_free_now(place);
	}
	return 0;
}

static void refill_fn(struct work_struct *work)
{
	refill();
}

/* From now on there are names. */
int scmod_place_fill_ready(void)
{
	WRITE_ONCE(want_ready, true);
	return refill();
}

static void pay_fn(struct callback_head *debt)
{
	kfree(debt);
	refill();
	atomic_dec(&debtors);
}

/* Let current make up for the place that its cgroup has got; if it can't, a worker will. */
static void charge(struct scmod_place *place)
{
	atomic_inc(&debtors);
	init_task_work(place->debt, pay_fn);
	if (!(current->flags & (PF_KTHREAD | PF_EXITING)) &&
	    !scmod_taskwork_add(place->debt)) {
		place->debt = NULL;
		return;
	}
	atomic_dec(&debtors);
	schedule_work(&refill_work);
}

/* A ready place, or NULL. Under scmod_place_lock. */
static struct scmod_place *take_ready(void)
{
	struct scmod_place *place;

	if (used >= max_cgroups)
		return NULL;
	place = list_first_entry_or_null(&ready, struct scmod_place, list);
	if (!place)
		return NULL;
	list_del_init(&place->list);
	WRITE_ONCE(ready_count, ready_count - 1);
	used++;
	return place;
}

static void give_cgroup(struct scmod_place *place, struct scmod_policy *p,
			struct cgroup *cgrp)
{
	cgroup_get(cgrp);
	place->policy = p;
	place->cgrp = cgrp;
	atomic_inc(&p->present);
	scmod_view_track(place);
}

/* Let the policy be in force in the cgroup that is being made. Under scmod_place_lock. */
static void arrive(struct scmod_place *place, struct scmod_policy *p, struct cgroup *cgrp)
{
	struct scmod_view *view = place->view;

	give_cgroup(place, p, cgrp);
	place->up = scmod_view_place_above(cgroup_parent(cgrp));
	view->policy = p;
	view->rules = p->rules;
	if (place->up)
		view->up = rcu_dereference_raw(scmod_views[place->up->slot]);
	scmod_view_derive(view);
	scmod_view_publish(view, place->slot);
	/* Pairs with the acquire in scmod_view_place(). */
	smp_store_release(&place->live, true);
	list_add_tail(&place->list, &arrived);
	p->came++;
	/* All that starts there is seen. */
	if (scmod_mode_records(p->rules->mode))
		p->partial = false;
}

/* Under scmod_place_lock. */
static void shut_one(void)
{
	roomless++;
	WRITE_ONCE(shut, shut + 1);
	WRITE_ONCE(scmod_view_shut, true);
}

/*
 * From a tracepoint, with interrupts off: this cgroup, v1 or v2, is being made. Its parent
 * can't be removed meanwhile.
 */
static void on_mkdir(void *data, struct cgroup *cgrp, const char *path)
{
	struct scmod_place *place = NULL;
	struct scmod_name *name;
	unsigned long flags;

	if (!scmod_name_any() || !scmod_cgroup_is_v2(cgrp))
		return;
	rcu_read_lock();
	raw_spin_lock_irqsave(&scmod_place_lock, flags);
	/* Who looked through all cgroups may have found it already, and given it a place. */
	name = scmod_view_place_next(cgrp) ? NULL : scmod_name_of(cgrp);
	if (name)
		place = take_ready();
	if (place)
		arrive(place, name->policy, cgrp);
	else if (name)
		shut_one();
	raw_spin_unlock_irqrestore(&scmod_place_lock, flags);
	rcu_read_unlock();
	if (place)
		charge(place);
	if (name)
		see();
}

/* Its cgroup has been removed. Context: any. */
static void place_removed(struct scmod_place *place)
{
	if (xchg(&place->dying, true))
		return;
	atomic_dec(&place->policy->present);
	llist_add(&place->removed, &removed);
	see();
}

/*
 * From a tracepoint: this cgroup, v1 or v2, has been removed. All cgroups below it were
 * removed before.
 */
static void on_rmdir(void *data, struct cgroup *cgrp, const char *path)
{
	struct scmod_place *place;

	rcu_read_lock();
	place = scmod_view_place(cgrp);
	if (place)
		place_removed(place);
	rcu_read_unlock();
	/* It may have been shut, or there is room now for one that is. */
	if (READ_ONCE(scmod_view_shut))
		see();
}

static struct scmod_tracepoint_use uses[] = {
	{ .name = "cgroup_mkdir", .probe = on_mkdir },
	{ .name = "cgroup_rmdir", .probe = on_rmdir },
};

/**
 * scmod_place_new() - a place for a cgroup that is there, not live yet
 * @p: the policy that will be in force there
 * @cgrp: the cgroup; a reference of its own is taken
 * @extack: why not
 *
 * It is in the list of all places. scmod_place_begin() follows when it is live, or
 * scmod_place_end() and scmod_place_free().
 */
struct scmod_place *scmod_place_new(struct scmod_policy *p, struct cgroup *cgrp,
				    struct netlink_ext_ack *extack)
{
	struct scmod_place *place = NULL;
	/* Then all slots may be in use, too, and place_alloc() could not tell why it fails. */
	bool full = READ_ONCE(used) >= max_cgroups;

	if (!full) {
		place = place_alloc();
		if (!place)
			return ERR_PTR(-ENOMEM);
		raw_spin_lock_irq(&scmod_place_lock);
		full = used >= max_cgroups;
		if (!full) {
			used++;
			give_cgroup(place, p, cgrp);
			list_add_tail(&place->list, &scmod_places);
		}
		raw_spin_unlock_irq(&scmod_place_lock);
	}
	if (!full)
		return place;
	if (place)
		place_free_now(place);
	NL_SET_ERR_MSG(extack, "Policies are in force in as many cgroups as max_cgroups allows; forget some, or load scmod with a higher max_cgroups");
	return ERR_PTR(-ENOSPC);
}

/* The hook finds it by now. */
void scmod_place_begin(struct scmod_place *place)
{
	/* on_rmdir() may have looked for the place before it was live. */
	smp_mb();
	if (!(READ_ONCE(place->cgrp->self.flags) & CSS_ONLINE))
		place_removed(place);
}

/* Let nobody find it any more, but for readers that found it before; see RCU. */
void scmod_place_end(struct scmod_place *place)
{
	raw_spin_lock_irq(&scmod_place_lock);
	WRITE_ONCE(place->live, false);
	place->ended = true;
	scmod_view_untrack(place);
	list_del_init(&place->list);
	used--;
	raw_spin_unlock_irq(&scmod_place_lock);
	if (!xchg(&place->dying, true))
		atomic_dec(&place->policy->present);
}

static void free_rcu(struct rcu_head *rcu)
{
	struct scmod_place *place = container_of(rcu, struct scmod_place, rcu);

	cgroup_put(place->cgrp);
	kfree(place->debt);
	kfree(place->view);
	kfree(place);
}

/* Places that end now are not for the worker any more. Needs a grace period before. */
static void look_at_removed(void)
{
	struct llist_node *node = llist_del_all(&removed);
	struct scmod_place *place;

	llist_for_each_entry(place, node, removed)
		if (!place->ended)
			list_add(&place->gone, &gone);
}

/* After scmod_place_end() and a grace period. */
void scmod_place_free(struct scmod_place *place)
{
	look_at_removed();
	list_del_init(&place->gone);
	scmod_view_publish(NULL, place->slot);
	ida_free(&slots, place->slot);
	call_rcu(&place->rcu, free_rcu);
}

/* Is @p in force in the root cgroup? */
bool scmod_place_has_root(const struct scmod_policy *p)
{
	struct scmod_place *place;

	list_for_each_entry(place, &scmod_places, list)
		if (place->policy == p && place->cgrp == &cgrp_dfl_root.cgrp)
			return true;
	return false;
}

/**
 * scmod_place_adopt() - take the places of cgroups that were made, in that order
 * @to: where they are put, by &scmod_place.list
 */
void scmod_place_adopt(struct list_head *to)
{
	raw_spin_lock_irq(&scmod_place_lock);
	list_splice_tail_init(&arrived, to);
	raw_spin_unlock_irq(&scmod_place_lock);
}

/**
 * scmod_place_take_removed() - take the places of cgroups that were removed
 * @to: where they are put, by &scmod_place.gone. If a place is among them, then so are
 *	those of all cgroups below, or they were taken before
 */
void scmod_place_take_removed(struct list_head *to)
{
	look_at_removed();
	list_splice_tail_init(&gone, to);
}

/**
 * scmod_place_next_cgroup() - go through all cgroups of the v2 hierarchy, the upper first
 * @pos: the one before, whose reference is put; NULL to begin
 *
 * Those that are made or removed meanwhile may be left out.
 *
 * Return: the next one with a reference, NULL after the last one.
 */
struct cgroup *scmod_place_next_cgroup(struct cgroup *pos)
{
	struct cgroup_subsys_state *top = &cgrp_dfl_root.cgrp.self;
	struct cgroup_subsys_state *css = pos ? &pos->self : NULL;

	rcu_read_lock();
	do
		css = css_next_descendant_pre(css, top);
	while (css && !css_tryget_online(css));
	rcu_read_unlock();
	if (pos)
		cgroup_put(pos);
	return css ? css->cgroup : NULL;
}

/* Somebody begins to look at all cgroups for shut ones, and to give them places. */
unsigned int scmod_place_look_begin(void)
{
	return READ_ONCE(roomless);
}

/*
 * There were @found that could get no place. Others may have been made since
 * scmod_place_look_begin(), which returned @since.
 */
void scmod_place_look_end(unsigned int since, unsigned int found)
{
	raw_spin_lock_irq(&scmod_place_lock);
	WRITE_ONCE(shut, found + roomless - since);
	WRITE_ONCE(scmod_view_shut, shut || unseen);
	raw_spin_unlock_irq(&scmod_place_lock);
}

/**
 * scmod_place_unseen() - may cgroups be made without on_mkdir() being called?
 * @is: whether they may, from now on
 *
 * Then any cgroup without a place may be one that should have one: it is shut if it has
 * a policy's name, and a worker looks for such cgroups.
 */
void scmod_place_unseen(bool is)
{
	bool begins;

	raw_spin_lock_irq(&scmod_place_lock);
	begins = is && !unseen;
	unseen = is;
	if (begins)
		WRITE_ONCE(scmod_view_shut, true);
	raw_spin_unlock_irq(&scmod_place_lock);
	if (begins)
		see();
}

unsigned int scmod_place_shut(void)
{
	return READ_ONCE(shut);
}

unsigned int scmod_place_count(void)
{
	return READ_ONCE(used);
}

unsigned int scmod_place_max(void)
{
	return max_cgroups;
}

/*
 * Notice that cgroups are made and removed, from now on, and no more. Needed while there
 * are policies; see attach.c.
 */
int scmod_place_watch(void)
{
	return scmod_tracepoint_use(uses, ARRAY_SIZE(uses));
}

void scmod_place_unwatch(void)
{
	scmod_tracepoint_unuse(uses, ARRAY_SIZE(uses));
	while (atomic_read(&debtors))
		msleep(20);
	/* No task is inside pay_fn() any more. */
	synchronize_rcu_tasks();
}

int scmod_place_init(void (*to)(void))
{
	if (!max_cgroups || max_cgroups > CGROUPS_LIMIT) {
		pr_err("max_cgroups=%u: must be 1 to %u\n", max_cgroups, CGROUPS_LIMIT);
		return -EINVAL;
	}
	see = to;
	return scmod_view_init(max_cgroups + READY);
}

/* The tracepoints are off, and nobody has a place any more. */
void scmod_place_exit(void)
{
	struct scmod_place *place, *tmp;

	cancel_work_sync(&refill_work);
	list_for_each_entry_safe(place, tmp, &ready, list)
		place_free_now(place);
	scmod_view_exit();
	ida_destroy(&slots);
}
