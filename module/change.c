// SPDX-License-Identifier: GPL-2.0
/*
 * A change of policies: new views for all that it concerns, built before the first of them
 * is published.
 *
 * Cgroups of policies' names may be made meanwhile, and get places, with views by what
 * held when they were made. These are seen to at the end of the change; see late().
 */
#include <linux/list_sort.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "change.h"
#include "event.h"
#include "place.h"

/* The places that have a new view, those of upper cgroups first. */
static LIST_HEAD(changing);

/* The place of the nearest tracked ancestor, after the change. */
static struct scmod_place *parent_of(struct scmod_place *place)
{
	struct scmod_place *up = NULL;
	struct cgroup *cgrp;

	for (cgrp = cgroup_parent(place->cgrp); cgrp && !up; cgrp = cgroup_parent(cgrp))
		up = scmod_view_place_next(cgrp);
	return up;
}

static int by_level(void *priv, const struct list_head *a, const struct list_head *b)
{
	return list_entry(a, struct scmod_place, list)->cgrp->level -
	       list_entry(b, struct scmod_place, list)->cgrp->level;
}

/* Who listens is told of the cgroups that were made; then they are as all others. */
static void told(struct list_head *places)
{
	struct scmod_place *place;

	list_for_each_entry(place, places, list)
		scmod_event_place(SCMOD_EVENT_CAME, place);
	list_splice_tail(places, &scmod_places);
}

/* Take the places of cgroups that were made until now. To be called before a change. */
void scmod_change_adopt(void)
{
	LIST_HEAD(places);

	scmod_place_adopt(&places);
	told(&places);
}

/* End places that are not live yet. */
static void drop_coming(void)
{
	struct scmod_place *place, *tmp;

	list_for_each_entry_safe(place, tmp, &scmod_places, list) {
		place->leaving = false;
		if (place->live)
			continue;
		scmod_place_end(place);
		scmod_place_free(place);
	}
}

/* Let everything be as before the change: no place comes or leaves. */
void scmod_change_drop(void)
{
	struct scmod_place *place, *tmp;

	scmod_change_adopt();
	list_for_each_entry_safe(place, tmp, &changing, change) {
		kfree(place->next);
		place->next = NULL;
		list_del_init(&place->change);
	}
	drop_coming();
}

/* Does what is above @place, or its own policy, change? All places above are built. */
static bool concerned(struct scmod_place *place, struct scmod_policy *p)
{
	if (place->leaving)
		return false;
	place->next_up = parent_of(place);
	return place->policy == p || !place->live || place->next_up != place->up ||
	       (place->up && place->up->next);
}

/**
 * scmod_change_build() - build new views where the change needs them
 * @p: the policy that changes
 * @rules: its new rules; NULL if it has no places after the change
 * @gfp: how to allocate the views; with __GFP_NOFAIL there is no error
 *
 * Places that are not live yet come, and those that are leaving go with this change.
 * On error, scmod_change_drop() is to follow.
 */
int scmod_change_build(struct scmod_policy *p, const struct scmod_rules *rules, gfp_t gfp)
{
	struct scmod_place *place;

	list_sort(NULL, &scmod_places, by_level);
	list_for_each_entry(place, &scmod_places, list) {
		cond_resched();
		if (!concerned(place, p))
			continue;
		place->next = scmod_view_new(place->policy, place->policy == p ?
					     rules : place->policy->rules, gfp);
		if (!place->next)
			return -ENOMEM;
		list_add_tail(&place->change, &changing);
	}
	return 0;
}

static void link_view(struct scmod_place *place, struct scmod_place *up,
		      struct scmod_view *above)
{
	place->up = up;
	place->next->up = above;
	scmod_view_derive(place->next);
}

/* Link the new view to the one above: the new one, if there is one, which is linked. */
static void link_next(struct scmod_place *place)
{
	struct scmod_place *up = place->next_up;

	link_view(place, up, !up ? NULL : up->next ?: up->view);
}

/* Put the new view in place of the old one, which becomes @place->next. */
static void publish(struct scmod_place *place)
{
	swap(place->view, place->next);
	scmod_view_publish(place->view, place->slot);
	/* Pairs with the acquire in scmod_view_place(). */
	smp_store_release(&place->live, true);
}

static void drop_old(struct scmod_place *place)
{
	if (place->next)
		scmod_view_free(place->next);
	place->next = NULL;
}

/*
 * These cgroups were made during the change, and their views may be by what held before,
 * or lead to views that are about to be freed. There are few of them, one for each task
 * that made one meanwhile, or it would be an error that there is no memory for them.
 */
static void late(struct list_head *places)
{
	struct scmod_place *place, *up;

	list_for_each_entry(place, places, list) {
		place->next = scmod_view_new(place->policy, place->policy->rules,
					     GFP_KERNEL | __GFP_NOFAIL);
		up = parent_of(place);
		link_view(place, up, up ? up->view : NULL);
		publish(place);
		drop_old(place);
		cond_resched();
	}
}

/**
 * scmod_change_publish() - put the new views in place of the old ones
 * @p: the policy that changes
 * @rules: its new rules, from kvmalloc(), which become its own; NULL to leave those it has
 *
 * The views are derived from the top down, so that each can be derived from its parent's.
 * Since a chain may have a thousand policies, the CPU can be given to others in between.
 * Meanwhile a task does not see a mix of old and new: it reads one view, which leads to
 * the whole chain of its own build.
 *
 * After a grace period no call is decided by what held before.
 *
 * Return: the old rules, to be freed after that; NULL if there are none.
 */
struct scmod_rules *scmod_change_publish(struct scmod_policy *p,
					 struct scmod_rules *rules)
{
	struct scmod_place *place, *tmp;
	struct scmod_rules *old = NULL;
	LIST_HEAD(places);

	list_for_each_entry(place, &changing, change) {
		link_next(place);
		cond_resched();
	}
	list_for_each_entry(place, &changing, change) {
		publish(place);
		cond_resched();
	}
	raw_spin_lock_irq(&scmod_place_lock);
	if (rules) {
		old = p->rules;
		WRITE_ONCE(p->rules, rules);
	}
	raw_spin_unlock_irq(&scmod_place_lock);
	scmod_place_adopt(&places);
	late(&places);
	told(&places);
	/* Now no reader can begin at an old view any more. */
	list_for_each_entry_safe(place, tmp, &changing, change) {
		drop_old(place);
		list_del_init(&place->change);
		cond_resched();
	}
	return old;
}

/**
 * scmod_change_end_places() - after a change of which policy applies where
 * @places: by &scmod_place.change; no view leads to them any more. They end
 *
 * The hook finds what is there now. Takes grace periods.
 */
void scmod_change_end_places(struct list_head *places)
{
	struct scmod_place *place, *tmp;

	list_for_each_entry(place, places, change)
		scmod_place_end(place);
	scmod_view_flush();
	if (list_empty(places))
		return;
	/* Readers that have the slot from the cache still use the view in it. */
	synchronize_rcu();
	list_for_each_entry_safe(place, tmp, places, change) {
		list_del_init(&place->change);
		scmod_place_free(place);
	}
}

/**
 * scmod_change_finish() - after scmod_change_publish(), if places come or leave
 *
 * Those that come are found by the hook, those that leave are not. Takes grace periods.
 */
void scmod_change_finish(void)
{
	struct scmod_place *place;
	LIST_HEAD(leaving);

	list_for_each_entry(place, &scmod_places, list)
		if (place->leaving)
			list_add_tail(&place->change, &leaving);
	scmod_change_end_places(&leaving);
	list_for_each_entry(place, &scmod_places, list)
		scmod_place_begin(place);
}
