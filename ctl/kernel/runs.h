/* SPDX-License-Identifier: GPL-2.0 */
/* The cgroups in which 'scmod run' runs its commands. */
#ifndef CTL_RUNS_H
#define CTL_RUNS_H

#include <stdbool.h>

/**
 * struct run_cgroup - the cgroup of a command
 * @name: the run's name
 * @path: of the cgroup below the mount
 * @dir: the same, with the mount
 * @fd: descriptor of its directory
 * @lock: descriptor of the directory above; while it is open and locked, no other run makes or
 *	removes a cgroup. -1 if it is not locked
 */
struct run_cgroup {
	char *name;
	char *path;
	char *dir;
	int fd;
	int lock;
};

/* The longest name of a run. */
#define RUN_NAME_MAX 64

/* Whether @name can be the name of a run: it needs no quotes, and fits in a path. */
bool run_name_valid(const char *name);

/*
 * Makes an empty cgroup of that name, and locks. If a command runs in one of that name: EBUSY; or,
 * if @more is set, the name gets "-2" and so on. Returns 0 or a negative errno value.
 */
int run_cgroup_make(const char *name, bool more, struct run_cgroup *cgroup);
/* The command is in the cgroup now, which tells others that it is in use. */
void run_cgroup_unlock(struct run_cgroup *cgroup);

/*
 * Ends what is left in the cgroup and removes it; its strings stay. Stores in @left how many
 * processes were in it. Returns 0 or a negative errno value.
 */
int run_cgroup_remove(struct run_cgroup *cgroup, unsigned int *left);
void run_cgroup_release(struct run_cgroup *cgroup);

#endif /* CTL_RUNS_H */
