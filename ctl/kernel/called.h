/* SPDX-License-Identifier: GPL-2.0 */
/* Cgroups by what people call them: units, containers, pods, processes and runs. */
#ifndef CTL_CALLED_H
#define CTL_CALLED_H

#include "kernel/policy.h"
#include "workload/workload.h"

/* The cgroup below the mount in which 'scmod run' makes those of its commands. */
#define CALLED_RUNS "/scmod.run"

/* The units, containers and pods; read once. None if cgroup2 is not mounted. */
const struct workloads *called_all(void);

/*
 * Stores in @path the path below the mount of the cgroup that @text names, to be freed: "pid:1234",
 * "unit:nginx.service" and so on, or a word without '/' that one workload is called. Stores NULL
 * if @text is no such name, but may be a path. @list: all policies. Prints errors and returns an
 * exit code.
 */
int called_path(const char *verb, const char *text, const struct policy_list *list, char **path);

/*
 * "podman:web": what a cgroup of that path below the mount is called, or the lowest one above it;
 * NULL if nobody calls it something. Holds until the next call.
 */
const char *called_name(const char *path);

/*
 * After a failure: the names that @text may have been meant for, each written so that it is taken,
 * or what lists them; to be freed.
 */
char *called_hint(const char *text);

#endif /* CTL_CALLED_H */
