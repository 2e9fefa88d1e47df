/* SPDX-License-Identifier: GPL-2.0 */
/* cgroup directories and where they are mounted. */
#ifndef CTL_CGROUP_H
#define CTL_CGROUP_H

#include <stdbool.h>
#include <stdint.h>

enum cgroup_kind {
	CGROUP_V2,
	CGROUP_V1,
	CGROUP_NOT,
	CGROUP_ABSENT,
	CGROUP_UNREADABLE,
};

/*
 * Tells what kind of directory @path is; for CGROUP_V2, stores a descriptor and the cgroup's
 * id.
 */
enum cgroup_kind cgroup_open(const char *path, int *fd, uint64_t *id);

/* Where cgroup2 is mounted (static buffer), or NULL. */
const char *cgroup_mount(void);

/* Whether @text, as typed by a person, means the cgroup @path below the mount. */
bool cgroup_path_matches(const char *text, const char *path);

/* Whether the calling process is in that cgroup or below it. */
bool cgroup_holds_us(uint64_t id);

#endif /* CTL_CGROUP_H */
