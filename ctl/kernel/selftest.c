// SPDX-License-Identifier: GPL-2.0
/*
 * A live test of the module: in a temporary cgroup, a child makes a call, which must be
 * learned; then the call is no longer allowed, and must fail. On success and on failure, the
 * child, the policy and the cgroup are removed at the end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/nl.h"
#include "kernel/record.h"
#include "kernel/selftest.h"
#include "profile/profile.h"

/* The child answers much faster, even on a slow machine. */
#define ANSWER_MS 10000
/* Directly after its last process has ended, a cgroup can still be busy for a moment. */
#define RMDIR_TRIES 50
#define RMDIR_WAIT_US 20000

/* Result of the child's getppid(). */
struct answer {
	long ret;
	int err;
};

struct selftest {
	char dir[PATH_MAX];
	/* The name to make the policy by; NULL to make it by @fd. */
	const char *name;
	int fd;
	uint64_t id;
	pid_t child;
	/*
	 * order: parent to child; answer: child to parent. The child's ends are closed once
	 * it runs.
	 */
	int order[2];
	int answer[2];
	char *why;
	size_t size;
};

static int failed(struct selftest *test, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int failed(struct selftest *test, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(test->why, test->size, fmt, args);
	va_end(args);
	return -1;
}

static _Noreturn void child_run(int order, int answer)
{
	char go;

	while (read(order, &go, 1) == 1) {
		struct answer got;

		errno = 0;
		got.ret = syscall(SYS_getppid);
		got.err = errno;
		if (write(answer, &got, sizeof(got)) != sizeof(got))
			break;
	}
	_exit(0);
}

static int child_start(struct selftest *test)
{
	if (pipe2(test->order, O_CLOEXEC) || pipe2(test->answer, O_CLOEXEC))
		return failed(test, "pipe: %s", strerror(errno));
	test->child = fork();
	if (test->child < 0)
		return failed(test, "fork: %s", strerror(errno));
	if (!test->child) {
		close(test->order[1]);
		child_run(test->order[0], test->answer[1]);
	}
	return 0;
}

static int child_join(struct selftest *test)
{
	int fd = openat(test->fd, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	int len, ret = 0;

	if (fd < 0)
		return failed(test, "%s/cgroup.procs: %s", test->dir, strerror(errno));
	len = dprintf(fd, "%d\n", (int)test->child);
	if (len < 0)
		ret = failed(test, "moving a process into %s: %s", test->dir, strerror(errno));
	close(fd);
	return ret;
}

/* Makes the child call getppid() once. */
static int child_ask(struct selftest *test, struct answer *got)
{
	struct pollfd ready = { .fd = test->answer[0], .events = POLLIN };

	if (write(test->order[1], "g", 1) != 1)
		return failed(test, "the test process is gone");
	if (poll(&ready, 1, ANSWER_MS) != 1)
		return failed(test, "the test process gave no answer in %d s", ANSWER_MS / 1000);
	if (read(test->answer[0], got, sizeof(*got)) != sizeof(*got))
		return failed(test, "the test process died");
	return 0;
}

static int set(struct selftest *test, int mode, const struct abi_sets *abi)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct policy now;
	int err;

	change.name = test->name;
	change.fd = test->fd;
	change.mode = mode;
	change.abi = abi;
	err = scmod_set(&change, &now);
	if (err)
		return failed(test, "setting mode %s: %s", policy_mode_name(mode),
			      scmod_reason(err));
	test->id = now.id;
	policy_release(&now);
	return 0;
}

static int read_record(struct selftest *test, struct policy_list *list)
{
	int err = scmod_list(test->id, false, list);

	return err ? failed(test, "reading the record: %s", scmod_reason(err)) : 0;
}

static int check_learn(struct selftest *test, struct abi_sets *sets)
{
	struct profile *profile;
	struct policy_list list;
	struct answer got;
	const struct bitmap *seen;
	int ret = 0;

	if (set(test, SCMOD_MODE_LEARN, NULL) || child_join(test) || child_ask(test, &got) ||
	    read_record(test, &list))
		return -1;
	seen = &list.policy[0].abi[SCMOD_ABI_X86_64].seen;
	if (got.ret != getpid())
		ret = failed(test, "getppid() returned a wrong result while learning");
	else if (!bitmap_has(seen, SYS_getppid) || !bitmap_has(seen, SYS_write))
		ret = failed(test, "calls were made but not learned: the hook does not fire");
	else if (bitmap_has(seen, SYS_acct))
		ret = failed(test, "acct() was learned, but no process made it");
	profile = record_profile(&list.policy[0]);
	profile_sets(profile, sets);
	profile_free(profile);
	policy_list_release(&list);
	return ret;
}

static int check_enforce(struct selftest *test, struct abi_sets *sets)
{
	struct bitmap *allowed = &sets[SCMOD_ABI_X86_64].allowed;
	struct policy_list list;
	struct answer got;
	int ret = 0;

	bitmap_drop(allowed, SYS_getppid);
	/* The child may be blocked in its first read(), or not have reached it yet. */
	bitmap_add(allowed, SYS_read);
	if (set(test, SCMOD_MODE_ENFORCE, sets) || child_ask(test, &got) ||
	    read_record(test, &list))
		return -1;
	if (got.ret != -1 || got.err != EPERM)
		ret = failed(test, "a call that is not allowed was not refused");
	else if (!bitmap_has(&list.policy[0].abi[SCMOD_ABI_X86_64].denied, SYS_getppid))
		ret = failed(test, "a refused call was not recorded");
	else if (syscall(SYS_getppid) < 0)
		ret = failed(test, "a process outside of the cgroup was refused");
	policy_list_release(&list);
	return ret;
}

static int check_off(struct selftest *test)
{
	struct answer got;

	if (set(test, SCMOD_MODE_OFF, NULL) || child_ask(test, &got))
		return -1;
	if (got.ret != getpid())
		return failed(test, "a call was still refused after off");
	return 0;
}

static void close_pipe(int ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

static void child_stop(struct selftest *test)
{
	close_pipe(test->order);
	close_pipe(test->answer);
	if (test->child <= 0)
		return;
	kill(test->child, SIGKILL);
	while (waitpid(test->child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Keeps the first failure: later ones are probably only consequences. */
static int clean(struct selftest *test, int ret)
{
	int err = 0;

	if (test->id) {
		set(test, SCMOD_MODE_OFF, NULL);
		err = scmod_forget(test->id);
	}
	if (err && !ret)
		ret = failed(test, "forgetting the record: %s", scmod_reason(err));
	child_stop(test);
	if (test->fd >= 0)
		close(test->fd);
	for (int i = 0; i < RMDIR_TRIES && rmdir(test->dir) && errno == EBUSY; i++)
		usleep(RMDIR_WAIT_US);
	if (!access(test->dir, F_OK) && !ret)
		ret = failed(test, "%s can't be removed; remove it with rmdir", test->dir);
	return ret;
}

/*
 * The policy of a pattern may be in force in the cgroup. It must not be changed, as it would be by
 * the descriptor, so the test's own policy is made by a name, which has precedence.
 */
static void evade_patterns(struct selftest *test, const char *mount)
{
	struct policy_list list;
	struct stat st;

	if (fstat(test->fd, &st) || scmod_list(st.st_ino, false, &list))
		return;
	test->name = test->dir + strlen(mount);
	policy_list_release(&list);
}

static int run(struct selftest *test, const char *mount)
{
	struct abi_sets sets[NR_ABIS];

	test->fd = open(test->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (test->fd < 0)
		return failed(test, "%s: %s", test->dir, strerror(errno));
	evade_patterns(test, mount);
	if (child_start(test) || check_learn(test, sets) || check_enforce(test, sets))
		return -1;
	return check_off(test);
}

int selftest_run(const char *mount, char *why, size_t size)
{
	struct selftest test = {
		.fd = -1, .order = { -1, -1 }, .answer = { -1, -1 }, .why = why, .size = size,
	};
	sigset_t all, before;
	int ret;

	snprintf(test.dir, sizeof(test.dir), "%s/scmod-doctor.%d", mount, (int)getpid());
	if (mkdir(test.dir, 0700))
		return failed(&test, "mkdir %s: %s", test.dir, strerror(errno));
	/* Block signals, so that an interrupt waits for the cleanup. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	ret = clean(&test, run(&test, mount));
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ret;
}
