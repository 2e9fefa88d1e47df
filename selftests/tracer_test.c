// SPDX-License-Identifier: GPL-2.0
/*
 * Other tracers of system calls come and go: tracked tasks stay tracked, and the tracers
 * see every task. On some kernels scmod and tracers use the same flag of tasks.
 *
 * The VM's CPUs take turns: a tracer that comes or goes changes the kernel's code,
 * in which CPUs that run at once may hang under QEMU before 8.1; see vm/run.
 *
 * vm: --no-module
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib.h"

#define TRACING	"/sys/kernel/tracing/"
#define ROUNDS	10

/* A task that calls getppid() over and over, and its last result. */
struct loop {
	pid_t pid;
	volatile long result;
	volatile unsigned long rounds;
};

FIXTURE(tracer)
{
	struct cg cg, other;
	struct loop *inside, *outside;
	struct abi_sets abi[NR_ABIS];
};

static struct loop *loop_start(const struct cg *cg)
{
	struct loop *loop = shared_new(sizeof(*loop));
	pid_t pid;

	if (!loop)
		return NULL;
	pid = cg_fork(cg);
	while (!pid) {
		loop->result = raw_syscall(SYS_getppid, 0);
		loop->rounds++;
	}
	loop->pid = pid;
	return loop;
}

/* Waits until the task has begun and ended at least one further call. */
static void loop_wait(struct loop *loop)
{
	unsigned long rounds = loop->rounds;

	while (loop->rounds < rounds + 3)
		usleep(1000);
}

static int trace_begin(void)
{
	return sh("cd " TRACING " && echo >trace && echo 1 >tracing_on && "
		  "echo 1 >events/raw_syscalls/sys_enter/enable");
}

static int trace_end(void)
{
	return sh("echo 0 >" TRACING "events/raw_syscalls/sys_enter/enable");
}

/*
 * Whether the tracer sees this task's calls. Filters the trace for them, since the calls of
 * the process that reads the trace would overwrite them in the buffer.
 */
static int trace_sees(struct loop *loop)
{
	int ret = sh("cd " TRACING " && echo 'common_pid == %d' "
		     ">events/raw_syscalls/sys_enter/filter && echo >trace", loop->pid);

	loop_wait(loop);
	return ret ? ret : sh("grep -q -- '-%d .*NR %d ' " TRACING "trace", loop->pid,
			      SYS_getppid);
}

FIXTURE_SETUP(tracer)
{
	bitmap_add(&self->abi[0].allowed, SYS_exit_group);
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "tracer"));
	ASSERT_EQ(0, cg_make(&self->other, NULL, "tracer-other"));
	self->inside = loop_start(&self->cg);
	self->outside = loop_start(&self->other);
	ASSERT_LT(0, self->inside->pid);
	ASSERT_LT(0, self->outside->pid);
}

/* After a tracer has left, the marks that only the tracer needed are removed with delay. */
static int marks_settle(int wanted)
{
	int found = -1;

	for (int i = 0; i < 300 && found != wanted; i++) {
		if (i)
			usleep(100000);
		found = marks();
	}
	return found;
}

FIXTURE_TEARDOWN(tracer)
{
	trace_end();
	sh("rmmod scmod 2>/dev/null");
	EXPECT_EQ(0, marks_settle(0));
	EXPECT_EQ(0, cg_remove(&self->cg));
	EXPECT_EQ(0, cg_remove(&self->other));
}

static void expect_tracked(struct __test_metadata *_metadata, FIXTURE_DATA(tracer) *self)
{
	loop_wait(self->inside);
	EXPECT_EQ(-EACCES, self->inside->result);
	loop_wait(self->outside);
	EXPECT_LT(0, self->outside->result);
}

TEST_F_TIMEOUT(tracer, that_leaves_takes_no_mark_along, 180)
{
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, EACCES));
	for (int i = 0; i < ROUNDS; i++) {
		expect_tracked(_metadata, self);
		ASSERT_EQ(0, trace_begin());
		expect_tracked(_metadata, self);
		ASSERT_EQ(0, trace_end());
		expect_tracked(_metadata, self);
	}
	/* No other task is marked. */
	EXPECT_EQ(1, marks_settle(1));
	ASSERT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, marks_settle(0));
	scmod_close();
}

TEST_F_TIMEOUT(tracer, goes_on_seeing_tasks_that_are_tracked_no_more, 180)
{
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, trace_begin());
	for (int i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
		EXPECT_EQ(0, trace_sees(self->inside));
		ASSERT_EQ(0, drop_policy(self->cg.id));
		EXPECT_EQ(0, trace_sees(self->inside));
		EXPECT_EQ(0, trace_sees(self->outside));
	}
	scmod_close();
}

TEST_F_TIMEOUT(tracer, outlasts_the_module, 180)
{
	ASSERT_EQ(0, trace_begin());
	for (int i = 0; i < ROUNDS / 2; i++) {
		ASSERT_EQ(0, sh(INSMOD));
		ASSERT_EQ(0, scmod_connect());
		ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
		scmod_close();
		ASSERT_EQ(0, sh("rmmod scmod"));
		EXPECT_EQ(0, trace_sees(self->inside));
		EXPECT_EQ(0, trace_sees(self->outside));
	}
	ASSERT_EQ(0, trace_end());
	EXPECT_EQ(0, marks_settle(0));
}

TEST_F_TIMEOUT(tracer, that_was_there_first_leaves, 180)
{
	ASSERT_EQ(0, trace_begin());
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, EACCES));
	expect_tracked(_metadata, self);
	ASSERT_EQ(0, trace_end());
	expect_tracked(_metadata, self);
	EXPECT_EQ(1, marks_settle(1));
	ASSERT_EQ(0, drop_policy(self->cg.id));
	scmod_close();
}

/* Forks and moves, while a tracer comes and goes as fast as it can. */
TEST_F_TIMEOUT(tracer, in_a_hurry_leaves_marks_right, 300)
{
	pid_t hurry, pid;

	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, EACCES));
	hurry = fork();
	while (!hurry) {
		trace_begin();
		trace_end();
	}
	for (int i = 0; i < 10 * ROUNDS; i++) {
		pid = cg_fork(i % 2 ? &self->cg : &self->other);
		if (!pid) {
			raw_syscall(SYS_getppid, 0);
			syscall(SYS_exit_group, 0);
		}
		ASSERT_EQ(0, cg_move(&self->cg, self->outside->pid));
		ASSERT_EQ(0, cg_move(&self->other, self->outside->pid));
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	}
	kill(hurry, SIGKILL);
	ASSERT_EQ(hurry, waitpid(hurry, NULL, 0));
	sleep(1);
	ASSERT_EQ(0, trace_end());
	expect_tracked(_metadata, self);
	EXPECT_EQ(1, marks_settle(1));
	ASSERT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, marks_settle(0));
	scmod_close();
}

/* Each lives for a moment and is followed by its child. */
static void __attribute__((noreturn)) follow_each_other(void)
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		if (fork())
			_exit(0);
		/* Leave CPU time for the unloading. */
		usleep(3000);
	}
}

static int without_mark(void)
{
	int count = -1;
	FILE *p;

	marks();
	p = popen("dmesg | sed -n 's/.*without: //p' | tail -n 1", "r");
	if (fscanf(p, "%d", &count) != 1)
		count = -1;
	pclose(p);
	return count;
}

/* The tracer must also see tasks that are forked while the module is being unloaded. */
TEST_F_TIMEOUT(tracer, that_comes_while_the_module_goes_sees_all, 300)
{
	for (int i = 0; i < 2; i++)
		if (!cg_fork(&self->other))
			follow_each_other();
	for (int i = 0; i < ROUNDS / 4; i++) {
		ASSERT_EQ(0, sh(INSMOD));
		ASSERT_EQ(0, sh("rmmod scmod & sleep 0.%02d; "
				"echo 1 >" TRACING "events/raw_syscalls/sys_enter/enable; wait",
				9 * i));
		EXPECT_EQ(0, without_mark()) {
			TH_LOG("round %d", i);
		}
		ASSERT_EQ(0, trace_end());
	}
}

TEST_HARNESS_MAIN
