// SPDX-License-Identifier: GPL-2.0
/*
 * The cgroups in which 'scmod run' runs its commands: CALLED_RUNS/NAME. The name comes again when
 * the command is run again, so that its record goes on.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "kernel/called.h"
#include "kernel/cgroup.h"
#include "kernel/runs.h"

/* How often locking is tried again because another run has removed the directory above. */
#define LOCK_TRIES 1000
/* At most this many commands of one name run at a time. */
#define SAME_MAX 1000
/* Processes that get SIGKILL end much sooner, unless they wait for a disk. */
#define END_TRIES 500
#define END_WAIT_US 20000

#define NAME_LETTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

bool run_name_valid(const char *name)
{
	size_t len = strlen(name);

	return len && len <= RUN_NAME_MAX && *name != '.' && *name != '-' &&
	       strspn(name, NAME_LETTERS) == len;
}

static bool is_same(int fd, const char *dir)
{
	struct stat a, b;

	return !fstat(fd, &a) && !stat(dir, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int lock_once(const char *dir)
{
	int fd = mkdir(dir, 0755) && errno != EEXIST ? -1 :
		open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || (!flock(fd, LOCK_EX) && is_same(fd, dir)))
		return fd;
	close(fd);
	errno = ENOENT;
	return -1;
}

/* Makes and locks the directory above. Another run may remove it in between. */
static int lock(void)
{
	char *dir = mem_print("%s" CALLED_RUNS, cgroup_mount());
	int fd = lock_once(dir);

	for (int i = 0; fd < 0 && errno == ENOENT && i < LOCK_TRIES; i++)
		fd = lock_once(dir);
	free(dir);
	return fd;
}

/* If an empty cgroup of that name was left behind, it is removed and made anew. */
static int make_dir(const char *dir)
{
	if (!mkdir(dir, 0755))
		return 0;
	if (errno != EEXIST || rmdir(dir) || mkdir(dir, 0755))
		return -errno;
	return 0;
}

static int make(struct run_cgroup *cgroup, char *name)
{
	char *path = mem_print(CALLED_RUNS "/%s", name);
	char *dir = mem_print("%s%s", cgroup_mount(), path);
	int err = make_dir(dir);
	int fd = err ? -1 : open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (!err && fd < 0)
		err = -errno;
	if (err) {
		free(dir);
		free(path);
		free(name);
		return err;
	}
	*cgroup = (struct run_cgroup){ name, path, dir, fd, cgroup->lock };
	return 0;
}

int run_cgroup_make(const char *name, bool more, struct run_cgroup *cgroup)
{
	int err;

	*cgroup = (struct run_cgroup){ .fd = -1, .lock = -1 };
	if (!cgroup_mount())
		return -ENODEV;
	cgroup->lock = lock();
	if (cgroup->lock < 0)
		return -errno;
	err = make(cgroup, mem_string(name));
	for (unsigned int i = 2; err == -EBUSY && more && i <= SAME_MAX; i++)
		err = make(cgroup, mem_print("%s-%u", name, i));
	if (err)
		run_cgroup_release(cgroup);
	return err;
}

void run_cgroup_unlock(struct run_cgroup *cgroup)
{
	if (cgroup->lock >= 0)
		close(cgroup->lock);
	cgroup->lock = -1;
}

/* Kernels before 5.14 have no cgroup.kill. */
static unsigned int end_all(int dir)
{
	int all = openat(dir, "cgroup.kill", O_WRONLY | O_CLOEXEC);
	int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	FILE *procs = fd < 0 ? NULL : fdopen(fd, "re");
	unsigned int count = 0;
	int pid;

	while (procs && fscanf(procs, "%d", &pid) == 1) {
		count++;
		if (all < 0 && pid > 0)
			kill(pid, SIGKILL);
	}
	if (procs)
		fclose(procs);
	if (all >= 0) {
		if (count && write(all, "1", 1) != 1)
			count++;
		close(all);
	}
	return count;
}

static void remove_above(void)
{
	char *dir = mem_print("%s" CALLED_RUNS, cgroup_mount());

	/* Fails, as it should, while other runs have cgroups there. */
	rmdir(dir);
	free(dir);
}

int run_cgroup_remove(struct run_cgroup *cgroup, unsigned int *left)
{
	int err = 0;

	*left = end_all(cgroup->fd);
	if (cgroup->lock < 0)
		cgroup->lock = lock();
	for (int i = 0; rmdir(cgroup->dir); i++) {
		err = errno == EBUSY && i < END_TRIES ? 0 : -errno;
		if (err)
			break;
		end_all(cgroup->fd);
		usleep(END_WAIT_US);
	}
	remove_above();
	run_cgroup_unlock(cgroup);
	return err == -ENOENT ? 0 : err;
}

void run_cgroup_release(struct run_cgroup *cgroup)
{
	run_cgroup_unlock(cgroup);
	if (cgroup->fd >= 0)
		close(cgroup->fd);
	free(cgroup->name);
	free(cgroup->path);
	free(cgroup->dir);
	*cgroup = (struct run_cgroup){ .fd = -1, .lock = -1 };
}
