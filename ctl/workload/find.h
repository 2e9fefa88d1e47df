/* SPDX-License-Identifier: GPL-2.0 */
/* Finds the units, containers and pods of the machine. */
#ifndef CTL_FIND_H
#define CTL_FIND_H

#include "workload/workload.h"

/*
 * Finds units, containers and pods: those that run by the names of the cgroups below @mount, their
 * names in what the runtimes keep on disk below @root ("" for the machine's own), and the
 * containers that are kept there and do not run. A cgroup counts only where a user to whom a
 * subtree is delegated can't make one. Files that can't be read are left out.
 */
void workloads_read(const char *root, const char *mount, struct workloads *list);

#endif /* CTL_FIND_H */
