/* SPDX-License-Identifier: GPL-2.0 */
/* The life of policies: made, changed and forgotten by control, one at a time. */
#ifndef SCMOD_POLICY_H
#define SCMOD_POLICY_H

#include <linux/mutex.h>
#include <linux/types.h>

#include "view.h"

struct netlink_ext_ack;
struct scmod_policy_how;

/* Guards all policies but what the hook writes; sleeps. */
extern struct mutex scmod_policy_lock;

int scmod_policy_init(void);
void scmod_policy_exit(void);

/* The rest needs scmod_policy_lock held, unless it says otherwise. */
struct scmod_policy *scmod_policy_find(u64 id);
struct scmod_policy *scmod_policy_find_name(const char *name);
struct scmod_policy *scmod_policy_of(struct cgroup *cgrp);
struct scmod_policy *scmod_policy_after(unsigned long serial);
struct scmod_policy *scmod_policy_new(struct cgroup *cgrp,
				      struct netlink_ext_ack *extack);
struct scmod_policy *scmod_policy_new_named(const char *name,
					    struct netlink_ext_ack *extack);
void scmod_policy_discard(struct scmod_policy *p);
int scmod_policy_set(struct scmod_policy *p, struct scmod_rules *rules,
		     struct scmod_policy_how *how, struct netlink_ext_ack *extack);
int scmod_policy_want_programs(struct scmod_policy *p);
bool scmod_policy_go_back(struct scmod_policy *p);
int scmod_policy_forget(struct scmod_policy *p, struct netlink_ext_ack *extack);
bool scmod_policy_enforces(void);
unsigned int scmod_policy_count(void);
unsigned int scmod_policy_max(void);

#endif /* SCMOD_POLICY_H */
