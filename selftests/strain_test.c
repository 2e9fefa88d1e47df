// SPDX-License-Identifier: GPL-2.0
/*
 * Policies are made, changed and forgotten by the thousand while the kernel has it
 * hard: allocations fail at random, memory is short, CPUs go off and on, tasks fork and
 * move; and the module is loaded and unloaded meanwhile. The debug kernel says what is
 * wrong; what is asked here is that each change is done or refused for want of memory,
 * that what was done holds, and that nothing is left.
 *
 * SCMOD_ROUNDS: changes to make, with one load in 50. 10000 take hours: give
 * SCMOD_VM_TIMEOUT and SCMOD_TEST_SLOW as much.
 *
 * kernel: debug
 * vm: --no-module
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
#include <unistd.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

#define CGROUPS		4
#define ROUNDS		400
#define LOADS_OF(n)	((n) / 50)
/* In percent, of the allocations that the changing task makes. */
#define FAILING		3

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

/* Each is a process, until the end. */
struct strain {
	volatile unsigned long forks, moves, hotplugs, mib;
	struct cg cg[CGROUPS];
	pid_t pid[16];
	unsigned int count;
};

static struct strain *strain;

static void start(void (*act)(void))
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		seed = getpid();
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

static void fork_one(void)
{
	pid_t pid = cg_fork(&strain->cg[pick(CGROUPS)]);

	if (!pid) {
		for (int i = 0; i < 20; i++)
			raw_syscall(SYS_getppid, 0);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
	strain->forks++;
	usleep(500);
}

static void move_self(void)
{
	cg_move(&strain->cg[pick(CGROUPS)], 0);
	raw_syscall(SYS_getpgrp, 0);
	strain->moves++;
	usleep(1000);
}

static void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) > 0)
		strain->hotplugs++;
	close(fd);
}

static void plug_cpu(void)
{
	write_to("/sys/devices/system/cpu/cpu1/online", "0");
	usleep(200000);
	write_to("/sys/devices/system/cpu/cpu1/online", "1");
	usleep(200000);
}

/* All memory that is free, but for what others need for their next step. */
static void fill_memory(void)
{
	long kb = meminfo_kb("MemAvailable") - 256 * 1024;
	size_t size = kb > 0 ? (size_t)kb * 1024 : 0;
	char *memory;

	if (!size)
		return;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (size_t i = 0; memory != MAP_FAILED && i < size; i += 4096) {
		memory[i] = 1;
		strain->mib = i >> 20 > strain->mib ? i >> 20 : strain->mib;
	}
	if (memory != MAP_FAILED)
		munmap(memory, size);
	usleep(500000);
}

static int failing(bool yes)
{
	return sh("cd /sys/kernel/debug/failslab && echo 0 >verbose && echo 0 >ignore-gfp-wait && "
		  "echo Y >task-filter && echo -1 >times && echo %d >probability",
		  yes ? FAILING : 0);
}

static void fail_me(bool yes)
{
	int fd = open("/proc/self/make-it-fail", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, yes ? "1" : "0", 1) != 1)
		perror("make-it-fail");
	close(fd);
}

FIXTURE(strain)
{
	struct genl nl;
	struct answer answer;
	struct calls *calls;
	unsigned int done, refused, holds;
};

FIXTURE_SETUP(strain)
{
	strain = shared_new(sizeof(*strain));
	for (int i = 0; i < CGROUPS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "strain-%d", i);
		ASSERT_EQ(0, cg_make(&strain->cg[i], i > 1 ? &strain->cg[i - 1] : NULL, name));
	}
	self->calls = calls_new(ENTRY_SYSCALL);
	calls_add(self->calls, SYS_getuid);
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

/* Returns the answer's error; @mode -1 forgets. */
static int change(FIXTURE_DATA(strain) *self, const struct cg *cg, int mode)
{
	msg_begin(&m, self->nl.family, 0, mode < 0 ? SCMOD_CMD_FORGET : SCMOD_CMD_SET);
	msg_put_u32(&m, SCMOD_A_POLICY_FD, cg->fd);
	if (mode >= 0)
		msg_put_u32(&m, SCMOD_A_POLICY_MODE, mode);
	if (mode == SCMOD_MODE_ENFORCE) {
		msg_put_u32(&m, SCMOD_A_POLICY_ERRNO, CHOSEN);
		put_allowed();
	}
	fail_me(true);
	genl_ask(&self->nl, &m, &self->answer);
	fail_me(false);
	return self->answer.err;
}

/* No policy: ENOENT. It enforces: EBUSY. No memory: as many ways as there are to ask. */
static bool may_be(int err)
{
	return !err || err == -ENOMEM || err == -ENOBUFS || err == -ENOENT || err == -EBUSY ||
	       err == SILENT;
}

static void change_one(struct __test_metadata *_metadata, FIXTURE_DATA(strain) *self)
{
	const struct cg *cg = &strain->cg[pick(CGROUPS)];
	int mode = (int)pick(6) - 1;
	int err = change(self, cg, mode > SCMOD_MODE_ENFORCE ? SCMOD_MODE_ENFORCE : mode);

	EXPECT_TRUE(may_be(err)) {
		TH_LOG("mode %d: %d %s", mode, err, self->answer.text);
	}
	self->done += !err;
	self->refused += err == -ENOMEM || err == -ENOBUFS;
	if (err || mode < SCMOD_MODE_ENFORCE || pick(4))
		return;
	/* What was done holds; if there is memory for a process that looks. */
	err = calls_run(cg, self->calls);
	if (err == -ENOMEM)
		return;
	EXPECT_EQ(0, err);
	EXPECT_EQ(-CHOSEN, self->calls->ret[0]);
	self->holds++;
}

TEST_F_TIMEOUT(strain, many_changes, 3600)
{
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, genl_socket(&self->nl));
	ASSERT_EQ(0, genl_resolve(&self->nl, &m));
	start(fork_one);
	start(move_self);
	start(plug_cpu);
	start(fill_memory);
	ASSERT_EQ(0, failing(true));
	for (unsigned int i = 0; i < rounds(); i++)
		change_one(_metadata, self);
	ASSERT_EQ(0, failing(false));
	stop_all();
	TH_LOG("%u changes: %u done, %u refused for want of memory, %u looked at; %lu forks, %lu moves, CPU 1 off or on %lu times, up to %lu MiB of memory filled",
	       rounds(), self->done, self->refused, self->holds, strain->forks, strain->moves,
	       strain->hotplugs, strain->mib);
	EXPECT_LT(0, self->refused);
	EXPECT_LT(0, self->holds);
	EXPECT_LT(0, strain->hotplugs);
	sh("echo 1 >/sys/devices/system/cpu/cpu1/online");
	for (int i = 0; i < CGROUPS; i++)
		EXPECT_EQ(0, drop_policy(strain->cg[i].id));
	EXPECT_EQ(0, marks());
	genl_close(&self->nl);
	scmod_close();
	EXPECT_EQ(0, sh("rmmod scmod"));
}

TEST_F_TIMEOUT(strain, many_loads, 3600)
{
	unsigned int loads = LOADS_OF(rounds());

	start(fork_one);
	start(fork_one);
	start(move_self);
	start(plug_cpu);
	for (unsigned int i = 0; i < loads; i++) {
		ASSERT_EQ(0, sh(INSMOD)) {
			TH_LOG("load %u", i);
		}
		ASSERT_EQ(0, scmod_connect());
		for (int j = 0; j < CGROUPS; j++)
			EXPECT_EQ(0, set_mode(&strain->cg[j], 1 + pick(2)));
		scmod_close();
		ASSERT_EQ(0, sh("rmmod scmod")) {
			TH_LOG("load %u", i);
		}
	}
	stop_all();
	TH_LOG("%u loads; %lu forks, %lu moves, CPU 1 off or on %lu times", loads, strain->forks,
	       strain->moves, strain->hotplugs);
	EXPECT_LT(loads, strain->forks);
	sh("echo 1 >/sys/devices/system/cpu/cpu1/online");
	EXPECT_EQ(0, marks());
	EXPECT_EQ(0, sh("! grep -q . /sys/kernel/debug/kprobes/list"));
}

TEST_HARNESS_MAIN
