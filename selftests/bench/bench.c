// SPDX-License-Identifier: GPL-2.0
/*
 * bench KERNEL UNIT [WORKLOAD]...: what calls, whole programs and control cost
 * beside scmod and beside others, as one JSON object a figure. Runs in a VM with
 * --no-module. Without WORKLOAD: all.
 *
 * bench --order: the names of all workloads and columns, in the order of a table.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define LOAD INSMOD " max_policies=10100"

static char **wanted;
/* Why there is no module; NULL if there is one. */
static const char *not_loaded;

void die(const char *what)
{
	fprintf(stderr, "bench: %s (%s)\n", what, strerror(errno));
	exit(1);
}

void must(int err, const char *what)
{
	if (err)
		die(what);
}

/* Reasons are constant texts, so that their address is the same here. */
const char *aside(const char *(*fn)(const void *arg), const void *arg)
{
	const char **shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *why;
	int status;
	pid_t pid;

	if (shared == MAP_FAILED)
		die("no memory");
	fflush(NULL);
	pid = fork();
	if (!pid) {
		*shared = fn(arg);
		fflush(NULL);
		_exit(0);
	}
	must(pid < 0 || waitpid(pid, &status, 0) != pid || status, "a part failed");
	why = *shared;
	munmap(shared, sizeof(*shared));
	return why;
}

static bool wants(const char *name)
{
	for (char **w = wanted; *w; w++)
		if (!strcmp(*w, name))
			return true;
	return !*wanted;
}

static const struct workload *workload_at(size_t i)
{
	return i < nr_call_workloads ? &call_workloads[i] :
	       &program_workloads[i - nr_call_workloads];
}

#define NR_WORKLOADS (nr_call_workloads + nr_program_workloads)

static struct reading none(const char *why)
{
	struct reading reading = { 0 };

	snprintf(reading.why, sizeof(reading.why), "%s", why);
	return reading;
}

static struct reading one(const struct column *column, const struct workload *w)
{
	const char *why = column->arm ? column->arm(w) : NULL;
	struct reading reading;

	reading = why ? none(why) : measure(column, w, column_where(column));
	if (column->disarm)
		column->disarm(w);
	return reading;
}

static void under(const struct column *column)
{
	const char *why = column->phase == PHASE_LOADED ? not_loaded : NULL;

	if (!why && column->begin)
		why = column->begin();
	for (size_t i = 0; i < (column->first_only ? 1 : NR_WORKLOADS); i++) {
		const struct workload *w = workload_at(i);
		struct reading reading;

		if (!wants(w->name) && column->phase != PHASE_CROWD)
			continue;
		reading = why ? none(why) : one(column, w);
		if (column->phase == PHASE_UNSEEN && *reading.why)
			fprintf(stderr, "bench: %s, %s: %s\n", column->name, w->name,
				reading.why);
		else if (column->phase != PHASE_UNSEEN)
			result(w->name, column->name, &reading, measure_unit_name());
	}
	if (!why && column->end)
		column->end();
}

static void all_of(enum phase phase)
{
	for (size_t i = 0; i < nr_columns; i++)
		if (columns[i].phase == phase)
			under(&columns[i]);
}

static bool loaded(void)
{
	if (sh(LOAD " 2>" DIR "/insmod.log"))
		return false;
	must(scmod_connect(), "no module");
	return true;
}

static void unload(void)
{
	scmod_close();
	must(sh("rmmod scmod"), "the module does not unload");
}

/* Once: the filters come of what is learned then. */
static void rehearse(void)
{
	if (!loaded())
		return;
	under(&rehearsal);
	unload();
}

/* Where an engine can't refuse calls, the module does not load with it. */
static void beside_module(void)
{
	if (!loaded()) {
		not_loaded = "the module does not load with this engine on this kernel";
		all_of(PHASE_LOADED);
		return;
	}
	all_of(PHASE_LOADED);
	if (wants("control")) {
		aside(control, NULL);
		all_of(PHASE_CROWD);
	}
	unload();
}

static void order(void)
{
	for (size_t i = 0; i < NR_WORKLOADS; i++)
		printf("workload\t%s\n", workload_at(i)->name);
	for (size_t i = 0; i < nr_columns; i++)
		printf("column\t%s\n", columns[i].name);
}

static const struct workload *workload_named(const char *name)
{
	for (size_t i = 0; i < NR_WORKLOADS; i++)
		if (!strcmp(workload_at(i)->name, name))
			return workload_at(i);
	die(name);
}

static const struct column *column_named(const char *name)
{
	for (size_t i = 0; i < nr_columns; i++)
		if (!strcmp(columns[i].name, name))
			return &columns[i];
	return &warming;
}

int main(int argc, char **argv)
{
	const char *engine = getenv("SCMOD_HOOK");

	if (argc == 2 && !strcmp(argv[1], "--order")) {
		order();
		return 0;
	}
	if (argc == 7 && !strcmp(argv[1], "--here")) {
		measure_unit(!strcmp(argv[6], "ns"));
		measure_here(column_named(argv[2]), workload_named(argv[3]), argv[4],
			     atoi(argv[5]));
	}
	if (argc < 3)
		return 2;
	results_of(argv[1], engine ? engine : "kprobe");
	measure_unit(!strcmp(argv[2], "ns"));
	wanted = argv + 3;
	/* From the next execve on; where things lie changes what fork copies. */
	must(personality(ADDR_NO_RANDOMIZE) < 0, "addresses are random");
	if (mkdir(DIR, 0755) && errno != EEXIST)
		die(DIR);
	calls_prepare();
	programs_prepare();
	columns_prepare();
	under(&warming);
	all_of(PHASE_FIRST);
	rehearse();
	all_of(PHASE_BARE);
	beside_module();
	all_of(PHASE_LAST);
	return 0;
}
