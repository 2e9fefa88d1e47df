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
#include <linux/llist.h>
#include <linux/rcupdate.h>

#include "bitmap.h"
#include "pace.h"
#include "record.h"
#include "select.h"
#include "values.h"

struct scmod_name;
struct scmod_policy;
struct scmod_programs;

/* As many as make the view 512 bytes, which is what kmalloc() has. */
#define SCMOD_VIEW_VALUES	31

/**
 * struct scmod_view - all that decides a call in one tracked cgroup
 *
 * Built whole, published under RCU, never changed after but for bits added to
 * @quiet and for @values. A policy change builds new views for its cgroup and all tracked ones
 * below, so a task that reads its view once sees the old policies or the new
 * ones, in the whole chain, and never a mix.
 *
 * @rcu: frees it after the last reader
 * @policy: whose it is; outlives the view
 * @up: view of the nearest tracked ancestor, as of the same build; or NULL
 * @active: some policy of the chain has a mode other than off
 * @looked: selectors whose values some policy of the chain looks at, a bit each
 * @rules: the policy's own; they live as long as the view
 * @quiet: calls for which no policy of the chain has anything to do or to record: the
 *	fast path. The hook adds a bit when it has found that to be so by the rules of
 *	this very chain.
 */
struct scmod_view {
	struct rcu_head rcu;
	struct scmod_policy *policy;
	struct scmod_view *up;
	bool active;
	u32 looked;
	const struct scmod_rules *rules;
	struct scmod_bitmap quiet[SCMOD_ABIS];
	u64 values[SCMOD_VIEW_VALUES];
};

/**
 * struct scmod_untold - what listeners and the kernel log were not told of a policy
 * @node: in the list of policies of which the log is to tell what it was not told
 * @queued: 1 if it is in that list; changed by xchg()
 * @events: events that were lost, and once more for each further listener that lost one
 * @lines: calls whose first refusal was not logged
 * @events_told: how many of @events the log has told of; used by a work item
 * @lines_told: the same of @lines
 */
struct scmod_untold {
	struct llist_node node;
	atomic_t queued;
	atomic_t events;
	atomic_t lines;
	unsigned int events_told;
	unsigned int lines_told;
};

/**
 * struct scmod_await - the process whose next program a policy waits for
 * @process: the thread group's id, with a reference; NULL if it does not wait
 * @mode: the policy's mode from then on; until then its rules have mode off
 */
struct scmod_await {
	struct pid *process;
	u32 mode;
};

/**
 * struct scmod_place - a cgroup that a policy is in force in
 *
 * Unless said otherwise a field is written under scmod_policy_lock.
 *
 * @hash: in the table of places, by @cgrp; read under RCU, written under
 *	scmod_place_lock
 * @policy: which; outlives the place
 * @cgrp: the cgroup, with a reference, so that no other cgroup can get its address
 * @slot: index of its published view
 * @live: the hook may find it: its view is published
 * @leaving: it will be gone after the change that is being made
 * @ended: no reader finds it any more; it is about to be freed
 * @dying: the cgroup was removed, which the tracepoint sets and a worker acts on; or
 *	@ended is set. Only changed by xchg(): who is first counts the place off
 * @up: place of the nearest tracked ancestor, as in @view; or NULL
 * @view: the published view; NULL before the first one
 * @next: the view being built, and during publication the one before; otherwise NULL
 * @next_up: @up as of @next
 * @list: in the list of all places, by level; see place.c for others
 * @change: in the list of places that have @next; empty outside a change
 * @removed, @gone: in the lists of places whose cgroups were removed; see place.c
 * @debt: for the task that makes the cgroup; see place.c
 * @rcu: frees it after the last reader
 */
struct scmod_place {
	struct hlist_node hash;
	struct scmod_policy *policy;
	struct cgroup *cgrp;
	u32 slot;
	bool live;
	bool leaving;
	bool ended;
	bool dying;
	struct scmod_place *up;
	struct scmod_view *view;
	struct scmod_view *next;
	struct scmod_place *next_up;
	struct list_head list;
	struct list_head change;
	struct llist_node removed;
	struct list_head gone;
	struct callback_head *debt;
	struct rcu_head rcu;
};

/**
 * struct scmod_policy - rules and a record, and the cgroups that they are for
 *
 * Made by the first SET, freed by FORGET or unload. Unless said otherwise a field is
 * written under scmod_policy_lock.
 *
 * A policy without a name is for one cgroup and ends with it: then its record is what is
 * left. One with a name is for every cgroup of that name, and waits while there is none.
 *
 * @serial: counts up over all policies ever made; orders them; 0 before the first SET
 * @id: its name over netlink; set once. The kernfs id, in the v2 hierarchy, of the cgroup
 *	that it was made for, which the kernel does not use again there; directories of
 *	cgroup v1 hierarchies may have the same id. Or a number from SCMOD_ID_NAMED on,
 *	past which the kernel does not count
 * @name: or NULL
 * @present: places whose cgroups have not been removed; by who adds or removes one
 * @came: cgroups of its name that were made; under scmod_place_lock
 * @partial: learning began with tasks already running; also under scmod_place_lock
 * @pinned: it enforces, or is to enforce, and holds a reference to the module
 * @await: what it waits for; await.process is compared under RCU
 * @rules: what it says; read under RCU, replaced under scmod_place_lock
 * @before: what it says again from @confirm_by on; NULL if no change waits to be confirmed.
 *	A policy enforces while it has this
 * @confirm_by: by when the change is to be confirmed, nanoseconds of CLOCK_BOOTTIME, which
 *	counts while the machine is suspended
 * @rolled_back: when @before came back last, nanoseconds since the epoch; 0 if the mode
 *	has been set since, or if that has never been
 * @shut: what is decided where a cgroup of its name found no room: see place.c; NULL
 *	without a name
 * @seen: calls made while recording, per ABI; bits are set by the hook, never
 *	cleared
 * @denied: calls refused, or that would have been; likewise
 * @records: who and when; added to by the hook
 * @values: values of arguments that were used or refused; likewise
 * @programs: programs that were executed while learning; NULL unless it has learned. Set
 *	once, before the rules that learn are published
 * @pace: refusals per second; added to by the hook
 * @untold: what listeners and the kernel log were not told of
 * @path: of the cgroup below the cgroup2 mount, or the name; set once
 */
struct scmod_policy {
	unsigned long serial;
	u64 id;
	struct scmod_name *name;
	atomic_t present;
	u32 came;
	bool partial;
	bool pinned;
	struct scmod_await await;
	struct scmod_rules *rules;
	struct scmod_rules *before;
	u64 confirm_by;
	u64 rolled_back;
	struct scmod_view *shut;
	struct scmod_bitmap seen[SCMOD_ABIS];
	struct scmod_bitmap denied[SCMOD_ABIS];
	struct scmod_records records;
	struct scmod_values values;
	struct scmod_programs *programs;
	struct scmod_pace pace;
	struct scmod_untold untold;
	char *path;
};

/* See @id above: kernfs would have to make more than 10^15 directories to get there. */
#define SCMOD_ID_NAMED	BIT_ULL(52)

/* Is there a cgroup that the policy is in force in? */
static inline bool scmod_policy_present(const struct scmod_policy *p)
{
	return atomic_read(&p->present);
}

/* Its cgroup has been removed for good, and holds no tasks; a work does the rest. */
static inline bool scmod_policy_gone(const struct scmod_policy *p)
{
	return !p->name && !scmod_policy_present(p);
}

/*
 * Is this cgroup in the v2 hierarchy? Policies are for its cgroups only; tracepoints
 * fire for those of v1 hierarchies, too. (The kernel's cgroup_on_dfl() is not exported.)
 */
static inline bool scmod_cgroup_is_v2(const struct cgroup *cgrp)
{
	return cgrp->root == &cgrp_dfl_root;
}

/* Published views by slot, from 1 on; slot 0 stays empty. */
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

/*
 * A call and its value in one word; 0 if the value is too large for that. Such values are
 * decided anew each time: there is none that a kernel takes.
 */
#define SCMOD_VIEW_VALUE_BITS	56

static __always_inline u64 scmod_view_word(struct scmod_arg arg)
{
	if (unlikely(arg.value >> SCMOD_VIEW_VALUE_BITS))
		return 0;
	return (u64)arg.tag << SCMOD_VIEW_VALUE_BITS | arg.value;
}

/* Where @word is in the cache of values, if it is there. */
static __always_inline unsigned int scmod_view_slot(u64 word)
{
	u32 hash = (word * GOLDEN_RATIO_64) >> 32;

	return ((u64)hash * SCMOD_VIEW_VALUES) >> 32;
}

/* Is it known that no policy of the chain has anything to do with this value? */
static __always_inline bool scmod_view_knows(const struct scmod_view *view, struct scmod_arg arg)
{
	u64 word = scmod_view_word(arg);

	return word && READ_ONCE(view->values[scmod_view_slot(word)]) == word;
}

/* From now on it is known, until another value takes the same place. */
static inline void scmod_view_remember(struct scmod_view *view, struct scmod_arg arg)
{
	u64 word = scmod_view_word(arg);

	if (word)
		WRITE_ONCE(view->values[scmod_view_slot(word)], word);
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

/*
 * The place of @cgrp itself, or NULL: one that is live, or whatever there is that won't
 * leave. The first under rcu_read_lock(), the second under scmod_policy_lock.
 */
struct scmod_place *scmod_view_place(struct cgroup *cgrp);
struct scmod_place *scmod_view_place_next(struct cgroup *cgrp);
/* The nearest live place, of @cgrp or above. Under rcu_read_lock(). */
struct scmod_place *scmod_view_place_above(struct cgroup *cgrp);

/* Some cgroup that has a policy's name has no place: see place.c. */
extern bool scmod_view_shut;

int scmod_view_init(unsigned int slots);
void scmod_view_exit(void);
struct scmod_view *scmod_view_new(struct scmod_policy *p,
				  const struct scmod_rules *rules, gfp_t gfp);
void scmod_view_derive(struct scmod_view *view);
void scmod_view_publish(struct scmod_view *view, u32 slot);
void scmod_view_free(struct scmod_view *view);
void scmod_view_flush(void);
/* Under scmod_place_lock. */
void scmod_view_track(struct scmod_place *place);
void scmod_view_untrack(struct scmod_place *place);

#endif /* SCMOD_VIEW_H */
