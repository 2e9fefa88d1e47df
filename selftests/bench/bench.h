/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of the bench: what is done (workloads), what is active meanwhile
 * (columns), how it is measured, and what comes out.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
/* Files that last as long as the VM. */
#define DIR "/run/bench"

/* Longest list of calls; -1 ends it. */
#define CALLS_MAX 5

/**
 * struct workload - something to do, over and over
 * @name: as in the results
 * @what: one of it, in words
 * @setup: once, in the process that does it; may be NULL
 * @run: do it so often. In the measured process itself, or, of a whole program,
 *	in the one that measures
 * @program: what is measured is another program; NULL: the calling process
 * @few: of two lengths of a run the shorter: what both cost is left out
 * @many: the longer
 * @per: how many things are done each time
 * @runs: the most runs of each length
 * @calls: calls that it stands for: those that are denied, or audited
 */
struct workload {
	const char *name;
	const char *what;
	void (*setup)(void);
	void (*run)(unsigned int n);
	const struct program *program;
	unsigned int few, many, per, runs;
	int calls[CALLS_MAX + 1];
};

/**
 * struct program - a whole program, by shell commands
 * @server: what serves; NULL: there is none
 * @port: where it does
 * @client: asks it %u times; of a program that is no server, does its work %u times
 */
struct program {
	const char *server;
	unsigned short port;
	const char *client;
};

extern const struct workload call_workloads[], program_workloads[];
extern const size_t nr_call_workloads, nr_program_workloads;
/* What they need; once. */
void calls_prepare(void);
void programs_prepare(void);

/* When a column has its turn. */
enum phase {
	PHASE_UNSEEN,
	/* Before the module was ever loaded. */
	PHASE_FIRST,
	/* While it is not. */
	PHASE_BARE,
	PHASE_LOADED,
	/* With as many policies as CROWD. */
	PHASE_CROWD,
	/* Audit leaves its traces on every task that comes later. */
	PHASE_LAST,
};

/**
 * struct column - what is active while something is measured
 * @name: as in the results
 * @phase: when
 * @first_only: it is a question of the first workload alone
 * @begin: once, before all workloads; returns why it can't be, or NULL
 * @arm: before each workload; as @begin
 * @self: in the measured process, before its workload; as @begin
 * @disarm: after each workload
 * @end: after all of them
 * @where: the cgroup that the process is in; NULL: the common one
 */
struct column {
	const char *name;
	enum phase phase;
	bool first_only;
	const char *(*begin)(void);
	const char *(*arm)(const struct workload *workload);
	const char *(*self)(const struct workload *workload);
	void (*disarm)(const struct workload *workload);
	void (*end)(void);
	const struct cg *(*where)(void);
};

extern const struct column columns[];
extern const size_t nr_columns;
/*
 * Not in the table: one that is measured for nothing, since a first time is never
 * like the others; and one that makes filters of what each workload calls.
 */
extern const struct column warming, rehearsal;
void columns_prepare(void);
/* The cgroup that its process is in. */
const struct cg *column_where(const struct column *column);

/* measure.c */

/* A figure; a spread of 0 says that runs agreed exactly. @why: there is none. */
struct reading {
	double value, spread;
	/* The two times that an exact one is made of; 0 otherwise. */
	double few, many;
	char why[160];
};

/* @ns: a real clock; else instructions, which the guest's clock counts. */
void measure_unit(bool ns);
const char *measure_unit_name(void);
uint64_t measure_now(void);
struct reading measure(const struct column *column, const struct workload *workload,
		       const struct cg *cg);
/* What the program does that measures a call; @procs is the file of its cgroup. */
void measure_here(const struct column *column, const struct workload *workload,
		  const char *procs, int fd);
/* Of @runs figures. */
struct reading reading_of(double *values, unsigned int runs);

/* results.c: one line of JSON each. */
void results_of(const char *kernel, const char *engine);
void result(const char *workload, const char *column, const struct reading *reading,
	    const char *unit);

/* filter.c: seccomp programs, as files. */
const char *filter_load(const char *path);
const char *filter_write_list(const char *path, const struct bitmap *calls);
const char *filter_write_podman(const char *path);

/* recorder.c: the smallest eBPF recorder, for one cgroup. */
const char *recorder_begin(uint64_t cgroup);
bool recorder_saw(uint64_t cgroup);
void recorder_end(void);

/* control.c: what is asked of the module; as many policies are there in the end. */
#define CROWD 10000
#define CROWD_TEXT "10,000 policies"
const char *control(const void *arg);

/*
 * @fn in a process of its own: what it leaves in memory makes every later fork
 * dearer. Returns what it returned.
 */
const char *aside(const char *(*fn)(const void *arg), const void *arg);

/* Ends the bench. */
void die(const char *what) __attribute__((noreturn));
void must(int err, const char *what);

#endif /* BENCH_H */
