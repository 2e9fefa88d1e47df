// SPDX-License-Identifier: GPL-2.0
/*
 * scmod does not occupy a CPU for long: with a thousand policies in one chain and ten thousand
 * threads that are moved, it never runs for a millisecond with interrupts or preemption off,
 * or without a rescheduling point.
 *
 * vm: --icount --no-module --mem 3072
 *
 * Under --icount a nanosecond of the guest's clock is an instruction, so that results do not
 * depend on the host. Measured are: how late a real-time task on the only CPU wakes up while
 * scmod works for another task; and, for moves of threads, how long the function at the
 * tracepoint takes, since the kernel's own part of the move takes longer than the limit.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib.h"

#define DEPTH		1000
#define THREADS		10000
#define STACK		16384
#define LIMIT_NS	1000000
#define PERIOD_NS	50000

static struct cg chain[DEPTH];

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Shared with two helper processes: wake_up(), which measures, and never_sleep(). */
struct watch {
	volatile uint64_t latest;
	volatile bool measures;
	pid_t pid[2];
};

static struct watch *watch;

static void __attribute__((noreturn)) wake_up(void)
{
	struct sched_param param = { .sched_priority = 50 };
	uint64_t next = now_ns(), late;

	mlockall(MCL_CURRENT | MCL_FUTURE);
	if (sched_setscheduler(0, SCHED_FIFO, &param))
		_exit(1);
	for (;;) {
		struct timespec ts;

		next = now_ns() + PERIOD_NS;
		ts.tv_sec = next / 1000000000;
		ts.tv_nsec = next % 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
		late = now_ns() - next;
		if (watch->measures && late > watch->latest)
			watch->latest = late;
	}
}

/* Keeps the CPU busy: when it is idle, a clock that counts instructions leaps. */
static void __attribute__((noreturn)) never_sleep(void)
{
	setpriority(PRIO_PROCESS, 0, 19);
	for (;;)
		;
}

static void watch_start(void)
{
	watch = shared_new(sizeof(*watch));
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (!pid && i)
			wake_up();
		if (!pid)
			never_sleep();
		watch->pid[i] = pid;
	}
	usleep(20000);
}

static void watch_stop(void)
{
	for (int i = 0; i < 2; i++) {
		kill(watch->pid[i], SIGKILL);
		waitpid(watch->pid[i], NULL, 0);
	}
}

/* Waits until work of the kernel from before, such as freeing a module, is done. */
static void watch_begin(void)
{
	usleep(300000);
	watch->latest = 0;
	watch->measures = true;
}

static uint64_t watch_end(const char *what)
{
	/* Measure also the work items that the operation has queued. */
	usleep(50000);
	watch->measures = false;
	printf("# %-56s %8lu ns late at most\n", what, (unsigned long)watch->latest);
	fflush(stdout);
	return watch->latest;
}

static int chain_make(void)
{
	int ret = 0;

	for (int i = 0; !ret && i < DEPTH; i++)
		ret = cg_make(&chain[i], i ? &chain[i - 1] : NULL, i ? "n" : "walk");
	return ret;
}

static int chain_remove(void)
{
	int ret = 0;

	for (int i = DEPTH - 1; !ret && i >= 0; i--)
		ret = cg_remove(&chain[i]);
	return ret;
}

static void *sit(void *data)
{
	while (pause())
		;
	return NULL;
}

/* A process of so many threads, each in pause(). */
static pid_t group_start(unsigned int threads)
{
	volatile unsigned int *ready = shared_new(sizeof(*ready));
	pid_t pid = fork();

	if (!pid) {
		pthread_attr_t attr;
		pthread_t thread;

		pthread_attr_init(&attr);
		pthread_attr_setstacksize(&attr, STACK);
		pthread_attr_setguardsize(&attr, 0);
		for (unsigned int i = 1; i < threads; i++) {
			if (pthread_create(&thread, &attr, sit, NULL))
				_exit(1);
		}
		*ready = 1;
		sit(NULL);
	}
	while (!*ready && !waitpid(pid, NULL, WNOHANG))
		usleep(100000);
	if (!*ready)
		return -1;
	sleep(1);
	return pid;
}

#define TRACING	"/sys/kernel/tracing/"

/* How long a function of scmod's takes from now on. */
static int trace_begin(const char *function)
{
	return sh("cd " TRACING " && echo nop >current_tracer && echo >trace && "
		  "echo %s:mod:scmod >set_ftrace_filter && "
		  "echo function_graph >current_tracer && echo 1 >tracing_on", function);
}

/* At most, in ns; -1 if it was not called. */
static double trace_end(const char *function)
{
	double longest = -1, us;
	char line[512];
	FILE *f = popen("cd " TRACING " && cat trace; echo nop >current_tracer; "
			"echo >set_ftrace_filter", "r");

	while (fgets(line, sizeof(line), f)) {
		char *end = strstr(line, " us ");

		if (!strstr(line, function) || !end)
			continue;
		while (end > line && strchr("0123456789.", end[-1]))
			end--;
		us = strtod(end, NULL);
		if (us * 1000 > longest)
			longest = us * 1000;
	}
	pclose(f);
	return longest;
}

FIXTURE(walk)
{
	struct cg cg;
};

FIXTURE_SETUP(walk)
{
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "walk-group"));
}

FIXTURE_TEARDOWN(walk)
{
	EXPECT_EQ(0, cg_remove(&self->cg));
	scmod_close();
	/* Unloading removes the policies, which is possible as none of them enforces. */
	EXPECT_EQ(0, sh("rmmod scmod"));
}

static int enforce_all(const struct cg *cg)
{
	struct abi_sets abi[NR_ABIS] = { 0 };

	for (int i = 0; i < NR_ABIS; i++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			bitmap_add(&abi[i].allowed, nr);
	return set_enforce(cg, abi, SCMOD_ACTION_ERRNO, 0);
}

/* The time of the hook for a call that every policy of the chain sees for the first time. */
static double first_call(const struct cg *cg)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	double ns;

	calls_add(calls, SYS_getpgrp);
	if (trace_begin("scmod_decide"))
		return -1;
	calls_run(cg, calls);
	ns = trace_end("scmod_decide");
	calls_free(calls);
	return ns;
}

TEST_F_TIMEOUT(walk, a_thousand_policies_in_one_chain, 900)
{
	double took;

	ASSERT_EQ(0, chain_make());
	for (int i = 0; i < DEPTH; i++)
		ASSERT_EQ(0, set_mode(&chain[i], SCMOD_MODE_LEARN));
	watch_start();
	watch_begin();
	usleep(100000);
	watch_end("nothing");
	watch_begin();
	EXPECT_EQ(0, set_mode(&chain[0], SCMOD_MODE_COMPLAIN));
	EXPECT_GT(LIMIT_NS, watch_end("the topmost is set to complain"));
	watch_begin();
	EXPECT_EQ(0, enforce_all(&chain[0]));
	EXPECT_GT(LIMIT_NS, watch_end("the topmost is set to enforce"));
	watch_begin();
	EXPECT_EQ(0, drop_policy(chain[0].id));
	EXPECT_GT(LIMIT_NS, watch_end("the topmost is forgotten"));
	watch_begin();
	EXPECT_EQ(0, set_mode(&chain[0], SCMOD_MODE_LEARN));
	EXPECT_GT(LIMIT_NS, watch_end("and made again"));
	watch_stop();
	took = first_call(&chain[DEPTH - 1]);
	printf("# %-56s %8.0f ns\n", "a call that a thousand policies see for the first time",
	       took);
	EXPECT_LT(0, took);
	EXPECT_GT(LIMIT_NS, took);
	EXPECT_EQ(0, chain_remove());
}

/* Checks on_attach() only, since the kernel's own part of the move takes longer. */
static void move_group(struct __test_metadata *_metadata, const struct cg *to, pid_t pid,
		       const char *what)
{
	uint64_t begin;
	double ns;

	ASSERT_EQ(0, trace_begin("on_attach"));
	watch_begin();
	begin = now_ns();
	EXPECT_EQ(0, cg_move(to, pid));
	begin = now_ns() - begin;
	watch_end(what);
	ns = trace_end("on_attach");
	printf("# %-56s %8.0f ns in on_attach(), %lu in all\n", what, ns, (unsigned long)begin);
	EXPECT_LT(0, ns);
	EXPECT_GT(LIMIT_NS, ns);
}

TEST_F_TIMEOUT(walk, a_group_of_ten_thousand_threads, 1800)
{
	struct policy policy;
	pid_t pid;

	ASSERT_EQ(0, chain_make());
	pid = group_start(THREADS);
	ASSERT_LT(0, pid);
	watch_start();
	/* First measure a move without scmod. */
	scmod_close();
	ASSERT_EQ(0, sh("rmmod scmod"));
	watch_begin();
	ASSERT_EQ(0, cg_move(&self->cg, pid));
	watch_end("moved, without scmod");
	ASSERT_EQ(0, sh("echo %d >/sys/fs/cgroup/cgroup.procs", pid));
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());

	watch_begin();
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	EXPECT_GT(LIMIT_NS, watch_end("a policy is made, elsewhere"));
	move_group(_metadata, &self->cg, pid, "moved to where it is recorded");
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_TRUE(bitmap_has(&policy.abi[0].seen, SYS_pause));
	policy_release(&policy);
	EXPECT_LE(THREADS, marks());
	watch_begin();
	EXPECT_EQ(0, enforce_all(&self->cg));
	EXPECT_GT(LIMIT_NS, watch_end("set to enforce, with all of them there"));
	watch_begin();
	EXPECT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	EXPECT_GT(LIMIT_NS, watch_end("set to learn, with all of them there"));
	ASSERT_EQ(0, set_mode(&chain[DEPTH - 1], SCMOD_MODE_LEARN));
	move_group(_metadata, &chain[DEPTH - 1], pid, "moved to a depth of a thousand");
	ASSERT_EQ(0, sh("echo >" TRACING "trace"));
	move_group(_metadata, &chain[0], pid, "moved to where it is not tracked");
	EXPECT_EQ(0, marks());
	watch_begin();
	EXPECT_EQ(0, set_mode(&chain[0], SCMOD_MODE_LEARN));
	EXPECT_GT(LIMIT_NS, watch_end("learning begins where they are"));
	watch_stop();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	EXPECT_EQ(0, chain_remove());
}

TEST_HARNESS_MAIN
