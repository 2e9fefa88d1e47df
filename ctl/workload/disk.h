/* SPDX-License-Identifier: GPL-2.0 */
/* Reads what container runtimes and kubelet keep on disk of their containers and pods. */
#ifndef CTL_DISK_H
#define CTL_DISK_H

#include "workload/workload.h"

/*
 * Gives the containers and pods in the list the names that are kept on disk below @root, and
 * appends the containers that are kept there and are not in the list.
 */
void disk_read(const char *root, const char *mount, struct workloads *list);

#endif /* CTL_DISK_H */
