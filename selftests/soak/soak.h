/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by soak.c and the workers. A worker is a process that does one kind of work until
 * it is told to stop, and then removes what it has made.
 */
#ifndef SOAK_SOAK_H
#define SOAK_SOAK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib.h"

/* The module's limit of policies, so low that it is reached again and again. */
#define MAX_POLICIES	40

/* The rows of the table, in its order; see soak.c for their names. */
enum count {
	PHASES,
	CYCLES,
	CGROUPS_MADE,
	CGROUPS_REMOVED,
	POLICIES_MADE,
	POLICIES_FORGOTTEN,
	LIMIT_MET,
	FORKS,
	FLIPS,
	MOVES,
	TRACER_FLIPS,
	STRACES,
	STRESS_RUNS,
	TOOL_RUNS,
	LISTENERS,
	EVENTS_SEEN,
	EVENTS_DROPPED,
	PROBES_MISSED,
	ROUNDS,
	REFUSED,
	/* From here on each must be 0. */
	LOST,
	INVENTED,
	PASSED,
	REFUSED_WRONGLY,
	MARKS_LEFT,
	ERRORS,
	NR_COUNTS
};

/* The required result of a loop's call, valid while @change has the same value. */
enum must {
	MUST_NOTHING,
	MUST_BE_REFUSED,
	MUST_PASS,
};

/*
 * A task that makes one call over and over. The required result of the call is changed
 * with loop_expect() only.
 */
struct loop {
	pid_t pid;
	unsigned int change;
	enum must must;
	unsigned long calls;
};

#define MAX_LOOPS	16

/* In memory that all share; counters are added to by anybody. */
struct soak {
	bool stop;
	/* Later than @stop: the module has been unloaded. */
	bool unloaded;
	uint64_t count[NR_COUNTS];
	struct loop loop[MAX_LOOPS];
};

extern struct soak *soak;

static inline void add(enum count what, uint64_t n)
{
	__atomic_fetch_add(&soak->count[what], n, __ATOMIC_RELAXED);
}

static inline bool going(void)
{
	return !__atomic_load_n(&soak->stop, __ATOMIC_RELAXED);
}

/* An error: printed and counted. */
void bad(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* 0 to @n - 1 */
unsigned int dice(unsigned int n);
void nap(unsigned int ms);

/* As cg_make() and cg_remove(), counted; false if it failed and was reported. */
bool make_cg(struct cg *cg, const struct cg *parent, const char *name);
void remove_cg(struct cg *cg);

/*
 * A policy's first mode, waiting while there are as many as may be; for enforce,
 * @abi says what is allowed. False if soak ends, or it failed and was reported.
 */
bool make_policy(const struct cg *cg, int mode, const struct abi_sets *abi);
/* Off and forget; reported if it fails. */
void forget_policy(uint64_t id);

/* All of x86_64 but getppid, which the loops make; with it if @all. */
void allow_most(struct abi_sets *abi, bool all);

/* Start the loop of slot @i in @cg; @threads and children of its own make the call, too. */
bool loop_start(unsigned int i, const struct cg *cg, bool threads, bool children);
/* While a policy is changed, any result is right; then @must. */
void loop_change(unsigned int i);
void loop_expect(unsigned int i, enum must must);
/* Waits until the loop has made further calls, but only for a limited time. */
void loop_wait(unsigned int i);

/* Workers; each returns when soak stops. */
void check_learned(void);
void check_refused(void);
void check_flips(void);
void check_moves(void);
void load_forks(void);
void load_stress(void);
void load_churn(void);
void visit_tracing(void);
void visit_strace(void);
void visit_tool(void);
void visit_listener(void);
void visit_deaf(void);

/* Kernel memory, KiB, and how many removed cgroups are still there; see memory.c. */
struct memory {
	long slab, unreclaimable, vmalloc, pagetables, percpu, free, used;
	long dying;
};

void memory_now(struct memory *m);
void memory_quiet(struct memory *m);
/* Remember the slab caches as they are; memory_flat() shows which grew since then. */
void memory_caches(void);
/* Print the last third against the first; false if it grew. */
bool memory_flat(const struct memory *m, unsigned int count);
/* "cgroups 12, dying 0" of cgroup.stat */
void memory_cgroups(long *alive, long *dying);

#endif /* SOAK_SOAK_H */
