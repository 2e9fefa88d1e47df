/* SPDX-License-Identifier: GPL-2.0 */
/* Finds what the tasks under a policy hold, or own, by which they can get around it. */
#ifndef CTL_OUTSIDE_H
#define CTL_OUTSIDE_H

#include "base/message.h"
#include "kernel/target.h"

/*
 * Adds a warning for each descriptor by which a process under the policy can move out of its
 * cgroup, for each user inside who owns a directory above it, and for each io_uring that exists
 * while io_uring_enter is allowed. Looks only at what /proc says, and opens nothing that a
 * process holds: it might never be opened. Looks at no more than 1024 processes, with 1024
 * descriptors each.
 */
void outside_warn(const struct target *target, const struct policy *policy,
		  struct messages *messages);

#endif /* CTL_OUTSIDE_H */
