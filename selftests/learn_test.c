// SPDX-License-Identifier: GPL-2.0
/*
 * What is recorded while learning: every call made, and no other.
 *
 * cpus: parallel
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib.h"
#include "calls/sysname.h"

#define CHILDREN	3000

/* Numbers of the 32-bit table that the tests need by name. */
#define I386(name) sysname_number(SCMOD_ABI_I386, name)

static bool blocks(unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	return !strcmp(name, "pause") || !strcmp(name, "sigsuspend");
}

/* Makes call @nr, which ends, blocks or doubles its task, in a process of its own. */
static int run_special(const struct cg *cg, enum entry how, unsigned int abi, unsigned int nr)
{
	struct calls *calls = calls_new(how);
	int status = 0;
	pid_t pid;

	calls_add(calls, nr);
	pid = calls_start(cg, calls);
	if (pid < 0)
		return pid;
	if (blocks(abi, nr)) {
		if (wait_blocked(pid, nr))
			return -ETIMEDOUT;
		kill(pid, SIGKILL);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -errno;
	calls_free(calls);
	return 0;
}

FIXTURE(table)
{
	struct cg cg;
};

/* Each number that is @rest modulo @modulus: what is not made must not appear. */
FIXTURE_VARIANT(table)
{
	unsigned int modulus, rest;
};

FIXTURE_VARIANT_ADD(table, all) { .modulus = 1, .rest = 0 };
FIXTURE_VARIANT_ADD(table, even) { .modulus = 2, .rest = 0 };
FIXTURE_VARIANT_ADD(table, odd) { .modulus = 2, .rest = 1 };

FIXTURE_SETUP(table)
{
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "learn-table"));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
}

FIXTURE_TEARDOWN(table)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
}

static void run_table(struct __test_metadata *_metadata, const struct cg *cg,
		      const FIXTURE_VARIANT(table) *variant, enum entry entry, unsigned int abi)
{
	struct bitmap want[NR_ABIS] = { 0 };
	struct calls *calls = calls_new(entry);
	struct policy policy;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		if (!sysname(abi, nr) || nr % variant->modulus != variant->rest ||
		    call_is_kernels_own(abi, nr))
			continue;
		bitmap_add(&want[abi], nr);
		if (!call_is_special(abi, nr)) {
			calls_add(calls, nr);
			continue;
		}
		ASSERT_EQ(0, run_special(cg, entry, abi, nr)) {
			TH_LOG("call %u", nr);
		}
	}
	ASSERT_EQ(0, calls_run(cg, calls));
	ASSERT_EQ(calls->count, calls->done);
	/* Each process ends by it. */
	bitmap_add(&want[SCMOD_ABI_X86_64], SYS_exit_group);
	ASSERT_EQ(0, get_policy(cg->id, &policy));
	for (unsigned int i = 0; i < NR_ABIS; i++) {
		EXPECT_STREQ("", set_text(i, &want[i], &policy.abi[i].seen)) {
			TH_LOG("%s: made, not seen", abi_name(i));
		}
		EXPECT_STREQ("", set_text(i, &policy.abi[i].seen, &want[i])) {
			TH_LOG("%s: seen, not made", abi_name(i));
		}
	}
	TH_LOG("%u calls of %s", bitmap_count(&want[abi]), abi_name(abi));
	policy_release(&policy);
}

TEST_F_TIMEOUT(table, x86_64_by_syscall, 120)
{
	run_table(_metadata, &self->cg, variant, ENTRY_SYSCALL, SCMOD_ABI_X86_64);
}

TEST_F_TIMEOUT(table, i386_by_int_0x80_from_64_bit_code, 120)
{
	run_table(_metadata, &self->cg, variant, ENTRY_INT80, SCMOD_ABI_I386);
}

/*
 * Execute caller32 in the cgroup with these numbers; its wait status. It is
 * ended once it sits in call @blocker, if that is not below zero.
 */
static int run_caller32(const struct cg *cg, char **argv, int blocker)
{
	int status;
	pid_t pid = cg_fork(cg);

	if (!pid) {
		syscall(SYS_execve, BUILD "/selftests/caller32", argv, NULL);
		_exit(127);
	}
	if (pid < 0)
		return pid;
	if (blocker >= 0) {
		if (wait_blocked(pid, blocker))
			return -ETIMEDOUT;
		kill(pid, SIGKILL);
	}
	return waitpid(pid, &status, 0) == pid ? status : -errno;
}

TEST_F_TIMEOUT(table, i386_from_a_32_bit_program, 120)
{
	static char text[SCMOD_NR_BITS][8];
	char *argv[SCMOD_NR_BITS + 3] = { "caller32", "any" };
	struct bitmap want = { 0 }, want64 = { 0 };
	struct policy policy;
	int argc = 2;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		char *alone[] = { "caller32", "any", text[nr], NULL };

		if (!sysname(SCMOD_ABI_I386, nr) || nr % variant->modulus != variant->rest)
			continue;
		bitmap_add(&want, nr);
		snprintf(text[nr], sizeof(text[nr]), "%u", nr);
		if (!call_is_special(SCMOD_ABI_I386, nr)) {
			argv[argc++] = text[nr];
			continue;
		}
		ASSERT_LE(0, run_caller32(&self->cg, alone,
					  blocks(SCMOD_ABI_I386, nr) ? (int)nr : -1));
	}
	ASSERT_EQ(0, run_caller32(&self->cg, argv, -1));
	bitmap_add(&want, I386("exit_group"));
	bitmap_add(&want64, SYS_execve);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_STREQ("", set_text(SCMOD_ABI_I386, &want, &policy.abi[SCMOD_ABI_I386].seen));
	EXPECT_STREQ("", set_text(SCMOD_ABI_I386, &policy.abi[SCMOD_ABI_I386].seen, &want));
	EXPECT_TRUE(set_equal(&want64, &policy.abi[SCMOD_ABI_X86_64].seen)) {
		TH_LOG("x86_64: %s", set_text(0, &policy.abi[SCMOD_ABI_X86_64].seen, NULL));
	}
	policy_release(&policy);
}

FIXTURE(learn)
{
	struct cg top, mid, cg;
};

FIXTURE_SETUP(learn)
{
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->top, NULL, "learn-top"));
	ASSERT_EQ(0, cg_make(&self->mid, &self->top, "mid"));
	ASSERT_EQ(0, cg_make(&self->cg, &self->mid, "leaf"));
}

FIXTURE_TEARDOWN(learn)
{
	EXPECT_EQ(0, cg_remove(&self->cg));
	EXPECT_EQ(0, cg_remove(&self->mid));
	EXPECT_EQ(0, cg_remove(&self->top));
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, drop_policy(self->mid.id));
	EXPECT_EQ(0, drop_policy(self->top.id));
}

/* What a policy has seen of the 64-bit table. */
static struct bitmap seen(struct __test_metadata *_metadata, const struct cg *cg)
{
	struct policy policy;
	struct bitmap set;

	ASSERT_EQ(0, get_policy(cg->id, &policy));
	set = policy.abi[SCMOD_ABI_X86_64].seen;
	policy_release(&policy);
	return set;
}

static void make_one(struct __test_metadata *_metadata, const struct cg *cg, unsigned int nr)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);

	calls_add(calls, nr);
	ASSERT_EQ(0, calls_run(cg, calls));
	calls_free(calls);
}

TEST_F(learn, every_learning_ancestor_records)
{
	struct bitmap set;

	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	make_one(_metadata, &self->cg, SYS_getuid);
	make_one(_metadata, &self->mid, SYS_getgid);
	set = seen(_metadata, &self->top);
	EXPECT_TRUE(bitmap_has(&set, SYS_getuid));
	EXPECT_TRUE(bitmap_has(&set, SYS_getgid));
	set = seen(_metadata, &self->cg);
	EXPECT_TRUE(bitmap_has(&set, SYS_getuid));
	EXPECT_FALSE(bitmap_has(&set, SYS_getgid));
}

TEST_F(learn, off_records_nothing_and_learn_goes_on)
{
	struct bitmap set;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	make_one(_metadata, &self->cg, SYS_getuid);
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	make_one(_metadata, &self->cg, SYS_getgid);
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	make_one(_metadata, &self->cg, SYS_geteuid);
	set = seen(_metadata, &self->cg);
	EXPECT_TRUE(bitmap_has(&set, SYS_getuid));
	EXPECT_FALSE(bitmap_has(&set, SYS_getgid));
	EXPECT_TRUE(bitmap_has(&set, SYS_geteuid));
}

/* A task in @cg that sits in pause(). */
static pid_t start_pausing(struct __test_metadata *_metadata, const struct cg *cg)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	pid_t pid;

	calls_add(calls, SYS_pause);
	pid = calls_start(cg, calls);
	ASSERT_LT(0, pid);
	ASSERT_EQ(0, wait_blocked(pid, SYS_pause));
	calls_free(calls);
	return pid;
}

static void stop_pausing(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* H5: a blocked task does not enter its call again, but needs it allowed when it wakes. */
TEST_F(learn, call_that_a_blocked_task_sits_in)
{
	pid_t pid = start_pausing(_metadata, &self->cg);
	struct policy policy;

	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, get_policy(self->top.id, &policy));
	EXPECT_STREQ("34=pause", set_text(0, &policy.abi[SCMOD_ABI_X86_64].seen, NULL));
	EXPECT_TRUE(policy_partial(&policy));
	ASSERT_EQ(1, policy.nr_records);
	EXPECT_EQ(pid, (pid_t)policy.records[0].pid);
	policy_release(&policy);
	stop_pausing(pid);
}

/* A stopped task restarts its call when it is continued, so that call is recorded, too. */
TEST_F(learn, call_that_a_stopped_task_sits_in)
{
	pid_t pid = start_pausing(_metadata, &self->cg);
	struct bitmap set;
	int status;

	kill(pid, SIGSTOP);
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	set = seen(_metadata, &self->top);
	EXPECT_STREQ("34=pause", set_text(0, &set, NULL));
	stop_pausing(pid);
}

/* Also if a task is moved into a learning cgroup; not if it moves itself, by write(). */
TEST_F(learn, call_that_a_task_sits_in_when_it_is_moved)
{
	pid_t pid = start_pausing(_metadata, &self->mid);
	struct bitmap set;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, cg_move(&self->cg, pid));
	set = seen(_metadata, &self->cg);
	EXPECT_STREQ("34=pause", set_text(0, &set, NULL));
	stop_pausing(pid);
	pid = fork();
	if (!pid) {
		if (!cg_move(&self->cg, 0))
			raw_syscall(SYS_exit_group, 0);
		_exit(1);
	}
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	set = seen(_metadata, &self->cg);
	EXPECT_FALSE(bitmap_has(&set, SYS_write));
}

/* A task that is inside one long call, on a CPU of its own all the time. */
struct busy {
	volatile bool began, ended;
	pid_t pid;
	struct iovec part[1000];
	char bytes[1 << 20];
};

static void *be_busy(void *data)
{
	struct busy *busy = data;
	int fd = open("/dev/urandom", O_RDONLY);

	for (int i = 0; i < 1000; i++)
		busy->part[i] = (struct iovec){ busy->bytes, sizeof(busy->bytes) };
	if (fd < 0 || stay_on(1))
		return NULL;
	busy->began = true;
	syscall(SYS_preadv, fd, busy->part, 1000, 0);
	busy->ended = true;
	for (;;)
		;
}

static struct busy *busy_start(bool thread)
{
	struct busy *busy = shared_new(sizeof(*busy));
	pthread_t other;
	pid_t pid = fork();

	if (!pid) {
		if (!thread)
			be_busy(busy);
		else if (!pthread_create(&other, NULL, be_busy, busy))
			pause();
		_exit(1);
	}
	busy->pid = pid;
	for (int i = 0; i < 1000 && !busy->began; i++)
		usleep(10000);
	usleep(100000);
	return busy;
}

static void expect_busy_recorded(struct __test_metadata *_metadata, FIXTURE_DATA(learn) *self,
				 bool thread)
{
	struct busy *busy;
	struct policy policy;

	ASSERT_EQ(0, stay_on(0));
	busy = busy_start(thread);
	ASSERT_TRUE(busy->began);
	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, cg_move(&self->cg, busy->pid));
	ASSERT_EQ(0, get_policy(self->top.id, &policy));
	EXPECT_FALSE(busy->ended) {
		TH_LOG("the call was too short for this test to show anything");
	}
	EXPECT_STREQ(thread ? "34=pause 295=preadv" : "295=preadv",
		     set_text(0, &policy.abi[SCMOD_ABI_X86_64].seen, NULL));
	policy_release(&policy);
	kill(busy->pid, SIGKILL);
	waitpid(busy->pid, NULL, 0);
}

TEST_F_TIMEOUT(learn, call_that_a_task_runs_in_when_it_is_moved, 120)
{
	expect_busy_recorded(_metadata, self, false);
}

TEST_F_TIMEOUT(learn, call_that_a_thread_runs_in_when_its_group_is_moved, 120)
{
	expect_busy_recorded(_metadata, self, true);
}

/* No call has this number's name in the kernel, and no program makes it. */
#define NR_UNUSED	183
#define CORE_PATTERN	"/proc/sys/kernel/core_pattern"

/*
 * A program that the kernel starts, here for a core dump, is in the root cgroup. Older
 * kernels fork it as a kernel thread.
 */
TEST_F_TIMEOUT(learn, what_a_usermode_helper_calls, 120)
{
	struct policy policy;
	bool seen = false;
	struct cg root;
	pid_t pid;

	ASSERT_EQ(0, cg_make(&root, NULL, "."));
	ASSERT_EQ(0, sh("cat " CORE_PATTERN " >/run/core_pattern && echo '|" BUILD
			"/selftests/caller64 any %d' >" CORE_PATTERN, NR_UNUSED));
	ASSERT_EQ(0, set_mode(&root, SCMOD_MODE_LEARN));
	pid = fork();
	if (!pid) {
		signal(SIGSEGV, SIG_DFL);
		raise(SIGSEGV);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	for (int i = 0; i < 500 && !seen; i++) {
		usleep(10000);
		ASSERT_EQ(0, get_policy(root.id, &policy));
		seen = bitmap_has(&policy.abi[SCMOD_ABI_X86_64].seen, NR_UNUSED);
		policy_release(&policy);
	}
	EXPECT_TRUE(seen);
	EXPECT_EQ(0, drop_policy(root.id));
	close(root.fd);
	EXPECT_EQ(0, sh("cat /run/core_pattern >" CORE_PATTERN));
}

/* A new child's registers are a copy of its parent's, which is inside clone3(). */
TEST_F_TIMEOUT(learn, child_that_has_not_run_yet_sits_in_no_call, 120)
{
	struct bitmap set;
	pid_t begins, pid;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	begins = fork();
	if (!begins) {
		scmod_close();
		if (scmod_connect())
			_exit(1);
		for (;;) {
			set_mode(&self->top, SCMOD_MODE_LEARN);
			set_mode(&self->top, SCMOD_MODE_OFF);
		}
	}
	ASSERT_LT(0, begins);
	for (int i = 0; i < CHILDREN; i++) {
		pid = cg_fork(&self->cg);
		if (!pid)
			syscall(SYS_exit_group, 0);
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	}
	EXPECT_EQ(0, waitpid(begins, NULL, WNOHANG));
	kill(begins, SIGKILL);
	waitpid(begins, NULL, 0);
	set = seen(_metadata, &self->cg);
	EXPECT_STREQ("231=exit_group", set_text(0, &set, NULL));
}

TEST_F(learn, task_in_user_mode_sits_in_no_call)
{
	struct policy policy;
	pid_t pid = cg_fork(&self->cg);

	if (!pid)
		for (;;)
			;
	ASSERT_LT(0, pid);
	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, get_policy(self->top.id, &policy));
	EXPECT_STREQ("", set_text(0, &policy.abi[SCMOD_ABI_X86_64].seen, NULL));
	EXPECT_TRUE(policy_partial(&policy));
	policy_release(&policy);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST_F(learn, empty_cgroup_is_not_partial)
{
	struct policy policy;

	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	make_one(_metadata, &self->cg, SYS_getuid);
	ASSERT_EQ(0, get_policy(self->top.id, &policy));
	EXPECT_FALSE(policy_partial(&policy));
	policy_release(&policy);
}

/* A process that waits on a pipe, then makes @nr, then exits. */
static pid_t start_waiting(const struct cg *cg, int fd, long nr)
{
	char byte;
	pid_t pid = cg ? cg_fork(cg) : fork();

	if (!pid) {
		if (read(fd, &byte, 1) != 1)
			_exit(1);
		raw_syscall(nr, -1);
		_exit(0);
	}
	return pid;
}

TEST_F(learn, moves_in_and_out_while_running)
{
	struct bitmap set;
	int in[2], out[2], status;
	pid_t comes, leaves;

	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, pipe(in));
	ASSERT_EQ(0, pipe(out));
	comes = start_waiting(NULL, in[0], SYS_getuid);
	leaves = start_waiting(&self->cg, out[0], SYS_getgid);
	ASSERT_EQ(0, wait_blocked(leaves, SYS_read));
	ASSERT_EQ(0, sh("echo %d >/sys/fs/cgroup/cgroup.procs", leaves));
	ASSERT_EQ(0, cg_move(&self->cg, comes));
	ASSERT_EQ(1, write(in[1], "", 1));
	ASSERT_EQ(1, write(out[1], "", 1));
	ASSERT_EQ(comes, waitpid(comes, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(leaves, waitpid(leaves, &status, 0));
	EXPECT_EQ(0, status);
	set = seen(_metadata, &self->top);
	EXPECT_TRUE(bitmap_has(&set, SYS_getuid));
	EXPECT_FALSE(bitmap_has(&set, SYS_getgid));
}

static void *thread_waits(void *arg)
{
	int *fd = arg;
	char byte;

	if (read(*fd, &byte, 1) == 1)
		raw_syscall(SYS_getuid, -1);
	return NULL;
}

/* Tracking follows each thread's cgroup, not the process'. */
TEST_F(learn, a_whole_thread_group_moves)
{
	struct bitmap set;
	int fd[2], status;
	pid_t pid;

	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, pipe(fd));
	pid = fork();
	if (!pid) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, thread_waits, &fd[0]))
			_exit(1);
		pthread_join(thread, NULL);
		_exit(0);
	}
	ASSERT_EQ(0, wait_blocked(pid, SYS_futex));
	ASSERT_EQ(0, cg_move(&self->cg, pid));
	ASSERT_EQ(1, write(fd[1], "", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	set = seen(_metadata, &self->top);
	EXPECT_TRUE(bitmap_has(&set, SYS_getuid));
}

TEST_F(learn, threads_move_one_by_one)
{
	struct bitmap set;
	struct cg one = { .fd = -1 };
	char text[16];
	int fd[2], status;
	pid_t *tid = shared_new(sizeof(*tid));
	pid_t pid;

	ASSERT_EQ(0, cg_make(&one, &self->cg, "threads"));
	ASSERT_EQ(0, cg_write(&one, "cgroup.type", "threaded"));
	ASSERT_EQ(0, set_mode(&one, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, pipe(fd));
	pid = cg_fork(&self->cg);
	if (!pid) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, thread_waits, &fd[0]))
			_exit(1);
		tid[0] = gettid() + 1;
		pthread_join(thread, NULL);
		raw_syscall(SYS_getgid, -1);
		_exit(0);
	}
	ASSERT_EQ(0, wait_blocked(pid, SYS_futex));
	snprintf(text, sizeof(text), "%d", tid[0]);
	ASSERT_EQ(0, cg_write(&one, "cgroup.threads", text)) {
		TH_LOG("thread %s", text);
	}
	ASSERT_EQ(1, write(fd[1], "", 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	set = seen(_metadata, &one);
	EXPECT_TRUE(bitmap_has(&set, SYS_getuid));
	EXPECT_FALSE(bitmap_has(&set, SYS_getgid));
	EXPECT_EQ(0, drop_policy(one.id));
	EXPECT_EQ(0, cg_remove(&one));
}

/* Each way to make a child, from a tracked parent and into a tracked cgroup. */
TEST_F(learn, children_are_tracked_from_their_first_call)
{
	struct bitmap set;
	int status;
	pid_t pid;

	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	pid = cg_fork(&self->cg);
	if (!pid) {
		pid_t child = fork();

		if (!child) {
			raw_syscall(SYS_getuid, -1);
			_exit(0);
		}
		waitpid(child, NULL, 0);
		child = vfork();
		if (!child) {
			raw_syscall(SYS_getgid, -1);
			_exit(0);
		}
		waitpid(child, NULL, 0);
		child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
		if (!child) {
			raw_syscall(SYS_geteuid, -1);
			_exit(0);
		}
		waitpid(child, NULL, 0);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	set = seen(_metadata, &self->top);
	EXPECT_TRUE(bitmap_has(&set, SYS_getuid));
	EXPECT_TRUE(bitmap_has(&set, SYS_getgid));
	EXPECT_TRUE(bitmap_has(&set, SYS_geteuid));
	/* cg_fork() itself came from outside; the first call counts. */
	make_one(_metadata, &self->cg, SYS_getegid);
	set = seen(_metadata, &self->top);
	EXPECT_TRUE(bitmap_has(&set, SYS_getegid));
	EXPECT_FALSE(bitmap_has(&set, SYS_clone3));
}

TEST_F(learn, child_put_outside_of_a_tracked_cgroup_is_not_tracked)
{
	struct cg outside = { .fd = -1 };
	struct bitmap set;
	int status;
	pid_t pid;

	ASSERT_EQ(0, cg_make(&outside, NULL, "learn-outside"));
	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	pid = cg_fork(&self->cg);
	if (!pid) {
		pid_t child = cg_fork(&outside);

		if (!child) {
			raw_syscall(SYS_getuid, -1);
			_exit(0);
		}
		waitpid(child, &status, 0);
		_exit(child < 0 ? 1 : 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	set = seen(_metadata, &self->top);
	EXPECT_TRUE(bitmap_has(&set, SYS_clone3));
	EXPECT_FALSE(bitmap_has(&set, SYS_getuid));
	EXPECT_EQ(0, cg_remove(&outside));
}

/* Numbers outside of the table never become calls. */
TEST_F(learn, numbers_past_the_bitmap_are_nobodys_call)
{
	static const long odd[] = { SCMOD_NR_BITS, 1000, 0x3fffffff, 0x7fffffff, 0x80000000,
				    0xffffffff, -1, -2 };
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	struct policy policy;

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		calls_add(calls, odd[i]);
	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	for (unsigned int i = 0; i < calls->count; i++) {
		EXPECT_EQ(-ENOSYS, calls->ret[i]) {
			TH_LOG("number %x", calls->nr[i]);
		}
	}
	ASSERT_EQ(0, get_policy(self->top.id, &policy));
	EXPECT_STREQ("231=exit_group", set_text(0, &policy.abi[SCMOD_ABI_X86_64].seen, NULL));
	EXPECT_STREQ("", set_text(1, &policy.abi[SCMOD_ABI_I386].seen, NULL));
	EXPECT_STREQ("", set_text(2, &policy.abi[SCMOD_ABI_X32].seen, NULL));
	policy_release(&policy);
}

TEST_F(learn, x32_numbers_have_a_bitmap_of_their_own)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	struct policy policy;

	calls_add(calls, 0x40000000 | SYS_getuid);
	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, calls_run(&self->cg, calls));
	ASSERT_EQ(0, get_policy(self->top.id, &policy));
	EXPECT_STREQ("231=exit_group", set_text(0, &policy.abi[SCMOD_ABI_X86_64].seen, NULL));
	EXPECT_STREQ("102=getuid", set_text(2, &policy.abi[SCMOD_ABI_X32].seen, NULL));
	policy_release(&policy);
}

TEST_F(learn, provenance_names_who_made_a_call_first)
{
	struct policy policy;
	const struct scmod_record *record;
	struct timespec now;
	pid_t pid;

	ASSERT_EQ(0, set_mode(&self->top, SCMOD_MODE_LEARN));
	pid = cg_fork(&self->cg);
	if (!pid) {
		for (int i = 0; i < 3; i++)
			raw_syscall(SYS_getuid, -1);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	make_one(_metadata, &self->cg, SYS_getuid);
	clock_gettime(CLOCK_REALTIME, &now);
	ASSERT_EQ(0, get_policy(self->top.id, &policy));
	record = policy_record(&policy, SCMOD_ABI_X86_64, SYS_getuid, SCMOD_RECORD_SEEN);
	ASSERT_NE(NULL, record);
	EXPECT_EQ(pid, (pid_t)record->pid);
	EXPECT_STREQ("learn_test", record->comm);
	EXPECT_EQ(1, record->count);
	EXPECT_GE(now.tv_sec, (time_t)(record->time_ns / 1000000000));
	EXPECT_LE(now.tv_sec - 30, (time_t)(record->time_ns / 1000000000));
	EXPECT_EQ(0, policy.records_lost);
	policy_release(&policy);
}

static void expect_seen(struct __test_metadata *_metadata, uint64_t id, const char *seen)
{
	struct policy policy;

	ASSERT_EQ(0, get_policy(id, &policy));
	EXPECT_STREQ(seen, set_text(0, &policy.abi[SCMOD_ABI_X86_64].seen, NULL));
	policy_release(&policy);
}

/* 'scmod restore' adds the saved record. Added calls make no new record of who made them. */
TEST_F(learn, what_was_recorded_before_is_added)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct abi_sets before[NR_ABIS] = { 0 };
	struct policy policy;

	bitmap_add(&before[0].seen, SYS_getppid);
	bitmap_add(&before[0].denied, SYS_umount2);
	change.fd = self->cg.fd;
	change.mode = SCMOD_MODE_LEARN;
	change.record = before;
	ASSERT_EQ(0, scmod_set(&change, NULL));
	make_one(_metadata, &self->cg, SYS_getuid);
	expect_seen(_metadata, self->cg.id, "102=getuid 110=getppid 231=exit_group");
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_STREQ("166=umount2", set_text(0, &policy.abi[0].denied, NULL));
	EXPECT_EQ(NULL, policy_record(&policy, 0, SYS_getppid, SCMOD_RECORD_SEEN));
	EXPECT_NE(NULL, policy_record(&policy, 0, SYS_getuid, SCMOD_RECORD_SEEN));
	EXPECT_EQ(0, policy.records_lost);
	policy_release(&policy);
	/* A message that is refused adds nothing. */
	bitmap_add(&before[0].seen, SYS_getgid);
	change.err = SCMOD_ERRNO_MAX + 1;
	EXPECT_EQ(-ERANGE, scmod_set(&change, NULL));
	expect_seen(_metadata, self->cg.id, "102=getuid 110=getppid 231=exit_group");
}

/* The clock is set back, so that the call's time is before that of the policy. */
TEST_F(learn, provenance_survives_a_clock_that_is_set_back)
{
	const struct scmod_record *record;
	struct timespec now, back;
	struct policy policy;
	double late;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, clock_gettime(CLOCK_REALTIME, &now));
	back = now;
	back.tv_sec -= 1000;
	ASSERT_EQ(0, clock_settime(CLOCK_REALTIME, &back));
	make_one(_metadata, &self->cg, SYS_getuid);
	now.tv_sec += 1;
	ASSERT_EQ(0, clock_settime(CLOCK_REALTIME, &now));
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	record = policy_record(&policy, 0, SYS_getuid, SCMOD_RECORD_SEEN);
	ASSERT_NE(NULL, record);
	late = record->time_ns / 1e9 - back.tv_sec;
	EXPECT_LT(-2, late);
	EXPECT_GT(60, late);
	policy_release(&policy);
}

/* H7: the record outlives its cgroup; a new cgroup of that name has none. */
TEST_F(learn, record_outlives_its_cgroup_and_its_name_starts_anew)
{
	struct policy before, after, again;
	uint64_t old = self->cg.id;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	make_one(_metadata, &self->cg, SYS_getuid);
	ASSERT_EQ(0, get_policy(old, &before));
	ASSERT_EQ(0, cg_remove(&self->cg));
	ASSERT_EQ(0, get_policy(old, &after));
	for (int i = 0; i < 500 && !policy_gone(&after); i++) {
		usleep(10000);
		policy_release(&after);
		ASSERT_EQ(0, get_policy(old, &after));
	}
	EXPECT_TRUE(policy_gone(&after));
	EXPECT_EQ(0, memcmp(before.abi, after.abi, sizeof(before.abi)));
	ASSERT_EQ(before.nr_records, after.nr_records);
	EXPECT_EQ(0, memcmp(before.records, after.records,
			    before.nr_records * sizeof(*before.records)));

	ASSERT_EQ(0, cg_make(&self->cg, &self->mid, "leaf"));
	ASSERT_NE(old, self->cg.id);
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, get_policy(self->cg.id, &again));
	EXPECT_EQ(0, policy_count_of(&again, seen));
	policy_release(&before);
	policy_release(&after);
	policy_release(&again);
	EXPECT_EQ(0, drop_policy(old));
}

TEST_HARNESS_MAIN
