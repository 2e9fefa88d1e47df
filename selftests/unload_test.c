// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading, over and over, with tasks running in tracked cgroups. CPUs take
 * turns here: QEMU may run code that was patched away, and each load patches functions
 * that these tasks run; see vm/run.
 *
 * vm: --no-module
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/seccomp.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

#define CYCLES	80
/* With kmemleak cycles are slow; few are enough, as it finds a single lost object. */
#define CYCLES_KMEMLEAK	20
/* The first cycles fill caches of the kernel's own. */
#define WARM_UP	10
/*
 * What may differ after the other 70: one page leaked in each of them would be
 * 280 KiB, and the module alone is more than that a cycle.
 */
#define SLACK_KB	256

static void memory(long *slab, long *vmalloc, long *percpu)
{
	*slab = slab_kb();
	*vmalloc = meminfo_kb("VmallocUsed");
	*percpu = meminfo_kb("Percpu");
}

static struct msg m;

FIXTURE(unload)
{
	struct cg cg[3];
};

FIXTURE_SETUP(unload)
{
	for (int i = 0; i < 3; i++) {
		char name[32];

		snprintf(name, sizeof(name), "unload-%d", i);
		ASSERT_EQ(0, cg_make(&self->cg[i], i == 2 ? &self->cg[1] : NULL, name));
	}
}

FIXTURE_TEARDOWN(unload)
{
	for (int i = 2; i >= 0; i--)
		EXPECT_EQ(0, cg_remove(&self->cg[i]));
}

/* Forks and makes calls for as long as it lives. */
static void __attribute__((noreturn)) storm(void)
{
	for (;;) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		for (int i = 0; i < 100; i++)
			raw_syscall(SYS_getppid, 0);
		waitpid(pid, NULL, 0);
		/* Leave CPU time for the unloading. */
		usleep(1000);
	}
}

/* Is stopped by its tracer at each of its calls; unloading begins during such a stop. */
static void __attribute__((noreturn)) be_traced(void)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	/* Long enough for rmmod to find it there, and not as long as unloading takes. */
	for (;;)
		usleep(100000);
}

static int next_stop(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFSTOPPED(status) ? 0 : -1;
}

/* Whether the module is loaded, and not being unloaded. */
static bool is_live(void)
{
	return !sh("grep -q '^scmod .* Live ' /proc/modules");
}

/*
 * When unloading has begun, a task reaches its tracer's next stop, and is not continued until
 * the module is gone. After that the task must go on.
 */
TEST_F_TIMEOUT(unload, a_task_that_stops_meanwhile_goes_on, 300)
{
	for (int i = 0; i < 10; i++) {
		pid_t traced, rmmod;
		int status = -1;

		ASSERT_EQ(0, sh(INSMOD));
		traced = fork();
		if (!traced)
			be_traced();
		ASSERT_EQ(traced, waitpid(traced, &status, 0));
		rmmod = fork();
		if (!rmmod)
			_exit(sh("until rmmod scmod 2>/dev/null; do :; done"));
		while (is_live())
			ASSERT_EQ(0, next_stop(traced));
		ASSERT_EQ(rmmod, waitpid(rmmod, &status, 0));
		EXPECT_EQ(0, status);
		for (int j = 0; j < 4; j++)
			EXPECT_EQ(0, next_stop(traced));
		kill(traced, SIGKILL);
		waitpid(traced, &status, 0);
	}
}

/* Has a filter that sends call -1, which a refused call becomes, to a silent listener. */
static void __attribute__((noreturn)) ask_for_ever(void)
{
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	filter_call(-1, SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	raise(SIGSTOP);
	for (;;)
		raw_syscall(SYS_getppid, 0);
}

/*
 * With a hook that runs before seccomp, a traced task can be blocked in a seccomp filter after
 * its call was refused and before it is killed. Then rmmod fails because the module is in
 * use, and does not hang.
 */
TEST_F_TIMEOUT(unload, a_task_that_is_kept_from_being_killed, 120)
{
	struct abi_sets abi[NR_ABIS] = { 0 };
	bool kept = false;
	int status;
	pid_t pid;

	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	pid = cg_fork(&self->cg[0]);
	if (!pid)
		ask_for_ever();
	ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, set_enforce(&self->cg[0], abi, SCMOD_ACTION_KILL, 0));
	ASSERT_EQ(0, ptrace(PTRACE_SYSCALL, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	/* On kernels whose ptrace_notify() runs task work first, the task has been killed. */
	if (WIFSTOPPED(status)) {
		ASSERT_EQ(0, ptrace(PTRACE_DETACH, pid, 0, 0));
		sleep(1);
		kept = !waitpid(pid, &status, WNOHANG);
	}
	ASSERT_EQ(0, set_mode(&self->cg[0], SCMOD_MODE_OFF));
	scmod_close();
	if (kept) {
		EXPECT_EQ(1, sh("timeout 20 rmmod scmod 2>/dev/null"));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	} else {
		EXPECT_TRUE(WIFSIGNALED(status));
		EXPECT_EQ(SIGSYS, WTERMSIG(status));
	}
	EXPECT_EQ(0, sh("timeout 20 sh -c 'until rmmod scmod 2>/dev/null; do sleep 0.1; done'"));
}

TEST_F_TIMEOUT(unload, many_times_under_load, 1500)
{
	long slab = 0, vmalloc = 0, percpu = 0, slab_end, vmalloc_end, percpu_end;
	int cycles = kmemleak_watches() ? CYCLES_KMEMLEAK : CYCLES;

	for (int i = 0; i < 3; i++) {
		pid_t pid = cg_fork(&self->cg[i]);

		if (!pid)
			storm();
		ASSERT_LT(0, pid);
	}
	for (int cycle = 0; cycle < cycles; cycle++) {
		if (cycle == WARM_UP)
			memory(&slab, &vmalloc, &percpu);
		ASSERT_EQ(0, sh(INSMOD)) {
			TH_LOG("cycle %d", cycle);
		}
		ASSERT_EQ(0, scmod_connect());
		/* In turn the first cgroup, the second, or the third with the one above it. */
		ASSERT_EQ(0, set_mode(&self->cg[cycle % 3], 1 + cycle % 2));
		if (cycle % 3 == 2)
			ASSERT_EQ(0, set_mode(&self->cg[1], SCMOD_MODE_LEARN));
		if (cycle % 10 == 0)
			EXPECT_LE(1, marks());
		if (cycle % 9 == 0)
			ASSERT_EQ(0, drop_policy(self->cg[0].id));
		scmod_close();
		ASSERT_EQ(0, sh("rmmod scmod")) {
			TH_LOG("cycle %d", cycle);
		}
		if (cycle % 5 == 0)
			EXPECT_EQ(0, marks());
	}
	EXPECT_EQ(0, marks());
	EXPECT_EQ(0, sh("! grep -q . /sys/kernel/debug/kprobes/list"));
	memory(&slab_end, &vmalloc_end, &percpu_end);
	TH_LOG("KiB before and after: slab %ld %ld, vmalloc %ld %ld, percpu %ld %ld", slab,
	       slab_end, vmalloc, vmalloc_end, percpu, percpu_end);
	EXPECT_LE(slab_end, slab + SLACK_KB);
	EXPECT_LE(vmalloc_end, vmalloc + SLACK_KB);
	EXPECT_LE(percpu_end, percpu + SLACK_KB);
}

TEST_F_TIMEOUT(unload, policies_of_every_kind_go_with_the_module, 60)
{
	struct abi_sets abi[NR_ABIS] = { 0 };
	struct cg gone = { .fd = -1 };

	bitmap_add(&abi[0].allowed, SYS_exit_group);
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&gone, NULL, "unload-gone"));
	ASSERT_EQ(0, set_mode(&gone, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, set_enforce(&self->cg[0], abi, SCMOD_ACTION_ERRNO, 0));
	ASSERT_EQ(0, set_mode(&self->cg[1], SCMOD_MODE_COMPLAIN));
	ASSERT_EQ(0, cg_remove(&gone));
	ASSERT_NE(0, sh("rmmod scmod 2>/dev/null"));
	ASSERT_EQ(0, set_mode(&self->cg[0], SCMOD_MODE_OFF));
	scmod_close();
	ASSERT_EQ(0, sh("rmmod scmod"));
	EXPECT_EQ(0, marks());
}

/* A child process that runs as user nobody and keeps a socket open until hand_end(). */
struct hand {
	int to[2];
	int from[2];
	pid_t pid;
};

static int hand_start(struct hand *hand, int (*act)(struct genl *nl),
		      int (*tell)(const struct genl *nl))
{
	char byte;

	if (pipe(hand->to) || pipe(hand->from))
		return -1;
	hand->pid = fork();
	if (!hand->pid) {
		struct genl nl;
		int said;

		if (become_nobody() || genl_socket(&nl) || act(&nl))
			_exit(1);
		if (write(hand->from[1], "", 1) != 1 || read(hand->to[0], &byte, 1) != 1)
			_exit(1);
		said = tell ? tell(&nl) : 0;
		if (write(hand->from[1], &said, sizeof(said)) != sizeof(said))
			_exit(1);
		_exit(0);
	}
	return read(hand->from[0], &byte, 1) == 1 ? 0 : -1;
}

/* Ends the child, and returns the result that it reports. */
static int hand_end(struct hand *hand)
{
	int said = -1;

	if (write(hand->to[1], "", 1) != 1 ||
	    read(hand->from[0], &said, sizeof(said)) != sizeof(said))
		said = -1;
	waitpid(hand->pid, NULL, 0);
	close(hand->to[0]);
	close(hand->to[1]);
	close(hand->from[0]);
	close(hand->from[1]);
	return said;
}

static uint16_t the_family;

/* Fills the receive buffer with answers that are not read, and then asks for a dump. */
static int dump_unread(struct genl *nl)
{
	int least = 1;

	setsockopt(nl->fd, SOL_SOCKET, SO_RCVBUF, &least, sizeof(least));
	for (int i = 0; i < 64; i++) {
		msg_begin(&m, the_family, 0, SCMOD_CMD_STATUS);
		send(nl->fd, m.data, m.len, MSG_DONTWAIT);
	}
	msg_begin(&m, the_family, NLM_F_DUMP, SCMOD_CMD_GET);
	send(nl->fd, m.data, m.len, MSG_DONTWAIT);
	return 0;
}

TEST_F_TIMEOUT(unload, nobody_s_dump_does_not_keep_the_module, 60)
{
	struct hand hand;
	struct genl root;

	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, genl_socket(&root));
	ASSERT_EQ(0, genl_resolve(&root, &m));
	the_family = root.family;
	genl_close(&root);
	ASSERT_EQ(0, hand_start(&hand, dump_unread, NULL));
	EXPECT_EQ(0, sh("rmmod scmod"));
	EXPECT_EQ(0, hand_end(&hand));
	sh("rmmod scmod 2>/dev/null");
}

TEST(bad_parameters_are_named)
{
	EXPECT_NE(0, sh("dmesg -c >/dev/null; " INSMOD " hook=nonsense 2>/dev/null"));
	EXPECT_EQ(0, sh("dmesg | grep -q 'scmod: hook=nonsense: unknown'"));
	EXPECT_NE(0, sh("dmesg -c >/dev/null; " INSMOD " max_policies=0 2>/dev/null"));
	EXPECT_EQ(0, sh("dmesg | grep -q 'scmod: max_policies=0: must be'"));
	EXPECT_NE(0, sh("dmesg -c >/dev/null; " INSMOD " max_cgroups=65001 2>/dev/null"));
	EXPECT_EQ(0, sh("dmesg | grep -q 'scmod: max_cgroups=65001: must be'"));
	EXPECT_NE(0, sh("grep -q ^scmod /proc/modules"));
}

TEST(modinfo_documents_every_parameter)
{
	EXPECT_EQ(0, sh("modinfo -p %s/$(uname -r)/scmod.ko | grep -q '^hook:.*kprobe'", BUILD));
	EXPECT_EQ(0, sh("modinfo -p %s/$(uname -r)/scmod.ko | grep -q '^max_policies:.*1 to'",
			BUILD));
	EXPECT_EQ(0, sh("modinfo -p %s/$(uname -r)/scmod.ko | grep -q '^max_cgroups:.*1 to'",
			BUILD));
	EXPECT_EQ(0, sh("test $(modinfo -p %s/$(uname -r)/scmod.ko | wc -l) -eq 3", BUILD));
}

TEST_HARNESS_MAIN
