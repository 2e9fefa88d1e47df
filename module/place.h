/* SPDX-License-Identifier: GPL-2.0 */
/* Places: the cgroups that policies are in force in. They come and go with the cgroups. */
#ifndef SCMOD_PLACE_H
#define SCMOD_PLACE_H

#include <linux/list.h>
#include <linux/spinlock.h>

#include "view.h"

struct netlink_ext_ack;

/*
 * Taken inside of scmod_policy_lock, or without it where cgroups are made. Guards: the
 * list of names and the rules of policies against a cgroup that is being made; the table
 * of places.
 */
extern raw_spinlock_t scmod_place_lock;

/* @see: called, in any context, when cgroups that have places, or should, come or go. */
int scmod_place_init(void (*see)(void));
void scmod_place_exit(void);
int scmod_place_watch(void);
void scmod_place_unwatch(void);

/* The rest needs scmod_policy_lock held, unless it says otherwise. */

/* All places, without those that nobody has adopted yet. */
extern struct list_head scmod_places;

struct scmod_place *scmod_place_new(struct scmod_policy *p, struct cgroup *cgrp,
				    struct netlink_ext_ack *extack);
void scmod_place_begin(struct scmod_place *place);
void scmod_place_end(struct scmod_place *place);
void scmod_place_free(struct scmod_place *place);
bool scmod_place_has_root(const struct scmod_policy *p);
void scmod_place_adopt(struct list_head *to);
void scmod_place_take_removed(struct list_head *to);
int scmod_place_fill_ready(void);
struct cgroup *scmod_place_next_cgroup(struct cgroup *pos);
unsigned int scmod_place_look_begin(void);
void scmod_place_look_end(unsigned int since, unsigned int found);

/* Takes scmod_place_lock. Context: interrupts on. */
void scmod_place_unseen(bool is);

/* Any context. */
unsigned int scmod_place_count(void);
unsigned int scmod_place_max(void);
unsigned int scmod_place_shut(void);

#endif /* SCMOD_PLACE_H */
