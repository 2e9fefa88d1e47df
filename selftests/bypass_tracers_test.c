// SPDX-License-Identifier: GPL-2.0
/*
 * H6, as an attack: tasks make a refused call over and over, while tracers of system calls
 * come and go. On some kernels the last tracer that leaves clears a flag of every task
 * that is the mark, too; no refused call may pass then.
 *
 * vm: --cpus 1
 *
 * One CPU, for the reason given in tracer_test. The attackers have a real-time priority
 * and are woken by timers, so that they preempt the kernel in the middle of its work.
 */
#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "kselftest_harness.h"
#include "attack.h"

#define EVENTS	"/sys/kernel/tracing/events/raw_syscalls/"

/* Idle tasks, so that the kernel's loop over all tasks takes longer. */
#define IDLE	1500

FIXTURE(tracers)
{
	struct cg cg, other;
	struct abi_sets abi[NR_ABIS];
	struct score *score;
	pid_t attackers[3];
};

/* The CPU time of the calling thread, in ns. */
static long cpu_time(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/*
 * Sleeps for a random time, then tries. Tracers come and go only while the attackers
 * sleep, because of their priority, so they sleep about ten times as long as a try
 * takes, on a slow kernel, too.
 */
static void __attribute__((noreturn)) ambush(struct score *score, int seed)
{
	struct sched_param param = { .sched_priority = 1 };
	unsigned int state = seed;
	long cost = 20000;

	sched_setscheduler(0, SCHED_FIFO, &param);
	for (unsigned int tries = 1;; tries++) {
		struct timespec nap = { .tv_nsec = cost * (2 + rand_r(&state) % 16) };

		raw_syscall(SYS_getppid, 0);
		nanosleep(&nap, NULL);
		score_add(score, call0(WANTED));
		if (tries % 64 == 0)
			cost = cpu_time() / tries;
	}
}

FIXTURE_SETUP(tracers)
{
	allow_all_but(self->abi, SCMOD_ABI_X86_64, WANTED);
	self->score = score_new();
	ASSERT_NE(NULL, self->score);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "tracers"));
	ASSERT_EQ(0, cg_make(&self->other, NULL, "tracers-other"));
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	for (int i = 0; i < 3; i++) {
		self->attackers[i] = cg_fork(&self->cg);
		if (!self->attackers[i])
			ambush(self->score, i + 1);
	}
	ASSERT_LT(0, score_wait(self->score, 10));
}

FIXTURE_TEARDOWN(tracers)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	EXPECT_EQ(0, cg_remove(&self->other));
	munmap(self->score, 4096);
}

static int idle_start(const struct cg *cg)
{
	for (int i = 0; i < IDLE; i++) {
		pid_t pid = cg_fork(cg);

		if (!pid)
			for (;;)
				pause();
		if (pid < 0)
			return pid;
	}
	return 0;
}

static int event_id(const char *name)
{
	char path[128];
	int id = -1;
	FILE *f;

	snprintf(path, sizeof(path), EVENTS "%s/id", name);
	f = fopen(path, "r");
	if (f && fscanf(f, "%d", &id) != 1)
		id = -1;
	if (f)
		fclose(f);
	return id;
}

static int trace(int id)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr), .config = id,
	};

	return syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

/* A tracer of either event comes and goes. */
static int come_and_go(int times)
{
	const int ids[] = { event_id("sys_enter"), event_id("sys_exit") };

	for (int i = 0; i < times; i++) {
		int fd = trace(ids[i % 2]);

		if (fd < 0)
			return 1;
		close(fd);
	}
	return 0;
}

TEST_F_TIMEOUT(tracers, one_that_comes_and_goes, 300)
{
	ASSERT_EQ(0, idle_start(&self->other));
	ASSERT_EQ(0, come_and_go(rounds(100)));
	EXPECT_NOTHING_GOT(self->score);
}

TEST_F_TIMEOUT(tracers, many_that_come_and_go_at_once, 300)
{
	pid_t pids[8];
	int status;

	ASSERT_EQ(0, idle_start(&self->other));
	for (int i = 0; i < 8; i++) {
		pids[i] = fork();
		if (!pids[i])
			_exit(come_and_go(rounds(20)));
	}
	for (int i = 0; i < 8; i++) {
		ASSERT_EQ(pids[i], waitpid(pids[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	EXPECT_NOTHING_GOT(self->score);
	EXPECT_LT(0, score_wait(self->score, 10));
	EXPECT_EQ(0, self->score->got);
}

/*
 * perf counts the calls of all tasks, and traces those of one. Tracing all tasks would
 * include the attackers and perf's own output: more events than perf can read.
 */
TEST_F_TIMEOUT(tracers, perf, 300)
{
	for (int i = 0; i < rounds(3); i++) {
		ASSERT_EQ(0, sh("perf stat -x, -e raw_syscalls:sys_enter -a -o /tmp/scmod-perf "
				"sleep 0.1"));
		ASSERT_EQ(0, sh("perf trace -o /dev/null true"));
	}
	EXPECT_NOTHING_GOT(self->score);
}

TEST_F_TIMEOUT(tracers, bpftrace, 300)
{
	for (int i = 0; i < rounds(2); i++)
		ASSERT_EQ(0, sh("bpftrace -e 'tracepoint:raw_syscalls:sys_enter { @ = count(); } "
				"interval:ms:100 { exit(); }' >/tmp/scmod-bpftrace 2>&1 || "
				"{ cat /tmp/scmod-bpftrace; exit 1; }"));
	EXPECT_NOTHING_GOT(self->score);
}

TEST_HARNESS_MAIN
