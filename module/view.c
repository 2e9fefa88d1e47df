// SPDX-License-Identifier: GPL-2.0
/* What the hook reads: which cgroups are tracked, and the view that decides in each. */
#include <linux/hashtable.h>
#include <linux/slab.h>

#include "name.h"
#include "view.h"

/* Places by cgroup; written under scmod_place_lock, read by RCU. */
static DEFINE_HASHTABLE(places, 10);

/* See view.h. */
struct scmod_view __rcu **scmod_views;
u64 scmod_cache[SCMOD_CACHE_ENTRIES];
bool scmod_view_shut;

/* What kmalloc() makes of it. */
static_assert(sizeof(struct scmod_view) <= 512);

/*
 * By the cgroup itself: a v1 cgroup may have the id of a v2 one. The place holds a
 * reference to its cgroup for as long as it is in the table and for a grace period
 * more, so equal addresses are the same cgroup.
 */
struct scmod_place *scmod_view_place(struct cgroup *cgrp)
{
	struct scmod_place *place;

	hash_for_each_possible_rcu(places, place, hash, (unsigned long)cgrp, true)
		/* Pairs with the releases that make it live: its view is published. */
		if (place->cgrp == cgrp && smp_load_acquire(&place->live))
			return place;
	return NULL;
}

/* The place of @cgrp after the change that is being made. */
struct scmod_place *scmod_view_place_next(struct cgroup *cgrp)
{
	struct scmod_place *place;

	hash_for_each_possible_rcu(places, place, hash, (unsigned long)cgrp, true)
		if (place->cgrp == cgrp && !place->leaving)
			return place;
	return NULL;
}

struct scmod_place *scmod_view_place_above(struct cgroup *cgrp)
{
	struct scmod_place *place = NULL;

	for (; cgrp && !place; cgrp = cgroup_parent(cgrp))
		place = scmod_view_place(cgrp);
	return place;
}

/*
 * Does @cgrp, or a cgroup above up to the nearest place, have a policy's name and no place?
 * @view: set to the view that decides there if such a policy enforces
 */
static bool shut_above(struct cgroup *cgrp, struct scmod_view **view)
{
	bool shut = false;

	for (; cgrp && !*view && !scmod_view_place(cgrp); cgrp = cgroup_parent(cgrp)) {
		struct scmod_name *name = scmod_name_of(cgrp);

		if (!name)
			continue;
		shut = true;
		if (READ_ONCE(name->policy->rules)->mode == SCMOD_MODE_ENFORCE)
			*view = name->policy->shut;
	}
	return shut;
}

/*
 * Written in whole words, which memset() does not promise: an entry that has its id but
 * not its slot any more would say that no policy applies.
 */
static void cache_sweep(void)
{
	unsigned int i;

	for (i = 0; i < SCMOD_CACHE_ENTRIES; i++)
		WRITE_ONCE(scmod_cache[i], 0);
}

/*
 * A handler that looked at the policies before the change may still write what it found
 * into the cache. All such handlers are over after a grace period, and the second sweep
 * removes what they wrote.
 */
void scmod_view_flush(void)
{
	cache_sweep();
	synchronize_rcu();
	cache_sweep();
}

/* What scmod_view_of() does when the cache doesn't know. */
struct scmod_view *scmod_view_find(struct cgroup *cgrp)
{
	u64 id = cgroup_id(cgrp);
	struct scmod_view *view = NULL;
	struct scmod_place *place;
	bool shut;
	u64 slot;

	shut = unlikely(READ_ONCE(scmod_view_shut)) && shut_above(cgrp, &view);
	if (view)
		return view;
	place = scmod_view_place_above(cgrp);
	slot = place ? place->slot : 0;
	/* The cache is not flushed when the policy of a shut cgroup begins to enforce. */
	if (!shut && id <= U64_MAX >> SCMOD_CACHE_SLOT_BITS)
		WRITE_ONCE(*scmod_cache_of(id), id << SCMOD_CACHE_SLOT_BITS | slot);
	return rcu_dereference_raw(scmod_views[slot]);
}

/* @rules: not copied; they are freed after a grace period in which no view has them */
struct scmod_view *scmod_view_new(struct scmod_policy *p,
				  const struct scmod_rules *rules, gfp_t gfp)
{
	struct scmod_view *v = kzalloc(sizeof(*v), gfp);

	if (v) {
		v->policy = p;
		v->rules = rules;
	}
	return v;
}

/*
 * Calls that the program itself never makes: where a tracer has put a uprobe, the kernel
 * puts code into the process that makes them. If they were refused the process would end.
 * The kernel makes sure that only its own code makes these calls, and its own seccomp
 * lets them pass, too: seccomp_uprobe_exception().
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

static u32 looked(const struct scmod_rules *rules)
{
	unsigned int selector;
	u32 ret = 0;

	for (selector = 0; selector < SCMOD_SELECTORS; selector++)
		if (scmod_rules_look(rules, selector))
			ret |= BIT(selector);
	return ret;
}

/*
 * Fill in what follows from the policies above. The view @view->up is derived already
 * and holds all that follows from them. The hook may add bits to the quiet calls of that
 * view meanwhile: each bit is right by itself, and if one is missed here the next such
 * call takes the slow path once.
 */
void scmod_view_derive(struct scmod_view *view)
{
	const struct scmod_view *up = view->up;
	unsigned int abi, i;

	view->active = view->rules->mode != SCMOD_MODE_OFF || (up && up->active);
	view->looked = looked(view->rules) | (up ? up->looked : 0);
	for (abi = 0; abi < SCMOD_ABIS; abi++) {
		for (i = 0; i < SCMOD_BITMAP_WORDS; i++)
			view->quiet[abi].bits[i] =
				up ? READ_ONCE(up->quiet[abi].bits[i]) : ~0UL;
		scmod_quiet_narrow(&view->quiet[abi], view->rules,
				   &view->policy->seen[abi], abi);
		scmod_select_strip(&view->quiet[abi], abi, view->looked);
	}
	quiet_kernels_own(&view->quiet[SCMOD_ABI_X86_64]);
}

/* Let @view, or nothing, be found in @slot. */
void scmod_view_publish(struct scmod_view *view, u32 slot)
{
	rcu_assign_pointer(scmod_views[slot], view);
}

static void free_rcu(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct scmod_view, rcu));
}

/* No longer published: freed after the last reader. */
void scmod_view_free(struct scmod_view *view)
{
	call_rcu(&view->rcu, free_rcu);
}

/* From now on @place is found by its cgroup. */
void scmod_view_track(struct scmod_place *place)
{
	hash_add_rcu(places, &place->hash, (unsigned long)place->cgrp);
}

/* @place is not found any more, but for readers that found it before; see RCU. */
void scmod_view_untrack(struct scmod_place *place)
{
	hash_del_rcu(&place->hash);
}

/* @slots: as many can be published at once */
int scmod_view_init(unsigned int slots)
{
	scmod_views = kvcalloc(slots + 1, sizeof(*scmod_views), GFP_KERNEL);
	return scmod_views ? 0 : -ENOMEM;
}

/* Nobody reads any more. */
void scmod_view_exit(void)
{
	rcu_barrier();
	kvfree(scmod_views);
}
