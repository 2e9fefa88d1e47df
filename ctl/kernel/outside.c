// SPDX-License-Identifier: GPL-2.0
/* Finds what the tasks under a policy hold, or own, by which they can get around it. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calls/sysname.h"
#include "kernel/cgroup.h"
#include "kernel/members.h"
#include "kernel/outside.h"

#define MOST_PROCESSES	1024
#define MOST_FDS	1024
#define MOST_USERS	64
/* Descriptors that are named; of the others, their number is told. */
#define MOST_NAMED	16

/**
 * struct look - what is looked for, and found
 * @inside: path of the cgroup's directory
 * @ring: io_uring_enter is allowed
 * @processes: how many were looked at
 * @found: descriptors that say something
 * @user: users other than root as which they run
 */
struct look {
	char inside[PATH_MAX];
	bool ring;
	unsigned int processes;
	unsigned int found;
	uid_t user[MOST_USERS];
	size_t users;
	struct messages *messages;
};

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* Whether the file is one of a cgroup outside by which tasks are moved. */
static bool moves_out(const struct look *look, const char *path)
{
	const char *mount = cgroup_mount();
	const char *file = strrchr(path, '/');
	size_t length = strlen(look->inside);

	if (!file || !mount || !begins(path, mount) ||
	    (strcmp(file, "/cgroup.procs") && strcmp(file, "/cgroup.threads")))
		return false;
	return !begins(path, look->inside) || path[length] != '/';
}

/* Whether descriptor @fd of process @pid was opened for writing; see proc(5), fdinfo. */
static bool is_writable(long pid, const char *fd)
{
	char path[64 + NAME_MAX], line[128];
	unsigned int flags = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/%ld/fdinfo/%s", pid, fd);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "flags: %o", &flags) == 1)
			break;
	if (info)
		fclose(info);
	return (flags & O_ACCMODE) != O_RDONLY;
}

/* Whether that which was found is to be named. */
static bool name_it(struct look *look)
{
	return look->found++ < MOST_NAMED;
}

static void look_at_fd(struct look *look, long pid, int dir, const char *fd)
{
	char path[PATH_MAX];
	ssize_t length = readlinkat(dir, fd, path, sizeof(path) - 1);

	if (length < 0)
		return;
	path[length] = '\0';
	if (look->ring && !strcmp(path, "anon_inode:[io_uring]")) {
		if (name_it(look))
			messages_add(look->messages, MESSAGE_WARNING, NULL, NULL,
				     "process %ld has an io_uring already, and io_uring_enter is allowed: what is done by that io_uring is not checked",
				     pid);
	} else if (moves_out(look, path) && is_writable(pid, fd) && name_it(look)) {
		messages_add(look->messages, MESSAGE_WARNING, NULL, NULL,
			     "process %ld can leave the cgroup: its descriptor %s can write to %s",
			     pid, fd, path);
	}
}

static void look_at_fds(struct look *look, long pid)
{
	unsigned int n = MOST_FDS;
	struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	dir = opendir(path);
	while (dir && n-- && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			look_at_fd(look, pid, dirfd(dir), entry->d_name);
	if (dir)
		closedir(dir);
}

static void add_user(struct look *look, uid_t user)
{
	for (size_t i = 0; i < look->users; i++)
		if (look->user[i] == user)
			return;
	if (user && look->users < MOST_USERS)
		look->user[look->users++] = user;
}

/* The user who may write where the process may: the file system uid, see proc(5). */
static void look_at_user(struct look *look, long pid)
{
	char path[64], line[256];
	unsigned int user;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status)) {
		if (sscanf(line, "Uid: %*u %*u %*u %u", &user) == 1) {
			add_user(look, user);
			break;
		}
	}
	if (status)
		fclose(status);
}

static void visit(long pid, void *data)
{
	struct look *look = data;

	look->processes++;
	look_at_user(look, pid);
	look_at_fds(look, pid);
}

static bool enough(void *data)
{
	const struct look *look = data;

	return look->processes >= MOST_PROCESSES;
}

static void look_at_owner(struct look *look, const char *path)
{
	char file[PATH_MAX + 16];
	struct stat st;

	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	if (stat(file, &st))
		return;
	for (size_t i = 0; i < look->users; i++)
		if (look->user[i] == st.st_uid)
			messages_add(look->messages, MESSAGE_WARNING, NULL, NULL,
				     "processes inside run as uid %u, which owns %s, and so can leave the cgroup",
				     st.st_uid, file);
}

/* The directories above the cgroup, as far as the mount. */
static void look_above(struct look *look)
{
	const char *mount = cgroup_mount();
	char path[PATH_MAX];
	char *end;

	strcpy(path, look->inside);
	while (mount && begins(path, mount) && strlen(path) > strlen(mount) &&
	       (end = strrchr(path, '/'))) {
		*end = '\0';
		look_at_owner(look, path);
	}
}

/* Closes @dir. */
static void look_at(struct look *look, int dir)
{
	const struct members members = { .visit = visit, .enough = enough, .data = look };
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	length = readlink(link, look->inside, sizeof(look->inside) - 1);
	if (length < 0) {
		close(dir);
		return;
	}
	look->inside[length] = '\0';
	look->users = 0;
	members_visit(dir, &members);
	look_above(look);
}

void outside_warn(const struct target *target, const struct policy *policy,
		  struct messages *messages)
{
	int enter = sysname_number(SCMOD_ABI_X86_64, "io_uring_enter");
	struct look look = { .messages = messages };
	int dirs[TARGET_DIRS_MAX];
	size_t count = target_dirs(target, dirs);

	look.ring = bitmap_has(&policy->abi[SCMOD_ABI_X86_64].allowed, enter);
	for (size_t i = 0; i < count; i++)
		look_at(&look, dirs[i]);
	if (look.found > MOST_NAMED)
		messages_add(messages, MESSAGE_WARNING, NULL, NULL,
			     "%u more descriptors of processes inside are io_urings or can write to such files",
			     look.found - MOST_NAMED);
}
