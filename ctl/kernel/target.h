/* SPDX-License-Identifier: GPL-2.0 */
/* From the word CGROUP on the command line to a policy. */
#ifndef CTL_TARGET_H
#define CTL_TARGET_H

#include "kernel/nl.h"
#include "kernel/policy.h"

/**
 * struct target - what CGROUP names
 * @name: how to call it in messages; lives as long as the target
 * @fd: the cgroup's directory, -1 if it was not named by a live one
 * @id: id of the cgroup and of its policy
 * @tracked: @policy holds the policy, without its records
 */
struct target {
	const char *name;
	int fd;
	uint64_t id;
	bool tracked;
	struct policy policy;
};

/* @TARGET_MAY_BE_NEW: a live cgroup that is not tracked yet will do.
 * @TARGET_LIVE: a cgroup that is gone will not.
 */
#define TARGET_MAY_BE_NEW	(1 << 0)
#define TARGET_LIVE		(1 << 1)

/* @text NULL: the only policy there is. Prints its errors, returns an exit code. */
int target_find(const char *verb, const char *text, unsigned int flags,
		struct target *target);
void target_release(struct target *target);

/* A descriptor of its directory, to be closed, if it is a live cgroup; else -1. */
int target_dir(const struct target *target);

/* A change of @target and of nothing else yet. */
struct scmod_change target_change(const struct target *target);

#endif /* CTL_TARGET_H */
