// SPDX-License-Identifier: GPL-2.0
/*
 * What is asked of the module, with one policy and with a crowd: in guest time,
 * which under icount is the same on every machine, and in kernel memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define TURNS 10
#define DUMPS 3
#define TASKS 10000
/* Of so many policies the memory is taken. */
#define WEIGHED 1000

static struct cg one, crowd;
static unsigned int made, tracked;

static double ms(uint64_t ns)
{
	return ns / 1e6;
}

/* ---- changes */

static double took_mode(int mode)
{
	struct abi_sets all[NR_ABIS] = { 0 };
	uint64_t begin;

	memset(&all[SCMOD_ABI_X86_64].allowed, 0xff, sizeof(struct bitmap));
	begin = measure_now();
	must(mode == SCMOD_MODE_ENFORCE ? set_enforce(&one, all, SCMOD_ACTION_ERRNO, 0) :
	     set_mode(&one, mode), "no change");
	return measure_now() - begin;
}

static void changes(const char *column)
{
	static const struct {
		const char *name;
		int mode;
	} modes[] = {
		{ "learn", SCMOD_MODE_LEARN },
		{ "enforce", SCMOD_MODE_ENFORCE },
		{ "off", SCMOD_MODE_OFF },
	};
	double rates[ARRAY_SIZE(modes)][TURNS];

	for (int turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
			rates[i][turn] = 1e9 / took_mode(modes[i].mode);
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct reading rate = reading_of(rates[i], TURNS);

		result(modes[i].name, column, &rate, "per second");
	}
}

/* ---- a cgroup full of tasks */

static void *sleep_for_good(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void __attribute__((noreturn)) army(unsigned int *count)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 16384);
	pthread_attr_setguardsize(&attr, 0);
	for (*count = 1; *count < TASKS; ++*count)
		if (pthread_create(&thread, &attr, sleep_for_good, NULL))
			_exit(1);
	++*count;
	for (;;)
		pause();
}

static void arming(void)
{
	unsigned int *count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct reading took = { 0 };
	pid_t pid = cg_fork(&one);

	if (!pid)
		army(count);
	while (__atomic_load_n(count, __ATOMIC_RELAXED) <= TASKS &&
	       waitpid(pid, NULL, WNOHANG) != pid)
		usleep(10000);
	if (*count > TASKS)
		took.value = ms(took_mode(SCMOD_MODE_LEARN));
	else
		snprintf(took.why, sizeof(took.why), "only %u tasks could be made", *count);
	result("arm", "10,000 tasks", &took, "ms");
	cg_kill(&one);
	waitpid(pid, NULL, 0);
	must(drop_policy(one.id), "forget");
}

/* ---- a crowd of policies */

static void crowd_make(unsigned int count)
{
	struct cg cg;
	char name[16];

	for (; made < count; made++) {
		snprintf(name, sizeof(name), "%u", made);
		must(cg_make(&cg, &crowd, name), "no cgroup");
		close(cg.fd);
	}
}

/* A grace period each would make it a matter of minutes. */
static void crowd_track(unsigned int count)
{
	struct cg cg;
	char name[16];

	must(sh("echo 1 >/sys/kernel/rcu_expedited"), "no rcu_expedited");
	for (; tracked < count; tracked++) {
		snprintf(name, sizeof(name), "%u", tracked);
		must(cg_make(&cg, &crowd, name), "no cgroup");
		must(set_mode(&cg, SCMOD_MODE_LEARN), "no policy");
		close(cg.fd);
	}
	must(sh("echo 0 >/sys/kernel/rcu_expedited"), "no rcu_expedited");
}

/* KiB in use of what policies are made of: slabs, vmalloc, per CPU. */
static double memory(void)
{
	/* Views that are being freed, slabs that are half empty. */
	for (int i = 0; i < 2; i++) {
		sh("echo 3 >/proc/sys/vm/drop_caches");
		usleep(500000);
	}
	return meminfo_kb("Slab") + meminfo_kb("VmallocUsed") + meminfo_kb("Percpu");
}

static void weighing(void)
{
	struct reading each = { 0 };
	double before;

	crowd_make(WEIGHED);
	before = memory();
	crowd_track(WEIGHED);
	each.value = (memory() - before) * 1024 / WEIGHED;
	result("memory per policy", "1,000 policies", &each, "bytes");
}

static int count_one(struct policy *policy, void *arg)
{
	++*(unsigned int *)arg;
	return 0;
}

static void dumping(const char *column, bool records, unsigned int want)
{
	double took[DUMPS];
	struct reading reading;

	for (int i = 0; i < DUMPS; i++) {
		uint64_t begin = measure_now();
		unsigned int count = 0;

		must(scmod_each(records, count_one, &count), "no dump");
		took[i] = ms(measure_now() - begin);
		if (count < want)
			die("policies are missing from the dump");
	}
	reading = reading_of(took, DUMPS);
	result(records ? "dump with records" : "dump", column, &reading, "ms");
}

static double cpu_ms(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e3 +
	       (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e3;
}

/* CPU time: its program is read from the host, which answers when it likes. */
static void status_of(const char *name, const char *memory_name, const char *option)
{
	struct reading took = { 0 }, peak = { 0 };
	struct rusage usage;
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (freopen("/dev/null", "w", stdout))
			execlp("scmod", "scmod", "status", option, NULL);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &usage) != pid || status) {
		snprintf(took.why, sizeof(took.why), "%s failed", name);
		peak = took;
	}
	took.value = cpu_ms(&usage);
	peak.value = usage.ru_maxrss;
	result(name, CROWD_TEXT, &took, "ms");
	result(memory_name, CROWD_TEXT, &peak, "KiB");
}

const char *control(const void *arg)
{
	/* The socket that is there is the parent's. */
	must(scmod_connect(), "no module");
	must(cg_make(&one, NULL, "bench-one"), "no cgroup");
	must(cg_make(&crowd, NULL, "bench-crowd"), "no cgroup");
	arming();
	changes("1 policy");
	dumping("1 policy", false, 1);
	dumping("1 policy", true, 1);
	must(drop_policy(one.id), "forget");
	weighing();
	crowd_make(CROWD);
	crowd_track(CROWD);
	changes(CROWD_TEXT);
	dumping(CROWD_TEXT, false, CROWD);
	dumping(CROWD_TEXT, true, CROWD);
	status_of("scmod status", "scmod status: peak memory", NULL);
	status_of("scmod status --json", "scmod status --json: peak memory", "--json");
	must(drop_policy(one.id), "forget");
	return NULL;
}
