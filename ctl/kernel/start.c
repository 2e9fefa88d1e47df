// SPDX-License-Identifier: GPL-2.0
/*
 * Starts a command in a cgroup. A helper process outside of the cgroup makes all preparations.
 * Then it makes the child directly in the cgroup, and as a child of the helper's parent. So the
 * policy of the cgroup sees only the command's calls, of which execve() is the first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <mntent.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sched.h>

#include "kernel/start.h"

/* How far the helper and the child have come, in memory that they share with the caller. */
struct told {
	pid_t child;
	enum start_step step;
	int err;
};

static _Noreturn void give_up(struct told *told, enum start_step step)
{
	told->err = errno;
	told->step = step;
	_exit(127);
}

/* ---- mounts */

/* The flags that a remount must repeat, or it would clear them. */
static unsigned long flags_of(const char *dir)
{
	struct statvfs fs;
	unsigned long flags = 0;

	if (statvfs(dir, &fs))
		return 0;
	flags |= fs.f_flag & ST_NOSUID ? MS_NOSUID : 0;
	flags |= fs.f_flag & ST_NODEV ? MS_NODEV : 0;
	flags |= fs.f_flag & ST_NOEXEC ? MS_NOEXEC : 0;
	flags |= fs.f_flag & ST_RELATIME ? MS_RELATIME : 0;
	return flags;
}

/* Remounts cgroup2 read-only. Mounts propagate from the caller to the command, not back. */
static bool shut_cgroups(void)
{
	struct mntent *entry;
	FILE *mounts;
	bool done = true;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL))
		return false;
	mounts = setmntent("/proc/self/mounts", "re");
	if (!mounts)
		return false;
	while (done && (entry = getmntent(mounts)))
		if (!strcmp(entry->mnt_type, "cgroup2"))
			done = !mount(NULL, entry->mnt_dir, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY |
				      flags_of(entry->mnt_dir), NULL);
	endmntent(mounts);
	return done;
}

/* ---- the user */

static bool set_home(const struct passwd *user)
{
	return !setenv("HOME", user->pw_dir, 1) && !setenv("SHELL", user->pw_shell, 1) &&
	       !setenv("USER", user->pw_name, 1) && !setenv("LOGNAME", user->pw_name, 1);
}

/*
 * Making the child in the cgroup takes the right to write to the cgroup. So fsuid stays root's,
 * which is possible as long as the saved uid is root's. execve() replaces both by the effective
 * uid, which is the user's, so that the command keeps no id of root.
 */
static bool become(const char *name)
{
	const struct passwd *user = getpwnam(name);

	if (!user) {
		errno = ENOENT;
		return false;
	}
	if (initgroups(user->pw_name, user->pw_gid) ||
	    setresgid(user->pw_gid, user->pw_gid, user->pw_gid) || !set_home(user) ||
	    setresuid(user->pw_uid, user->pw_uid, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return false;
	setfsuid(0);
	return true;
}

/* ---- the program */

/*
 * Stores in @path the program of that name, as execvp() would find it. access() checks whether
 * the real user, as whom the command will run, may execute it.
 */
static bool find_program(const char *name, char *path)
{
	const char *dirs = getenv("PATH");
	int err = ENOENT;

	if (strchr(name, '/'))
		return snprintf(path, PATH_MAX, "%s", name) < PATH_MAX && !access(path, X_OK);
	for (const char *dir = dirs ? dirs : "/usr/bin:/bin"; dir; dir = strchr(dir, ':')) {
		int len;

		dir += *dir == ':';
		len = strcspn(dir, ":");
		if (snprintf(path, PATH_MAX, "%.*s/%s", len, len ? dir : ".", name) < PATH_MAX &&
		    !access(path, X_OK))
			return true;
		err = errno == EACCES ? EACCES : err;
	}
	errno = err;
	return false;
}

/* Without CLONE_VM the child has memory of its own; with CLONE_VFORK its parent waits for exec. */
static pid_t clone_into(int cgroup)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | CLONE_PARENT | CLONE_VFORK,
		.cgroup = cgroup,
	};

	return syscall(SYS_clone3, &args, sizeof(args));
}

/*
 * Because of CLONE_PARENT, the caller can wait for the child as it does for the helper. Because of
 * CLONE_VFORK, the helper sleeps until the child has executed the command, or has failed to.
 */
static _Noreturn void help(const struct start *start, const sigset_t *mask, struct told *told)
{
	char path[PATH_MAX];
	pid_t child;

	if (!shut_cgroups())
		give_up(told, START_MOUNTS);
	if (start->user && !become(start->user))
		give_up(told, START_USER);
	if (!find_program(start->argv[0], path))
		give_up(told, START_FIND);
	sigprocmask(SIG_SETMASK, mask, NULL);
	child = clone_into(start->cgroup);
	if (!child) {
		execve(path, (char *const *)start->argv, environ);
		give_up(told, START_EXEC);
	}
	if (child < 0)
		give_up(told, START_CLONE);
	told->child = child;
	_exit(0);
}

static void wait_for(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static pid_t start_helped(struct start *start, const sigset_t *mask, struct told *told)
{
	pid_t helper = fork();

	if (helper < 0) {
		start->step = START_CLONE;
		start->err = errno;
		return -1;
	}
	if (!helper)
		help(start, mask, told);
	wait_for(helper);
	/* A signal ended the helper before the child was made. */
	if (!told->child && !told->step)
		*told = (struct told){ .step = START_CLONE, .err = EINTR };
	if (told->step && told->child)
		wait_for(told->child);
	start->step = told->step;
	start->err = told->err;
	return told->step ? -1 : told->child;
}

pid_t start_command(struct start *start)
{
	struct told *told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sigset_t all, before;
	pid_t child;

	if (told == MAP_FAILED) {
		start->step = START_CLONE;
		start->err = errno;
		return -1;
	}
	/* The caller's handlers must not run in the helper or the child. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	child = start_helped(start, &before, told);
	sigprocmask(SIG_SETMASK, &before, NULL);
	munmap(told, sizeof(*told));
	return child;
}

const char *start_failure(enum start_step step)
{
	static const char *const words[] = {
		[START_DONE] = "started",
		[START_MOUNTS] = "the cgroup file system can't be made read-only for it",
		[START_USER] = "can't be run as that user",
		[START_FIND] = "can't be executed",
		[START_CLONE] = "no process can be made in the cgroup",
		[START_EXEC] = "can't be executed",
	};

	return words[step];
}
