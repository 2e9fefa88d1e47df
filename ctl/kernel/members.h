/* SPDX-License-Identifier: GPL-2.0 */
/* The processes of a cgroup and of those below it. */
#ifndef CTL_MEMBERS_H
#define CTL_MEMBERS_H

#include <stdbool.h>

/**
 * struct members - what is done with each of them
 * @visit: called with the id of each process; of each thread in a threaded cgroup
 * @enough: whether to stop; called again and again
 * @data: for both
 */
struct members {
	void (*visit)(long pid, void *data);
	bool (*enough)(void *data);
	void *data;
};

/*
 * Visits the processes of the cgroup whose directory is @fd, and of those at most 64 levels
 * below. Processes of a pid namespace that is not visible from here are left out, and so are
 * cgroups that can't be read. Closes @fd.
 */
void members_visit(int fd, const struct members *members);

#endif /* CTL_MEMBERS_H */
