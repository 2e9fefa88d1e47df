/* SPDX-License-Identifier: GPL-2.0 */
/* cgroup directories, where they are mounted, and the names that policies have by them. */
#ifndef CTL_CGROUP_H
#define CTL_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
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

/*
 * Stores in @name the name that @text, as typed by a person, gives to a policy: a path below the
 * mount, which is tidy, as the module wants it. Returns NULL, or why @text is no name.
 */
const char *cgroup_name(const char *text, char *name, size_t size);

/* Whether the name is a pattern, which many cgroups may have. */
bool cgroup_is_pattern(const char *name);

/*
 * @path with a '\\' before each character that stands for something else in a pattern. To be
 * freed.
 */
char *cgroup_escaped(const char *path);

/* Whether a cgroup of that path below the mount has the name. */
bool cgroup_has_name(const char *path, const char *name);

/*
 * Stores in @dirs the paths of at most @max directories of cgroups that have the name, each to be
 * freed. Returns how many there are.
 */
size_t cgroup_named(const char *name, char **dirs, size_t max);

/*
 * Whether the calling process is in, or below, a cgroup for which @is returns true. It is given
 * the path of a cgroup below the mount, and its id.
 */
bool cgroup_holds_us(bool (*is)(const char *path, uint64_t id, void *data), void *data);

#endif /* CTL_CGROUP_H */
