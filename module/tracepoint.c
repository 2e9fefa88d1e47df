// SPDX-License-Identifier: GPL-2.0
/* Tracepoints that have no exported symbol, and so are found by their name. */
#include <linux/err.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "tracepoint.h"

struct cgroup;

struct search {
	const char *name;
	struct tracepoint *found;
};

static void compare(struct tracepoint *tp, void *data)
{
	struct search *search = data;

	if (!strcmp(tp->name, search->name))
		search->found = tp;
}

/* Of the kernel itself, so that it does not go away; NULL if there is none. */
struct tracepoint *scmod_tracepoint_find(const char *name)
{
	struct search search = { .name = name };

	for_each_kernel_tracepoint(compare, &search);
	return search.found;
}

/* Take away those that are there, and wait until nobody is in one. Sleeps. */
void scmod_tracepoint_unuse(struct scmod_tracepoint_use *uses, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (uses[i].tp)
			tracepoint_probe_unregister(uses[i].tp, uses[i].probe, NULL);
		uses[i].tp = NULL;
	}
	tracepoint_synchronize_unregister();
}

static int use_one(struct scmod_tracepoint_use *use)
{
	struct tracepoint *tp = scmod_tracepoint_find(use->name);
	int ret = tp ? tracepoint_probe_register(tp, use->probe, NULL) : -ENOENT;

	if (ret)
		pr_err("cannot use tracepoint %s: %pe; scmod needs a kernel with CONFIG_TRACEPOINTS and cgroup v2\n",
		       use->name, ERR_PTR(ret));
	else
		use->tp = tp;
	return ret;
}

/* Put them in place, all or none. On error the log says why. Sleeps. */
int scmod_tracepoint_use(struct scmod_tracepoint_use *uses, unsigned int n)
{
	unsigned int i;
	int ret;

	for (i = 0; i < n; i++) {
		ret = use_one(&uses[i]);
		if (ret) {
			scmod_tracepoint_unuse(uses, i);
			return ret;
		}
	}
	return 0;
}

static void nothing(void *data, struct cgroup *cgrp, const char *path)
{
}

/**
 * scmod_tracepoint_barrier() - wait for those who are at the tracepoints now
 *
 * When this returns, whoever was registering or unregistering a probe of any
 * tracepoint is done: all of that has one lock, which is the kernel's own, so
 * do the same with a tracepoint that is seldom passed.
 */
int scmod_tracepoint_barrier(void)
{
	struct tracepoint *tp = scmod_tracepoint_find("cgroup_rmdir");
	int ret = tp ? tracepoint_probe_register(tp, nothing, NULL) : -ENOENT;

	if (ret)
		return ret;
	tracepoint_probe_unregister(tp, nothing, NULL);
	tracepoint_synchronize_unregister();
	return 0;
}
