/* SPDX-License-Identifier: GPL-2.0 */
/* Names of policies: which cgroups a policy is for, now and later, by their paths. */
#ifndef SCMOD_NAME_H
#define SCMOD_NAME_H

#include <linux/cgroup.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

struct netlink_ext_ack;
struct scmod_policy;

/**
 * struct scmod_name - the name of a policy, never changed
 * @rcu: frees it after the last reader
 * @list: in the list of names; read under RCU, written under scmod_policy_lock
 * @policy: whose name it is
 * @age: orders the list
 * @pattern: characters in it have the meaning that they have in glob(7)
 * @level: of the cgroups whose name it is: how many parts the path has
 * @text: the whole, as user space gave it; not read by those who read under RCU
 * @part: the parts between the '/', without them
 */
struct scmod_name {
	struct rcu_head rcu;
	struct list_head list;
	struct scmod_policy *policy;
	unsigned long age;
	bool pattern;
	unsigned int level;
	const char *text;
	const char *part[];
};

struct scmod_name *scmod_name_new(const char *text, bool pattern,
				  struct netlink_ext_ack *extack);
void scmod_name_free(struct scmod_name *name);
bool scmod_name_fits(const struct scmod_name *name, struct cgroup *cgrp);

/* The path of @cgrp below the cgroup2 mount, to be freed, or an ERR_PTR(). Sleeps. */
char *scmod_name_path(struct cgroup *cgrp);

/* With scmod_policy_lock held. */
void scmod_name_add(struct scmod_name *name, unsigned long age);
void scmod_name_del(struct scmod_name *name);
struct scmod_name *scmod_name_find(const char *text);
int scmod_name_covers(const char *path);

/* Under rcu_read_lock(). */
struct scmod_name *scmod_name_of(struct cgroup *cgrp);
bool scmod_name_any(void);

#endif /* SCMOD_NAME_H */
