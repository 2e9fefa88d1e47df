// SPDX-License-Identifier: GPL-2.0
/*
 * Policies are made, changed and forgotten by the thousand while allocations fail at
 * random, memory is short, a CPU goes off and on, and tasks fork and move; and the module
 * is loaded and unloaded while a CPU goes off and on and tasks fork and move. The debug
 * kernel reports faults. This test expects that each change is done or refused for want
 * of memory, that what enforces refuses calls after a change that failed, too, and that
 * neither policy nor mark nor probe is left.
 *
 * SCMOD_ROUNDS: how many changes to make, with one load for each 50. On two busy cores
 * 10000 changes took 35 minutes, and a load 23 to 54 seconds: give SCMOD_VM_TIMEOUT as
 * much, 18000 for 10000 changes and their 200 loads.
 *
 * kernel: debug
 * vm: --no-module --mem 1024
 * cpus: parallel
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

/* Each changer has policies of its own, so that it knows what holds in them. */
#define CHANGERS	2
#define CGROUPS		(2 * CHANGERS)
#define ROUNDS		400
#define LOADS_OF(n)	((n) / 50)
/* In percent, of the allocations that a changing task makes. */
#define FAILING		3
/* Memory is filled in chunks until no more than this is available. */
#define CHUNK		((size_t)4 << 20)
#define CHUNKS		1024
#define LEFT_KB		(64 * 1024)

/* In place of a mode: no policy, or the answer did not come. */
#define NONE		(-1)
#define UNKNOWN		(-2)

static struct msg m;

static unsigned int rounds(void)
{
	const char *text = getenv("SCMOD_ROUNDS");

	return text ? strtoul(text, NULL, 10) : ROUNDS;
}

static uint32_t seed = 1;

static unsigned int pick(unsigned int n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/*
 * How a changer's changes ended; only the changer writes here.
 * @refused: for want of memory. @other: nothing to forget, or what to forget enforces.
 * @silent: there was no memory for the answer, so the change may be done or not.
 * @looks: processes that tried a refused call. @unseen: such a process could not be made.
 * @wrong: an answer or a look that must not be.
 */
struct changes {
	unsigned int done, refused, other, silent, looks, unseen, wrong;
};

/*
 * Shared by all processes of the test. Two forkers may count at the same time and lose
 * one of their forks; all other counters have one writer.
 * @forks, @unforked: forks that worked and forks that failed. @hotplugs: how often CPU 1
 * went off or on. @mib: most memory that was filled. @left_mib: least memory that was
 * available meanwhile. @killed: how often the filling process ran out of memory.
 * @pid: of the processes that make the strain, which run until stop_all().
 */
struct strain {
	volatile unsigned long forks, unforked, moves, hotplugs, mib, left_mib, killed;
	struct changes changes[CHANGERS];
	struct cg cg[CGROUPS];
	pid_t pid[16];
	unsigned int count;
};

static struct strain *strain;

static void begin_process(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	seed = getpid();
}

static void start(void (*act)(void))
{
	pid_t pid = fork();

	if (!pid) {
		begin_process();
		for (;;)
			act();
	}
	strain->pid[strain->count++] = pid;
}

static void stop_all(void)
{
	for (unsigned int i = 0; i < strain->count; i++) {
		kill(strain->pid[i], SIGKILL);
		waitpid(strain->pid[i], NULL, 0);
	}
	strain->count = 0;
}

/* The child's mark comes from its parent, or from the cgroup that it is put into. */
static void fork_one(void)
{
	pid_t pid = pick(2) ? fork() : cg_fork(&strain->cg[pick(CGROUPS)]);

	if (!pid) {
		for (int i = 0; i < 20; i++)
			raw_syscall(SYS_getppid, 0);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
	strain->forks += pid > 0;
	strain->unforked += pid < 0;
}

/*
 * In bursts: synchronize_rcu_tasks(), for which loading and unloading wait often, waits
 * for each task that is preempted in the kernel, and looks again up to a second later.
 */
static void fork_some(void)
{
	cg_move(&strain->cg[pick(CGROUPS)], 0);
	for (int i = 0; i < 20; i++)
		fork_one();
	usleep(pick(500000));
}

/* The sleep lets forks go on: they wait while a task is being moved. */
static void move_self(void)
{
	cg_move(&strain->cg[pick(CGROUPS)], 0);
	raw_syscall(SYS_getpgrp, 0);
	strain->moves++;
	usleep(pick(100000));
}

static bool write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return written;
}

/*
 * The sleeps let loading and unloading go on: these patch code, and patching waits while a
 * CPU goes off or on.
 */
static void plug_cpu(void)
{
	strain->hotplugs += write_to("/sys/devices/system/cpu/cpu1/online", "0");
	usleep(pick(300000));
	strain->hotplugs += write_to("/sys/devices/system/cpu/cpu1/online", "1");
	usleep(pick(4000000));
}

/* Fill until little is available, then let go of some, and again. */
static void fill_wave(char **chunk, unsigned int *count)
{
	unsigned long left = meminfo_kb("MemAvailable");

	if (left > LEFT_KB && *count < CHUNKS) {
		chunk[*count] = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		*count += chunk[*count] != MAP_FAILED;
	} else {
		usleep(pick(200000));
		for (unsigned int i = pick(16); i && *count; i--)
			munmap(chunk[--*count], CHUNK);
	}
	if (*count * (CHUNK >> 20) > strain->mib)
		strain->mib = *count * (CHUNK >> 20);
	if (left >> 10 < strain->left_mib)
		strain->left_mib = left >> 10;
}

/* If memory runs out altogether, the filling process is the one to be killed for it. */
static void fill_memory(void)
{
	static char *chunk[CHUNKS];
	unsigned int count = 0;
	pid_t pid = fork();

	if (!pid) {
		begin_process();
		write_to("/proc/self/oom_score_adj", "1000");
		for (;;)
			fill_wave(chunk, &count);
	}
	if (pid > 0 && waitpid(pid, NULL, 0) == pid)
		strain->killed++;
	usleep(100000);
}

/* To fill the memory takes up to a minute, and more if the other processes ran already. */
static void start_all(unsigned int forkers, bool fill)
{
	if (fill)
		start(fill_memory);
	while (fill && strain->left_mib > LEFT_KB >> 10)
		usleep(100000);
	while (forkers--)
		start(fork_some);
	start(move_self);
	start(plug_cpu);
}

static int failing(bool yes)
{
	return sh("cd /sys/kernel/debug/failslab && echo 0 >verbose && echo 0 >ignore-gfp-wait && "
		  "echo Y >task-filter && echo -1 >times && echo %d >probability",
		  yes ? FAILING : 0);
}

/* The state of a changer. Its allocations fail at random between calls of fail_me(). */
struct changer {
	struct genl nl;
	struct answer answer;
	struct calls *calls;
	struct changes *changes;
	int held[CGROUPS];
	int fail_fd;
};

/*
 * The file stays open, since opening it may fail while allocations do. If a task could not
 * end the failures, all of its children would inherit them.
 */
static void fail_me(struct changer *c, bool yes)
{
	if (write(c->fail_fd, yes ? "1" : "0", 1) != 1) {
		fprintf(stderr, "make-it-fail: %s\n", strerror(errno));
		_exit(1);
	}
}

FIXTURE(strain)
{
};

FIXTURE_SETUP(strain)
{
	/* Run by hand on a host, this test would take a CPU away from it. */
	ASSERT_EQ(0, access("/sys/kernel/debug/failslab", F_OK)) {
		TH_LOG("not the debug kernel: run selftests/check -k debug strain_test");
	}
	strain = shared_new(sizeof(*strain));
	strain->left_mib = ~0UL;
	for (int i = 0; i < CGROUPS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "strain-%d", i);
		ASSERT_EQ(0, cg_make(&strain->cg[i], i > 1 ? &strain->cg[i - 1] : NULL, name));
	}
}

FIXTURE_TEARDOWN(strain)
{
	for (int i = CGROUPS - 1; i >= 0; i--)
		EXPECT_EQ(0, cg_remove(&strain->cg[i]));
}

static void put_allowed(void)
{
	for (uint32_t abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap allowed;
		size_t at = msg_nest(&m, SCMOD_A_POLICY_ABI | NLA_F_NESTED);

		memset(&allowed, 0xff, sizeof(allowed));
		if (abi == SCMOD_ABI_X86_64) {
			struct bitmap refused = { 0 };

			bitmap_add(&refused, SYS_getuid);
			bitmap_subtract(&allowed, &refused);
		}
		msg_put_u32(&m, SCMOD_A_ABI_ID, abi);
		msg_put(&m, SCMOD_A_ABI_ALLOWED, &allowed, SCMOD_BITMAP_BYTES);
		msg_nest_end(&m, at);
	}
}

/* Returns the answer's error; @mode NONE forgets. */
static int change(struct changer *c, const struct cg *cg, int mode)
{
	msg_begin(&m, c->nl.family, 0, mode == NONE ? SCMOD_CMD_FORGET : SCMOD_CMD_SET);
	msg_put_u32(&m, SCMOD_A_POLICY_FD, cg->fd);
	if (mode != NONE)
		msg_put_u32(&m, SCMOD_A_POLICY_MODE, mode);
	if (mode == SCMOD_MODE_ENFORCE) {
		msg_put_u32(&m, SCMOD_A_POLICY_ERRNO, CHOSEN);
		put_allowed();
	}
	fail_me(c, true);
	genl_ask(&c->nl, &m, &c->answer);
	fail_me(c, false);
	return c->answer.err;
}

static void wrong(struct changer *c, unsigned int of, int mode, int err)
{
	fprintf(stderr, "cgroup %u, held %d, asked for %d: %d %s\n", of, c->held[of], mode, err,
		c->answer.text);
	c->changes->wrong++;
}

/*
 * Count what an answer says and keep what holds after it. To forget ends with ENOENT
 * where there is no policy, and with EBUSY where the policy enforces.
 */
static void take_answer(struct changer *c, unsigned int of, int mode, int err)
{
	bool busy = c->held[of] == SCMOD_MODE_ENFORCE || c->held[of] == UNKNOWN;
	bool none = c->held[of] == NONE || c->held[of] == UNKNOWN;

	if (!err || err == SILENT)
		c->held[of] = err ? UNKNOWN : mode;
	if (!err)
		c->changes->done++;
	else if (err == SILENT)
		c->changes->silent++;
	else if (err == -ENOMEM || err == -ENOBUFS)
		c->changes->refused++;
	else if (mode == NONE && ((err == -ENOENT && none) || (err == -EBUSY && busy)))
		c->changes->other++;
	else
		wrong(c, of, mode, err);
}

/*
 * The policy enforces, because that change was the last one that was done: a process
 * in the cgroup must find the call refused, whatever was refused to changes since then.
 */
static void look(struct changer *c, unsigned int of)
{
	int err = calls_run(&strain->cg[of], c->calls);

	if (err == -ENOMEM) {
		c->changes->unseen++;
		return;
	}
	c->changes->looks++;
	if (err || c->calls->ret[0] != -CHOSEN)
		wrong(c, of, c->held[of], err ?: c->calls->ret[0]);
}

static void change_one(struct changer *c, unsigned int of)
{
	int mode = (int)pick(6) - 1;

	if (mode > SCMOD_MODE_ENFORCE)
		mode = SCMOD_MODE_ENFORCE;
	take_answer(c, of, mode, change(c, &strain->cg[of], mode));
	if (c->held[of] == SCMOD_MODE_ENFORCE && !pick(2))
		look(c, of);
}

/* The changer's life, in a process of its own. Returns its exit status. */
static int make_changes(unsigned int number)
{
	static struct changer c;

	c.changes = &strain->changes[number];
	c.fail_fd = open("/proc/self/make-it-fail", O_WRONLY | O_CLOEXEC);
	c.calls = calls_new(ENTRY_SYSCALL);
	if (c.fail_fd < 0 || !c.calls || genl_socket(&c.nl) || genl_resolve(&c.nl, &m))
		return 1;
	calls_add(c.calls, SYS_getuid);
	for (unsigned int i = 0; i < CGROUPS; i++)
		c.held[i] = NONE;
	for (unsigned int i = 0; i < rounds() / CHANGERS; i++)
		change_one(&c, number + CHANGERS * pick(CGROUPS / CHANGERS));
	return 0;
}

/* Returns how many changers failed. */
static unsigned int changers_run(void)
{
	unsigned int failed = 0;
	pid_t pid[CHANGERS];
	int status;

	for (unsigned int i = 0; i < CHANGERS; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			begin_process();
			_exit(make_changes(i));
		}
	}
	for (unsigned int i = 0; i < CHANGERS; i++)
		failed += waitpid(pid[i], &status, 0) != pid[i] || status;
	return failed;
}

static void changes_add(struct changes *sum, const struct changes *more)
{
	sum->done += more->done;
	sum->refused += more->refused;
	sum->silent += more->silent;
	sum->other += more->other;
	sum->looks += more->looks;
	sum->unseen += more->unseen;
	sum->wrong += more->wrong;
}

/* Every CPU is there again, no policy, no mark and no probe of the module. */
static void expect_nothing_left(struct __test_metadata *_metadata)
{
	write_to("/sys/devices/system/cpu/cpu1/online", "1");
	EXPECT_EQ(0, marks());
	EXPECT_EQ(0, sh("! grep -q . /sys/kernel/debug/kprobes/list"));
}

static void report_strain(struct __test_metadata *_metadata)
{
	TH_LOG("%lu forks, %lu failed, %lu moves, CPU 1 off or on %lu times", strain->forks,
	       strain->unforked, strain->moves, strain->hotplugs);
	if (strain->mib)
		TH_LOG("%lu MiB of memory filled, %lu MiB left, filler killed %lu times",
		       strain->mib, strain->left_mib, strain->killed);
}

static void expect_changes(struct __test_metadata *_metadata)
{
	struct changes sum = { 0 };

	for (int i = 0; i < CHANGERS; i++)
		changes_add(&sum, &strain->changes[i]);
	TH_LOG("%u done, %u refused for want of memory, %u with nothing to forget or an enforcing policy, %u without an answer",
	       sum.done, sum.refused, sum.other, sum.silent);
	TH_LOG("%u looks, %u that found no memory", sum.looks, sum.unseen);
	EXPECT_EQ(0, sum.wrong);
	EXPECT_EQ(0, sum.unseen);
	EXPECT_LT(0, sum.done);
	EXPECT_LT(0, sum.refused);
	EXPECT_LT(0, sum.looks);
}

TEST_F_TIMEOUT(strain, many_changes, 3600)
{
	time_t began;

	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	start_all(1, true);
	ASSERT_EQ(0, failing(true));
	began = time(NULL);
	EXPECT_EQ(0, changers_run());
	TH_LOG("%u changes in %ld s", rounds(), time(NULL) - began);
	ASSERT_EQ(0, failing(false));
	stop_all();
	expect_changes(_metadata);
	report_strain(_metadata);
	EXPECT_LT(0, strain->forks);
	EXPECT_LT(0, strain->hotplugs);
	for (int i = 0; i < CGROUPS; i++)
		EXPECT_EQ(0, drop_policy(strain->cg[i].id));
	scmod_close();
	EXPECT_EQ(0, marks());
	EXPECT_EQ(0, sh("rmmod scmod"));
	expect_nothing_left(_metadata);
}

static void load_and_unload(struct __test_metadata *_metadata, unsigned int number)
{
	ASSERT_EQ(0, sh(INSMOD)) {
		TH_LOG("load %u", number);
	}
	ASSERT_EQ(0, scmod_connect());
	for (int i = 0; i < CGROUPS; i++)
		EXPECT_EQ(0, set_mode(&strain->cg[i], 1 + pick(2)));
	scmod_close();
	ASSERT_EQ(0, sh("rmmod scmod")) {
		TH_LOG("load %u", number);
	}
}

TEST_F_TIMEOUT(strain, many_loads, 3600)
{
	unsigned int loads = LOADS_OF(rounds());
	time_t began = time(NULL);

	start_all(2, false);
	for (unsigned int i = 0; i < loads; i++)
		load_and_unload(_metadata, i);
	stop_all();
	TH_LOG("%u loads in %ld s", loads, time(NULL) - began);
	report_strain(_metadata);
	EXPECT_LT(loads, strain->forks);
	EXPECT_LT(0, strain->hotplugs);
	expect_nothing_left(_metadata);
}

TEST_HARNESS_MAIN
