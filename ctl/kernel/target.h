/* SPDX-License-Identifier: GPL-2.0 */
/* Finds the policy that the word CGROUP on the command line means. */
#ifndef CTL_TARGET_H
#define CTL_TARGET_H

#include "kernel/nl.h"
#include "kernel/policy.h"

/**
 * struct target - the cgroup and policy that CGROUP means
 * @name: its name in messages; lives as long as the target
 * @made: the name by which the policy is to be made; NULL if it exists, or is to be made for @fd
 * @called: the path of the cgroup that CGROUP names, if CGROUP is the name of a workload
 * @fd: descriptor of the cgroup's directory; -1 if CGROUP was not the path of a live cgroup
 * @id: id of the policy; of the cgroup if there is none yet; 0 with @made
 * @tracked: whether the policy exists; @policy then holds it, without its records
 * @follow: whether the policy is to get the cgroup's path as its name
 */
struct target {
	const char *name;
	char *made;
	char *called;
	int fd;
	uint64_t id;
	bool tracked;
	bool follow;
	struct policy policy;
};

/* Whether @text is a number: that is always an id; a file of such a name is "./17". */
bool target_is_id(const char *text);

/*
 * @TARGET_MAY_BE_NEW: a live cgroup that has no policy of its own yet, and a pattern, are
 *	accepted, too.
 * @TARGET_MAY_BE_ABSENT: the path of a cgroup that does not exist is accepted, too.
 * @TARGET_LIVE: a cgroup that is gone is an error.
 */
#define TARGET_MAY_BE_NEW	(1 << 0)
#define TARGET_MAY_BE_ABSENT	(1 << 1)
#define TARGET_LIVE		(1 << 2)

/* The most directories that target_dirs() opens. */
#define TARGET_DIRS_MAX		128

/* If @text is NULL, the only policy is meant. Prints errors and returns an exit code. */
int target_find(const char *verb, const char *text, unsigned int flags,
		struct target *target);
void target_release(struct target *target);

/*
 * Stores in @fds, which has room for TARGET_DIRS_MAX, descriptors of the directories of the living
 * cgroups in which the policy is, or will be, in force. To be closed. Returns how many there are:
 * none if the cgroup is gone, or the policy waits.
 */
size_t target_dirs(const struct target *target, int *fds);

/* Whether the calling process is in, or below, a cgroup in which the policy will be in force. */
bool target_holds_us(const struct target *target);

/* A change of @target that does not change anything yet. */
struct scmod_change target_change(const struct target *target);

#endif /* CTL_TARGET_H */
