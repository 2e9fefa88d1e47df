// SPDX-License-Identifier: GPL-2.0
/* The processes of a cgroup and of those below it. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/members.h"

#define MOST_DEPTH	64

/* Returns false if the file can't be read: a threaded cgroup has no cgroup.procs. */
static bool visit_file(const struct members *members, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	bool failed;
	long pid;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	/* A pid of 0 is a process in a pid namespace that is not visible from here. */
	while (!members->enough(members->data) && fscanf(file, "%ld", &pid) == 1)
		if (pid > 0)
			members->visit(pid, members->data);
	failed = ferror(file);
	fclose(file);
	return !failed;
}

/* Closes @fd. */
static void visit_cgroup(const struct members *members, int fd, unsigned int depth)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		close(fd);
		return;
	}
	/* A duplicate of a descriptor shares its position, and somebody may have read before. */
	rewinddir(dir);
	if (!visit_file(members, fd, "cgroup.procs"))
		visit_file(members, fd, "cgroup.threads");
	while (depth < MOST_DEPTH && !members->enough(members->data) && (entry = readdir(dir))) {
		int below;

		if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, ".."))
			continue;
		below = openat(fd, entry->d_name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below >= 0)
			visit_cgroup(members, below, depth + 1);
	}
	closedir(dir);
}

void members_visit(int fd, const struct members *members)
{
	visit_cgroup(members, fd, 0);
}
