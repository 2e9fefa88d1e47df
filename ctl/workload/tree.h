/* SPDX-License-Identifier: GPL-2.0 */
/* Recognizes units, containers and pods by the names of their cgroups. */
#ifndef CTL_TREE_H
#define CTL_TREE_H

#include "workload/workload.h"

/* Appends those that have a cgroup below @mount. A container's name is its id. */
void tree_read(const char *mount, struct workloads *list);

/* The path of a slice below the mount, "/a.slice/a-b.slice" of "a-b.slice"; to be freed. */
char *tree_slice(const char *slice);

#endif /* CTL_TREE_H */
