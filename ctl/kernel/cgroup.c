// SPDX-License-Identifier: GPL-2.0
/* cgroup directories and where they are mounted. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "kernel/cgroup.h"

/* The mount point on nearly every machine. Also tried for cgroups that no longer exist. */
#define USUAL_MOUNT "/sys/fs/cgroup"

static enum cgroup_kind kind_of(int fd, uint64_t *id)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(fd, &fs) || fstat(fd, &st))
		return CGROUP_UNREADABLE;
	*id = st.st_ino;
	if (fs.f_type == CGROUP2_SUPER_MAGIC)
		return CGROUP_V2;
	return fs.f_type == CGROUP_SUPER_MAGIC ? CGROUP_V1 : CGROUP_NOT;
}

enum cgroup_kind cgroup_open(const char *path, int *fd, uint64_t *id)
{
	enum cgroup_kind kind;

	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0) {
		if (errno == ENOENT || errno == ENAMETOOLONG || errno == ELOOP)
			return CGROUP_ABSENT;
		return errno == ENOTDIR ? CGROUP_NOT : CGROUP_UNREADABLE;
	}
	kind = kind_of(*fd, id);
	if (kind != CGROUP_V2) {
		close(*fd);
		*fd = -1;
	}
	return kind;
}

const char *cgroup_mount(void)
{
	static char dir[PATH_MAX];
	struct mntent *entry;
	FILE *mounts;

	if (dir[0])
		return dir;
	mounts = setmntent("/proc/self/mounts", "re");
	if (!mounts)
		return NULL;
	while (!dir[0] && (entry = getmntent(mounts)))
		if (!strcmp(entry->mnt_type, "cgroup2"))
			snprintf(dir, sizeof(dir), "%s", entry->mnt_dir);
	endmntent(mounts);
	return dir[0] ? dir : NULL;
}

/*
 * Makes @text absolute and removes empty and "." components. realpath() can't: the directory
 * may be gone.
 */
static bool tidy(const char *text, char *to, size_t size)
{
	char full[2 * PATH_MAX];
	char cwd[PATH_MAX] = "";
	char *part, *save;
	size_t len = 0;

	if (*text != '/' && !getcwd(cwd, sizeof(cwd)))
		return false;
	if (snprintf(full, sizeof(full), "%s/%s", cwd, text) >= (int)sizeof(full))
		return false;
	to[0] = '\0';
	for (part = strtok_r(full, "/", &save); part; part = strtok_r(NULL, "/", &save)) {
		if (!strcmp(part, "."))
			continue;
		len += snprintf(to + len, size - len, "/%s", part);
		if (len >= size)
			return false;
	}
	return true;
}

static bool under_mount(const char *text, const char *mount, const char *path)
{
	size_t len = strlen(mount);

	return !strncmp(text, mount, len) && !strcmp(text + len, path);
}

bool cgroup_path_matches(const char *text, const char *path)
{
	const char *mount = cgroup_mount();
	char tidied[PATH_MAX];

	if (!strcmp(text, path))
		return true;
	/*
	 * The text is empty if a shell variable was not set; don't take it for the current
	 * directory.
	 */
	if (!*text)
		return false;
	if (!tidy(text, tidied, sizeof(tidied)))
		return false;
	/* The root cgroup is "/", but tidy() turns "/" into "". */
	if (!strcmp(path, "/"))
		path = "";
	return (*path && !strcmp(tidied, path)) ||
	       under_mount(tidied, USUAL_MOUNT, path) ||
	       (mount && under_mount(tidied, mount, path));
}

static bool own_path(char *path, size_t size)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX + 8];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		found = !strncmp(line, "0::/", 4);
	}
	if (file)
		fclose(file);
	return found && cgroup_mount() &&
	       snprintf(path, size, "%s%s", cgroup_mount(), line + 3) < (int)size;
}

/* Another file system may be mounted over the cgroup, with the same inode number. */
static bool is_cgroup(const char *path, uint64_t id)
{
	uint64_t found;
	int fd;

	if (cgroup_open(path, &fd, &found) != CGROUP_V2)
		return false;
	close(fd);
	return found == id;
}

bool cgroup_holds_us(uint64_t id)
{
	char path[2 * PATH_MAX];
	char *slash;

	if (!own_path(path, sizeof(path)))
		return false;
	while (strlen(path) >= strlen(cgroup_mount())) {
		if (is_cgroup(path, id))
			return true;
		slash = strrchr(path, '/');
		if (!slash)
			return false;
		*slash = '\0';
	}
	return false;
}
