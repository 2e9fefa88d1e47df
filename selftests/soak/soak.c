// SPDX-License-Identifier: GPL-2.0
/*
 * soak SECONDS [WORKER]...: in the VM, module not loaded: phases of all kinds of work at
 * once, between which the module is unloaded and memory is looked at; then a
 * table. Exit status 0 if nothing was lost, nothing passed and nothing leaked.
 * If workers are named, only these run, to find out which one causes a fault.
 *
 * This file runs the phases; the workers do the work.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

/* A phase lasts a twelfth of the whole time, but within these bounds, in seconds. */
#define PHASE_SHORTEST	10
#define PHASE_LONGEST	150
/* One to warm up, and three to compare. */
#define PHASES_LEAST	4
#define PHASES_MOST	2000

/* Seconds that a worker may need for its last round: workers wait for each other. */
#define STOP_SECONDS	300
#define SAMPLE_SECONDS	60

/* Loads and unloads at the end of each phase, tasks running. */
#define PHASE_CYCLES	3
/* Loop slots of those tasks; the first of them belong to check.c. */
#define LOOP_CYCLES	8

static const struct worker {
	const char *name;
	void (*run)(void);
} workers[] = {
	{ "learned", check_learned },
	{ "refused", check_refused },
	{ "flips", check_flips },
	{ "moves", check_moves },
	{ "forks", load_forks },
	{ "stress", load_stress },
	{ "churn", load_churn },
	{ "tracing", visit_tracing },
	{ "strace", visit_strace },
	{ "tool", visit_tool },
	{ "listener", visit_listener },
	{ "deaf", visit_deaf },
};

#define NR_WORKERS	(sizeof(workers) / sizeof(workers[0]))

static pid_t pids[NR_WORKERS];
static char **chosen;
static struct memory quiet[PHASES_MOST];
static unsigned int nr_quiet;

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static unsigned long count(enum count what)
{
	return __atomic_load_n(&soak->count[what], __ATOMIC_RELAXED);
}

static void load(void)
{
	if (sh(INSMOD " max_policies=%d", MAX_POLICIES)) {
		bad("the module does not load");
		sh("dmesg | grep scmod | tail -n 20");
	} else {
		add(CYCLES, 1);
	}
}

/* Unloading loses the module's counters, so they are read before. */
static void unload(void)
{
	struct module_state state = { 0 };
	int left;

	if (scmod_connect() || scmod_status(&state))
		bad("no status before unloading");
	scmod_close();
	add(PROBES_MISSED, state.nmissed);
	add(EVENTS_DROPPED, state.events_lost);
	if (sh("rmmod scmod"))
		bad("the module does not unload");
	left = marks();
	if (left < 0)
		bad("the test module that counts marks does not load");
	else
		add(MARKS_LEFT, left);
}

static bool is_chosen(const char *name)
{
	for (char **p = chosen; *p; p++)
		if (!strcmp(*p, name))
			return true;
	return !*chosen;
}

static void workers_start(unsigned int seed)
{
	soak->stop = false;
	soak->unloaded = false;
	for (unsigned int i = 0; i < NR_WORKERS; i++) {
		fflush(NULL);
		pids[i] = is_chosen(workers[i].name) ? fork() : 0;
		if (pids[i] || !is_chosen(workers[i].name))
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		srand(seed * NR_WORKERS + i);
		if (scmod_connect())
			bad("%s: no connection to the module", workers[i].name);
		else
			workers[i].run();
		fflush(NULL);
		_exit(0);
	}
}

static void worker_wait(unsigned int i)
{
	time_t end = now() + STOP_SECONDS;
	int status = 0;
	pid_t pid;

	if (!pids[i])
		return;
	while (!(pid = waitpid(pids[i], &status, WNOHANG)) && now() < end)
		nap(50);
	if (!pid) {
		bad("worker %s does not stop", workers[i].name);
		sh("cat /proc/%d/stack /proc/%d/wchan", pids[i], pids[i]);
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	} else if (status) {
		bad("worker %s ended with status 0x%x", workers[i].name, status);
	}
	pids[i] = 0;
}

/* But the last one, deaf, which stays until the module is unloaded. */
static void workers_stop(void)
{
	__atomic_store_n(&soak->stop, true, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < NR_WORKERS - 1; i++)
		worker_wait(i);
}

static void sample(time_t begin)
{
	struct module_state state = { 0 };
	struct memory m;
	long alive, dying;

	if (scmod_connect() || scmod_status(&state))
		bad("no status");
	scmod_close();
	memory_now(&m);
	memory_cgroups(&alive, &dying);
	printf("%5ld s: Slab %ld SUnreclaim %ld VmallocUsed %ld PageTables %ld Percpu %ld MemFree %ld KiB; %u policies; cgroups %ld, dying %ld; missed %lu; rounds %lu, lost %lu; refused %lu, passed %lu\n",
	       (long)(now() - begin), m.slab, m.unreclaimable, m.vmalloc, m.pagetables, m.percpu,
	       m.free, state.policies, alive, dying,
	       (unsigned long)(count(PROBES_MISSED) + state.nmissed), count(ROUNDS), count(LOST),
	       count(REFUSED), count(PASSED));
	fflush(stdout);
}

static void work(time_t begin, long seconds)
{
	static time_t next;
	time_t end = now() + seconds;

	workers_start(count(PHASES) + 1);
	while (now() < end) {
		sleep(1);
		if (now() < next)
			continue;
		sample(begin);
		next = now() + SAMPLE_SECONDS;
	}
	workers_stop();
}

/* Every worker has forgotten its own; nothing may be left. */
static void policies_drain(void)
{
	struct policy_list list = { 0 };
	int err = scmod_connect();

	if (!err)
		err = scmod_list(0, false, &list);
	if (err)
		bad("cannot list policies: %s", strerror(-err));
	for (size_t i = 0; i < list.count; i++) {
		bad("a policy was left: %s, mode %u", list.policy[i].path, list.policy[i].mode);
		drop_policy(list.policy[i].id);
	}
	policy_list_release(&list);
	scmod_close();
}

/*
 * The module goes and comes while tasks of tracked cgroups run; each time with
 * policies of other kinds. It is not loaded before and after.
 */
static void cycles(void)
{
	struct cg cg[2] = { { .fd = -1 }, { .fd = -1 } };

	if (!make_cg(&cg[0], NULL, "soak-cycles") || !make_cg(&cg[1], &cg[0], "below"))
		return;
	for (int i = 0; i < 2; i++)
		if (!loop_start(LOOP_CYCLES + i, &cg[i], i, true))
			return;
	for (int cycle = 0; cycle < PHASE_CYCLES; cycle++) {
		load();
		if (scmod_connect())
			bad("no connection to the module");
		if (set_mode(&cg[cycle % 2], SCMOD_MODE_LEARN + cycle % 2) ||
		    set_mode(&cg[1], SCMOD_MODE_COMPLAIN))
			bad("cannot make a policy for %s", cg[0].path);
		add(POLICIES_MADE, 2 - cycle % 2);
		nap(dice(300));
		if (cycle == 0)
			forget_policy(cg[0].id);
		scmod_close();
		unload();
	}
	for (int i = 1; i >= 0; i--) {
		remove_cg(&cg[i]);
		/* A dead task holds its cgroup. */
		waitpid(soak->loop[LOOP_CYCLES + i].pid, NULL, 0);
		soak->loop[LOOP_CYCLES + i].pid = 0;
	}
}

static void phase(time_t begin, long seconds)
{
	struct memory *m = &quiet[nr_quiet++];
	time_t start = now();

	load();
	work(begin, seconds);
	policies_drain();
	unload();
	__atomic_store_n(&soak->unloaded, true, __ATOMIC_RELAXED);
	cycles();
	worker_wait(NR_WORKERS - 1);
	memory_quiet(m);
	add(PHASES, 1);
	printf("%5ld s: phase %lu done. Quiet: Slab %ld SUnreclaim %ld VmallocUsed %ld PageTables %ld Percpu %ld MemFree %ld, the kernel's %ld KiB, dying %ld; took %ld s; rounds %lu, errors %lu\n",
	       (long)(now() - begin), count(PHASES), m->slab, m->unreclaimable, m->vmalloc,
	       m->pagetables, m->percpu, m->free, m->used, m->dying, (long)(now() - start),
	       count(ROUNDS), count(ERRORS));
	fflush(stdout);
}

static const char *const names[NR_COUNTS] = {
	[PHASES] = "phases of all work at once",
	[CYCLES] = "loads and unloads of the module",
	[CGROUPS_MADE] = "cgroups made",
	[CGROUPS_REMOVED] = "cgroups removed",
	[POLICIES_MADE] = "policies made",
	[POLICIES_FORGOTTEN] = "policies forgotten",
	[LIMIT_MET] = "policies refused at the limit",
	[FORKS] = "forks by scmod's own workers",
	[FLIPS] = "mode flips on running tasks",
	[MOVES] = "tasks moved",
	[TRACER_FLIPS] = "kernel tracer on or off",
	[STRACES] = "strace attached and left",
	[STRESS_RUNS] = "runs of stress-ng",
	[TOOL_RUNS] = "runs of the tool",
	[LISTENERS] = "listeners",
	[EVENTS_SEEN] = "events seen",
	[EVENTS_DROPPED] = "events dropped (for slow listeners only)",
	[PROBES_MISSED] = "probes missed",
	[ROUNDS] = "rounds of known random calls",
	[REFUSED] = "calls that were to be refused",
	[LOST] = "calls made and not learned (must be 0)",
	[INVENTED] = "calls learned and not made (must be 0)",
	[PASSED] = "calls passed that were to be refused (must be 0)",
	[REFUSED_WRONGLY] = "calls refused that were to pass (must be 0)",
	[MARKS_LEFT] = "marks left after unloading (must be 0)",
	[ERRORS] = "other errors (must be 0)",
};

static bool table(unsigned int warm)
{
	bool good = true;

	printf("\nwhat | count\n");
	for (int i = 0; i < NR_COUNTS; i++) {
		printf("%s | %lu\n", names[i], count(i));
		if (i >= LOST && count(i))
			good = false;
	}
	/* If a worker did nothing, the run proves nothing. */
	if (!*chosen && (!count(ROUNDS) || !count(REFUSED) || !count(MOVES) || !count(FLIPS))) {
		printf("a worker did no work | 1\n");
		good = false;
	}
	if (!memory_flat(quiet + warm, nr_quiet - warm))
		good = false;
	fflush(stdout);
	return good;
}

int main(int argc, char **argv)
{
	long total = argc > 1 ? atol(argv[1]) : 0;
	long seconds = total / 12;
	time_t begin = now(), took = 0;
	unsigned int warm = 0;

	if (total <= 0) {
		fprintf(stderr, "usage: soak SECONDS [WORKER]...\n");
		return 2;
	}
	chosen = argv + 2;
	if (seconds < PHASE_SHORTEST)
		seconds = PHASE_SHORTEST;
	if (seconds > PHASE_LONGEST)
		seconds = PHASE_LONGEST;
	soak = shared_new(sizeof(*soak));
	if (!soak)
		return 2;
	while (nr_quiet < PHASES_LEAST ||
	       (now() - begin + took <= total && nr_quiet < PHASES_MOST)) {
		time_t start = now();

		phase(begin, seconds);
		took = now() - start;
		/* Caches fill, the first time that anything is done. */
		if (nr_quiet == 1 || now() - begin <= total / 10) {
			warm = nr_quiet;
			memory_caches();
		}
	}
	return !table(warm);
}
