// SPDX-License-Identifier: GPL-2.0
/* Tracepoints that have no exported symbol, and so are found by their name. */
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
