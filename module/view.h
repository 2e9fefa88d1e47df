/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the hook reads: which cgroups are tracked, and the view that decides in each.
 *
 * policy.c changes it, under scmod_policy_lock, and publishes under RCU. The hook and
 * the tracepoints read with preemption off.
 */
#ifndef SCMOD_VIEW_H
#define SCMOD_VIEW_H

#include <linux/cgroup.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

#include "bitmap.h"
#include "record.h"

struct scmod_policy;

/**
 * struct scmod_view - all that decides a call in one tracked cgroup
 *
 * Built whole, published under RCU, never changed after but for bits added to
 * @quiet. A policy change builds new views for its cgroup and all tracked ones
 * below, so a task that reads its view once sees the old policies or the new
 * ones, in the whole chain, and never a mix.
 *
 * @rcu: frees it after the last reader
 * @policy: whose it is; outlives the view
 * @up: view of the nearest tracked ancestor, as of the same build; or NULL
 * @active: some policy of the chain has a mode other than off
 * @rules: the policy's own
 * @quiet: calls for which no policy of the chain has anything to do or to record: the
 *	fast path. The hook adds a bit when it has found that to be so by the rules of
 *	this very chain.
 */
struct scmod_view {
	struct rcu_head rcu;
	struct scmod_policy *policy;
	struct scmod_view *up;
	bool active;
	struct scmod_rules rules;
	struct scmod_bitmap quiet[SCMOD_ABIS];
};

/**
 * struct scmod_policy - the record kept for one tracked cgroup
 *
 * Made by the first SET for the cgroup, freed by FORGET or unload. Unless said
 * otherwise a field is written under scmod_policy_lock.
 *
 * @hash: in the table of live policies, by @cgrp; read under RCU
 * @serial: counts up over all policies ever made; orders them
 * @id: kernfs id of the cgroup in the v2 hierarchy, its name over netlink; set once.
 *	The kernel does not use an id again in the same hierarchy, and counts those of
 *	cgroup v1 hierarchies apart: directories there may have the same id
 * @cgrp: the cgroup, with a reference, so that no other cgroup can get its address;
 *	NULL when gone, and then no reader has it in the table any more
 * @slot: index of its published view; 0 when gone
 * @dying: the cgroup was removed; set by the tracepoint, acted on by a worker
 * @partial: learning began with tasks already running
 * @pinned: it enforces, and holds a reference to the module
 * @view: the published view, or the last one, unpublished, when gone
 * @next: the view being built; NULL outside a change
 * @change: in the list of policies that have @next; empty outside a change
 * @seen: calls made while recording, per ABI; bits are set by the hook, never
 *	cleared
 * @denied: calls refused, or that would have been; likewise
 * @records: who and when; added to by the hook
 * @path: below the cgroup2 mount; set once
 */
struct scmod_policy {
	struct hlist_node hash;
	unsigned long serial;
	u64 id;
	struct cgroup *cgrp;
	u32 slot;
	bool dying;
	bool partial;
	bool pinned;
	struct scmod_view *view;
	struct scmod_view *next;
	struct list_head change;
	struct scmod_bitmap seen[SCMOD_ABIS];
	struct scmod_bitmap denied[SCMOD_ABIS];
	struct scmod_records records;
	char *path;
};

/* Its cgroup has been removed, and holds no tasks; a work does the rest. */
static inline bool scmod_policy_gone(const struct scmod_policy *p)
{
	return !p->cgrp || READ_ONCE(p->dying);
}

/*
 * Is this cgroup in the v2 hierarchy? Policies are for its cgroups only; tracepoints
 * fire for those of v1 hierarchies, too. (The kernel's cgroup_on_dfl() is not exported.)
 */
static inline bool scmod_cgroup_is_v2(const struct cgroup *cgrp)
{
	return cgrp->root == &cgrp_dfl_root;
}

/* Published views by slot, 1 to max_policies; slot 0 stays empty. */
extern struct scmod_view __rcu **scmod_views;

/*
 * Cache of the id of a v2 cgroup -> slot, so that a call costs the same at any depth and
 * with any number of policies. One word an entry, so it is never seen torn:
 * id << 16 | slot. Slot 0 says that no policy applies. The hook fills it without
 * a lock; scmod_view_flush() empties it after each change of which policy applies
 * where. Here the id alone names a cgroup: all callers have the cgroup from a task's
 * css_set, which holds one of the v2 hierarchy, and within one hierarchy the kernel uses
 * no id twice (kernfs counts 31 bits around, and a generation in the bits above them).
 */
#define SCMOD_CACHE_BITS	11
#define SCMOD_CACHE_ENTRIES	BIT(SCMOD_CACHE_BITS)
#define SCMOD_CACHE_SLOT_BITS	16
extern u64 scmod_cache[SCMOD_CACHE_ENTRIES];

/*
 * The cache's entry for @id. The ids are hashed, since the files in a cgroup's directory
 * take ids from the same counter: the ids of cgroups that are made in a row differ by the
 * number of those files, and with a difference of 64, say, only 32 entries would be used.
 */
static __always_inline u64 *scmod_cache_of(u64 id)
{
	return &scmod_cache[hash_32(id, SCMOD_CACHE_BITS)];
}

/**
 * scmod_view_cached() - ask the cache which view decides for tasks in a cgroup
 * @cgrp: the cgroup
 * @view: what scmod_view_of() would return
 *
 * Return: whether the cache knows.
 */
static __always_inline bool scmod_view_cached(struct cgroup *cgrp,
					      struct scmod_view **view)
{
	u64 id = cgroup_id(cgrp);
	u64 entry = READ_ONCE(*scmod_cache_of(id));

	if (unlikely(entry >> SCMOD_CACHE_SLOT_BITS != id))
		return false;
	*view = rcu_dereference_raw(scmod_views[(u16)entry]);
	return true;
}

struct scmod_view *scmod_view_find(struct cgroup *cgrp);

/*
 * The view that decides for tasks in @cgrp, or NULL if none is tracked there or
 * above. Needs preemption off or rcu_read_lock(); the view lives as long.
 */
static __always_inline struct scmod_view *scmod_view_of(struct cgroup *cgrp)
{
	struct scmod_view *view;

	if (likely(scmod_view_cached(cgrp, &view)))
		return view;
	return scmod_view_find(cgrp);
}

/* The policy of @cgrp itself, or NULL. Under rcu_read_lock() or scmod_policy_lock. */
struct scmod_policy *scmod_view_policy(struct cgroup *cgrp);

/* For policy.c, which holds scmod_policy_lock. */
int scmod_view_init(unsigned int slots);
void scmod_view_exit(void);
struct scmod_view *scmod_view_new(struct scmod_policy *p,
				  const struct scmod_rules *rules);
void scmod_view_derive(struct scmod_view *view);
void scmod_view_publish(struct scmod_view *view, u32 slot);
void scmod_view_free(struct scmod_view *view);
void scmod_view_track(struct scmod_policy *p);
void scmod_view_untrack(struct scmod_policy *p);
void scmod_view_flush(void);

#endif /* SCMOD_VIEW_H */
