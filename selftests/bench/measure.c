// SPDX-License-Identifier: GPL-2.0
/*
 * How something is measured. Each run is done in two lengths; what one more of it
 * costs is the difference, so that neither the clock nor the way in counts.
 *
 * Timer interrupts disturb some runs. If the shortest time of each length is measured often
 * enough, it is exact; otherwise the result is the median, with the width of the middle
 * half of all times.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include <netinet/in.h>

#include "bench.h"

/* The shortest time must be measured this often. */
#define AGREE 4
/* This many processes are measured; the shortest of their times counts. */
#define PROCESSES_EXACT 3
/* Otherwise this many processes are measured, and the median counts. */
#define PROCESSES 7
#define RUNS_MAX 100

static bool real_clock;

void measure_unit(bool ns)
{
	real_clock = ns;
}

const char *measure_unit_name(void)
{
	return real_clock ? "ns" : "instructions";
}

/* Under icount QEMU's time stamp counter is its instruction counter itself. */
uint64_t measure_now(void)
{
	struct timespec ts;

	if (!real_clock)
		return __rdtsc();
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

struct reading reading_of(double *values, unsigned int runs)
{
	qsort(values, runs, sizeof(*values), by_value);
	return (struct reading){
		.value = values[runs / 2],
		.spread = values[runs * 3 / 4] - values[runs / 4],
	};
}

static bool agreed(const double *values, unsigned int runs)
{
	double least = values[0];
	unsigned int same = 0;

	for (unsigned int i = 1; i < runs; i++)
		least = values[i] < least ? values[i] : least;
	for (unsigned int i = 0; i < runs; i++)
		same += values[i] == least;
	return same >= AGREE;
}

typedef double (*took_fn)(const struct workload *workload, unsigned int n);

static struct reading exact_of(const struct workload *w, double few, double many)
{
	return (struct reading){
		.value = (many - few) / ((w->many - w->few) * w->per),
		.few = few,
		.many = many,
	};
}

static struct reading sample(const struct workload *w, took_fn took)
{
	double few[RUNS_MAX], many[RUNS_MAX];
	double each = (double)(w->many - w->few) * w->per;
	struct reading shorter, longer;
	unsigned int runs = 0;
	bool exact = false;

	took(w, w->few);
	took(w, w->many);
	while (runs < w->runs && !exact) {
		few[runs] = took(w, w->few);
		many[runs++] = took(w, w->many);
		exact = !real_clock && agreed(few, runs) && agreed(many, runs);
	}
	shorter = reading_of(few, runs);
	longer = reading_of(many, runs);
	if (exact)
		return exact_of(w, few[0], many[0]);
	return (struct reading){
		.value = (longer.value - shorter.value) / each,
		.spread = (longer.spread + shorter.spread) / each,
	};
}

/* A pause in which the kernel frees or writes what the last run has left. */
#define PAUSE_US 20000

static double took_calls(const struct workload *w, unsigned int n)
{
	uint64_t begin;

	usleep(PAUSE_US);
	begin = measure_now();
	w->run(n);
	return measure_now() - begin;
}

static void set_why(struct reading *reading, const char *why)
{
	snprintf(reading->why, sizeof(reading->why), "%s", why);
}

/*
 * Scheduling must not depend on what is measured. So measured tasks get a real-time priority:
 * no other task preempts them, a server answers at once, and threads and children of the
 * program do not preempt each other.
 */
static void go_first(void)
{
	const struct sched_param first = { .sched_priority = 1 };

	must(sched_setscheduler(0, SCHED_FIFO, &first), "no priority");
}

/*
 * In a program of its own, so that all measured processes are alike, however the
 * bench has grown meanwhile; it enters the cgroup when it is ready. What it found
 * comes by memory that @fd stands for.
 */
void measure_here(const struct column *column, const struct workload *w, const char *procs,
		  int fd)
{
	struct reading *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED,
				      fd, 0);
	const char *why;

	if (shared == MAP_FAILED)
		die("no memory");
	go_first();
	if (w->setup)
		w->setup();
	fd = open(procs, O_WRONLY | O_CLOEXEC);
	must(write(fd, "0", 1) != 1, "the cgroup can't be entered");
	why = column->self ? column->self(w) : NULL;
	if (why)
		set_why(shared, why);
	else
		*shared = sample(w, took_calls);
	for (;;)
		raw_syscall(SYS_exit_group, 0);
}

static void measure_calls(const struct column *column, const struct workload *w,
			  const struct cg *cg, int fd, struct reading *shared)
{
	char procs[PATH_MAX + 16], text[16];
	int status;
	pid_t pid;

	snprintf(procs, sizeof(procs), "%s/cgroup.procs", cg->path);
	snprintf(text, sizeof(text), "%d", fd);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		execl("/proc/self/exe", "bench", "--here", column->name, w->name, procs, text,
		      measure_unit_name(), NULL);
		_exit(1);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		set_why(shared, "no process");
	else if (status)
		set_why(shared, "the measured process failed");
}

/* The cgroup that a whole program is in, and where it and its tracer are counted. */
static const struct cg *home;

/* The CPU time of all tasks in the cgroup, which does not include idle time. */
static double usage(void)
{
	char path[PATH_MAX + 16];
	unsigned long long us;
	FILE *stat;

	snprintf(path, sizeof(path), "%s/cpu.stat", home->path);
	stat = fopen(path, "re");
	if (!stat || fscanf(stat, "usage_usec %llu", &us) != 1)
		die("no cpu.stat");
	fclose(stat);
	return us * 1000.0;
}

/*
 * A child goes into the cgroup by itself: some kernels kill one that is made in a
 * cgroup (CLONE_INTO_CGROUP) which was once killed as a whole.
 */
static pid_t start(const struct column *column, const struct workload *w,
		   struct reading *shared, const char *command)
{
	const char *why;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid)
		return pid;
	go_first();
	must(cg_write(home, "cgroup.procs", "0"), "the cgroup can't be entered");
	why = column->self ? column->self(w) : NULL;
	if (!why) {
		execl("/bin/sh", "sh", "-c", command, NULL);
		why = "no shell";
	}
	set_why(shared, why);
	_exit(1);
}

static double took_client(const struct workload *w, unsigned int n)
{
	double begin = usage();

	if (sh(w->program->client, n))
		return -1;
	/* The server may have an end of connection to see yet. */
	usleep(PAUSE_US);
	return usage() - begin;
}

static bool reached(unsigned short port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool yes = !connect(fd, (struct sockaddr *)&to, sizeof(to));

	close(fd);
	return yes;
}

static void measure_server(const struct column *column, const struct workload *w,
			   struct reading *shared)
{
	pid_t pid = start(column, w, shared, w->program->server);
	int status;

	while (!reached(w->program->port) && waitpid(pid, &status, WNOHANG) != pid)
		usleep(10000);
	if (kill(pid, 0)) {
		if (!*shared->why)
			set_why(shared, "the server does not start");
	} else {
		*shared = sample(w, took_client);
		if (shared->value <= 0)
			set_why(shared, "the client failed");
	}
	cg_kill(home);
	while (waitpid(pid, &status, 0) > 0)
		;
}

static const struct column *script_column;
static struct reading *script_shared;

static double took_script(const struct workload *w, unsigned int n)
{
	char command[512];
	double begin;
	int status;
	pid_t pid;

	snprintf(command, sizeof(command), w->program->client, n);
	begin = usage();
	pid = start(script_column, w, script_shared, command);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		set_why(script_shared, "the script failed");
	return usage() - begin;
}

static void measure_script(const struct column *column, const struct workload *w,
			   struct reading *shared)
{
	struct reading reading;

	script_column = column;
	script_shared = shared;
	reading = sample(w, took_script);
	if (!*shared->why)
		*shared = reading;
}

/* In one process; a script's runs have each their own anyway. */
static void measure_once(const struct column *column, const struct workload *w,
			 const struct cg *cg, int fd, struct reading *shared)
{
	*shared = (struct reading){ 0 };
	if (!w->program)
		measure_calls(column, w, cg, fd, shared);
	else if (w->program->server)
		measure_server(column, w, shared);
	else
		measure_script(column, w, shared);
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

/*
 * One process may find its slabs such that each of its runs needs a new one; and
 * threads cost hundreds of instructions more in some than in others, as do servers.
 */
static void measure_all(const struct column *column, const struct workload *w,
			const struct cg *cg, int fd, struct reading *shared)
{
	unsigned int processes = w->program && !w->program->server ? 1 : PROCESSES;
	double values[PROCESSES], spreads[PROCESSES];
	struct reading best = { 0 }, middle;
	unsigned int exact = 0;

	for (unsigned int i = 0; i < processes && exact < PROCESSES_EXACT; i++) {
		measure_once(column, w, cg, fd, shared);
		if (*shared->why)
			return;
		values[i] = shared->value;
		spreads[i] = shared->spread;
		if (!shared->many)
			continue;
		best = exact++ ? exact_of(w, least(best.few, shared->few),
					  least(best.many, shared->many)) : *shared;
	}
	if (exact < PROCESSES_EXACT) {
		/* Processes may differ by more than the runs in one of them do, or less. */
		middle = reading_of(spreads, processes);
		best = reading_of(values, processes);
		best.spread = best.spread > middle.value ? best.spread : middle.value;
	}
	*shared = best;
}

struct reading measure(const struct column *column, const struct workload *w,
		       const struct cg *cg)
{
	int fd = memfd_create("reading", 0);
	struct reading *shared, reading;

	must(ftruncate(fd, sizeof(*shared)), "no memory");
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (shared == MAP_FAILED)
		die("no memory");
	home = cg;
	measure_all(column, w, cg, fd, shared);
	reading = *shared;
	munmap(shared, sizeof(*shared));
	close(fd);
	return reading;
}
