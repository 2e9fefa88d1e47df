// SPDX-License-Identifier: GPL-2.0
/* cgroup directories, where they are mounted, and the names that policies have by them. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "base/memory.h"
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

/* Stores the id; false if no cgroup is there. Another file system may be mounted over it. */
static bool id_of(const char *path, uint64_t *id)
{
	int fd;

	if (cgroup_open(path, &fd, id) != CGROUP_V2)
		return false;
	close(fd);
	return true;
}

bool cgroup_holds_us(bool (*is)(const char *path, uint64_t id, void *data), void *data)
{
	char path[2 * PATH_MAX];
	size_t mount;
	uint64_t id;
	char *slash;

	if (!own_path(path, sizeof(path)))
		return false;
	mount = strlen(cgroup_mount());
	while (strlen(path) >= mount) {
		if (id_of(path, &id) && is(path[mount] ? path + mount : "/", id, data))
			return true;
		slash = strrchr(path, '/');
		if (!slash)
			return false;
		*slash = '\0';
	}
	return false;
}

/* ---- names of policies */

/* What begins each path below the mount, or NULL if @tidied is not below it. */
static const char *below_mount(const char *tidied)
{
	const char *const mounts[] = { cgroup_mount(), USUAL_MOUNT };

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		size_t len = mounts[i] ? strlen(mounts[i]) : 0;

		if (len && !strncmp(tidied, mounts[i], len) && tidied[len] == '/')
			return tidied + len;
	}
	return NULL;
}

static bool has_dots(const char *path)
{
	for (const char *at = path; (at = strstr(at, "/..")); at++)
		if (!at[3] || at[3] == '/')
			return true;
	return false;
}

#define TOO_LONG "the name is too long; it has at most 4095 bytes"
#define PART_TOO_LONG "a part of the name is too long; a directory's name has at most 255 bytes"
#define ESCAPE_FAULT \
	"in a pattern, '\\' takes away what the character after it stands for; write '\\\\' for a '\\' in the cgroup's name"

/*
 * Whether each '\' in the pattern stands before a character that stands for something else, or
 * before another '\'. Otherwise it was probably meant to be in the name, as in systemd's "\x2d".
 */
static bool escapes_well(const char *name)
{
	for (const char *c = name; *c; c++)
		if (*c == '\\' && (!*++c || !strchr("*?[]\\", *c)))
			return false;
	return true;
}

static bool parts_fit(const char *name)
{
	for (size_t len; *name; name += len) {
		len = strcspn(++name, "/");
		if (len > NAME_MAX)
			return false;
	}
	return true;
}

const char *cgroup_name(const char *text, char *name, size_t size)
{
	char tidied[2 * PATH_MAX];
	const char *below;

	if (!*text)
		return "an empty word is no name; begin it with '/'";
	if (!tidy(text, tidied, sizeof(tidied)))
		return TOO_LONG;
	if (has_dots(tidied))
		return "a name has no '..' in it; write the path without";
	below = below_mount(tidied);
	if (!below && *text != '/')
		return "not below the cgroup2 mount; begin the name with '/'";
	if (!below)
		below = tidied;
	if ((size_t)snprintf(name, size, "%s", below) >= size)
		return TOO_LONG;
	if (!parts_fit(name))
		return PART_TOO_LONG;
	return cgroup_is_pattern(name) && !escapes_well(name) ? ESCAPE_FAULT : NULL;
}

bool cgroup_is_pattern(const char *name)
{
	return strpbrk(name, "*?[");
}

bool cgroup_has_name(const char *path, const char *name)
{
	return cgroup_is_pattern(name) ? !fnmatch(name, path, FNM_PATHNAME) : !strcmp(name, path);
}

char *cgroup_escaped(const char *path)
{
	char *text = mem_alloc(2 * strlen(path) + 1);
	char *to = text;

	for (; *path; path++) {
		if (strchr("*?[\\", *path))
			*to++ = '\\';
		*to++ = *path;
	}
	return text;
}

size_t cgroup_named(const char *name, char **dirs, size_t max)
{
	const char *mount = cgroup_mount();
	char *safe = cgroup_escaped(mount ? mount : USUAL_MOUNT);
	char *pattern = mem_print("%s%s", safe, name);
	size_t count = 0;
	glob_t found;

	if (!glob(pattern, GLOB_ONLYDIR, NULL, &found)) {
		for (; count < found.gl_pathc && count < max; count++)
			dirs[count] = mem_string(found.gl_pathv[count]);
		globfree(&found);
	}
	free(pattern);
	free(safe);
	return count;
}
