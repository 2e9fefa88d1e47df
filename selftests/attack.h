/* SPDX-License-Identifier: GPL-2.0 */
/* What the bypass tests share: the refused call, and a score of the tries. */
#ifndef SELFTESTS_ATTACK_H
#define SELFTESTS_ATTACK_H

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "lib.h"

/* An errno value that no call gives by itself: it can only be scmod's. */
#define CHOSEN	ENOANO

/* The refused call. It never fails, so whatever is not CHOSEN got through. */
#define WANTED	SYS_getuid

/* The attackers' score; shared with them. */
struct score {
	volatile long tries, got, last;
	/* The tries among them that began and ended under one policy. */
	volatile long certain;
};

static inline struct score *score_new(void)
{
	void *score = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return score == MAP_FAILED ? NULL : score;
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

/* Until there are so many more tries; how many there were. */
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

#endif /* SELFTESTS_ATTACK_H */
