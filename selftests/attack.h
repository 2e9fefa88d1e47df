/* SPDX-License-Identifier: GPL-2.0 */
/* What the bypass tests share: the refused call, and a score of the tries. */
#ifndef SELFTESTS_ATTACK_H
#define SELFTESTS_ATTACK_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "lib.h"

/* The refused call. It never fails, so whatever is not CHOSEN got through. */
#define WANTED	SYS_getuid

/* The refused call in the i386 table, where WANTED, 102, is socketcall. */
#define WANTED_I386	24

/* The attackers' score; shared with them. */
struct score {
	volatile long tries, got, last;
	/* The tries among them that began and ended under one policy. */
	volatile long certain;
};

static inline struct score *score_new(void)
{
	return shared_new(4096);
}

/* One try returned this. */
static inline __attribute__((always_inline)) void score_add(struct score *score, long ret)
{
	if (ret != -CHOSEN) {
		score->last = ret;
		__atomic_fetch_add(&score->got, 1, __ATOMIC_RELAXED);
	}
	__atomic_fetch_add(&score->tries, 1, __ATOMIC_RELAXED);
}

/* Without a stack frame, so that a child which shares the stack may use it. */
static inline __attribute__((always_inline)) long call0(long nr)
{
	long ret;

	asm volatile("syscall" : "=a"(ret) : "a"(nr), "D"(0L), "S"(0L), "d"(0L)
		     : "rcx", "r11", "memory");
	return ret;
}

static inline __attribute__((always_inline, noreturn)) void leave(void)
{
	for (;;)
		call0(SYS_exit_group);
}

static inline void __attribute__((noreturn)) hammer(struct score *score)
{
	for (;;)
		score_add(score, call0(WANTED));
}

/* Waits until @more further tries were made, 60 s at most; returns how many were made. */
static inline long score_wait(struct score *score, long more)
{
	long begin = score->tries;

	for (int i = 0; i < 60000 && score->tries - begin < more; i++)
		usleep(1000);
	return score->tries - begin;
}

static inline int rounds(int usual)
{
	const char *times = getenv("SCMOD_BYPASS_TIMES");

	return times ? usual * atoi(times) : usual;
}

/* Everything is allowed, but for one call of one table. */
static inline void allow_all_but(struct abi_sets *abi, unsigned int table, unsigned int nr)
{
	for (unsigned int i = 0; i < NR_ABIS; i++)
		memset(&abi[i].allowed, 0xff, sizeof(abi[i].allowed));
	bitmap_drop(&abi[table].allowed, nr);
}

#define EXPECT_NOTHING_GOT(score) \
	do { \
		TH_LOG("%ld tries, %ld got through", (score)->tries, (score)->got); \
		EXPECT_LT(0, (score)->tries); \
		EXPECT_EQ(0, (score)->got) { \
			TH_LOG("the last one returned %ld", (score)->last); \
		} \
	} while (0)

/* By a 32-bit program; its wait status. */
static inline int attack32(const struct cg *cg, const char *way)
{
	int status;
	pid_t pid = cg_fork(cg);

	if (!pid) {
		char times[16], want[16], nr[16];

		snprintf(times, sizeof(times), "%d", rounds(500));
		snprintf(want, sizeof(want), "%d", -CHOSEN);
		snprintf(nr, sizeof(nr), "%d", WANTED_I386);
		execl(BUILD "/selftests/attacker32", "attacker32", way, times, want, nr, NULL);
		_exit(3);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

static inline void attack32_ways(struct __test_metadata *_metadata, const struct cg *cg)
{
	static const char *const ways[] = { "int80", "vdso", "sysenter", "syscall" };
	unsigned int entries = 0;

	for (int i = 0; i < 4; i++) {
		int status;

		/*
		 * In 32-bit programs, Intel CPUs have only sysenter, AMD CPUs only
		 * syscall. QEMU's Intel CPUs execute syscall there, though Linux
		 * has not set it up, and that crashes the guest.
		 */
		if (i == 3 && !sh("grep -q GenuineIntel /proc/cpuinfo"))
			continue;
		status = attack32(cg, ways[i]);
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGILL && i > 1) {
			TH_LOG("%s: not on this CPU", ways[i]);
			continue;
		}
		entries++;
		TH_LOG("%s: %d tries, %s got through", ways[i], rounds(500),
		       status ? "some" : "0");
		EXPECT_EQ(0, status) {
			TH_LOG("status %x", status);
		}
	}
	/* sysenter or syscall is there. */
	EXPECT_LE(3, entries);
}

#endif /* SELFTESTS_ATTACK_H */
