/* SPDX-License-Identifier: GPL-2.0 */
/* Finds the policy that the word CGROUP on the command line means. */
#ifndef CTL_TARGET_H
#define CTL_TARGET_H

#include "kernel/nl.h"
#include "kernel/policy.h"

/**
 * struct target - the cgroup and policy that CGROUP means
 * @name: its name in messages; lives as long as the target
 * @fd: descriptor of the cgroup's directory; -1 if CGROUP was not the path of a live cgroup
 * @id: id of the cgroup and of its policy
 * @tracked: whether the cgroup is tracked; @policy then holds the policy, without its records
 */
struct target {
	const char *name;
	int fd;
	uint64_t id;
	bool tracked;
	struct policy policy;
};

/* Whether @text is a number: that is always an id; a file of such a name is "./17". */
bool target_is_id(const char *text);

/*
 * @TARGET_MAY_BE_NEW: a live cgroup that is not tracked yet is accepted, too.
 * @TARGET_LIVE: a cgroup that is gone is an error.
 */
#define TARGET_MAY_BE_NEW	(1 << 0)
#define TARGET_LIVE		(1 << 1)

/* If @text is NULL, the only policy is meant. Prints errors and returns an exit code. */
int target_find(const char *verb, const char *text, unsigned int flags,
		struct target *target);
void target_release(struct target *target);

/* A descriptor of the cgroup's directory, to be closed; -1 if the cgroup is gone. */
int target_dir(const struct target *target);

/* A change of @target that does not change anything yet. */
struct scmod_change target_change(const struct target *target);

#endif /* CTL_TARGET_H */
