// SPDX-License-Identifier: GPL-2.0
/*
 * H1: a tracer rewrites the number of a call after it passed the hook. Each way
 * is tried over and over; what the attacker got is counted and must be none.
 *
 * cpus: parallel
 */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/seccomp.h>

#include "kselftest_harness.h"
#include "lib.h"

#define ROUNDS	500

/* The call that passes, and the one that the tracer makes of it. */
#define PASSES	SYS_getppid
#define WANTED	SYS_getpid

#define ORIG_RAX	offsetof(struct user_regs_struct, orig_rax)
#define RAX		offsetof(struct user_regs_struct, rax)

/* PTRACE_EVENTMSG_SYSCALL_ENTRY; its header does not go with the C library's. */
#define ENTRY_MESSAGE	1

/* Counters of the tracee, in shared memory. */
struct tale {
	volatile long tries, got, refused, other;
};

enum way {
	BY_SYSCALL,
	BY_SYSEMU,
	BY_SECCOMP,
	BY_INFO,
	/* The tracee asks for what is refused; the tracer puts it back. */
	BY_RESTORING,
};

FIXTURE(tracer)
{
	struct cg cg;
	struct abi_sets abi[NR_ABIS];
	struct tale *tale;
};

FIXTURE_VARIANT(tracer)
{
	enum way way;
};

FIXTURE_VARIANT_ADD(tracer, ptrace_syscall) { .way = BY_SYSCALL };
FIXTURE_VARIANT_ADD(tracer, ptrace_sysemu) { .way = BY_SYSEMU };
FIXTURE_VARIANT_ADD(tracer, seccomp_ret_trace) { .way = BY_SECCOMP };
FIXTURE_VARIANT_ADD(tracer, set_syscall_info) { .way = BY_INFO };
FIXTURE_VARIANT_ADD(tracer, restoring_what_was_refused) { .way = BY_RESTORING };

FIXTURE_SETUP(tracer)
{
	static const int allowed[] = { SYS_exit_group, PASSES, SYS_kill, SYS_gettid, SYS_tgkill };

	memset(self->abi, 0, sizeof(self->abi));
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		bitmap_add(&self->abi[0].allowed, allowed[i]);
	self->tale = shared_new(4096);
	ASSERT_NE(NULL, self->tale);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "tracer"));
}

FIXTURE_TEARDOWN(tracer)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	munmap(self->tale, 4096);
}

static void __attribute__((noreturn)) tracee(struct tale *tale, enum way way)
{
	long nr = way == BY_RESTORING ? WANTED : PASSES;
	pid_t pid = getpid();

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	/* Every getppid() is for the tracer to decide. */
	if (way == BY_SECCOMP)
		filter_call(PASSES, SECCOMP_RET_TRACE, 0);
	raise(SIGSTOP);
	for (int i = 0; i < ROUNDS; i++) {
		long ret = raw_syscall(nr, 0);

		tale->tries++;
		if (ret == pid)
			tale->got++;
		else if (ret == -CHOSEN)
			tale->refused++;
		else
			tale->other++;
	}
	for (;;)
		raw_syscall(SYS_exit_group, 0);
}

static bool rewrite(pid_t pid, enum way way)
{
	long asked = ptrace(PTRACE_PEEKUSER, pid, ORIG_RAX, 0);

	if (way == BY_RESTORING ? asked != -1 : asked != PASSES)
		return true;
	return !ptrace(PTRACE_POKEUSER, pid, ORIG_RAX, WANTED);
}

/* PTRACE_SET_SYSCALL_INFO came with Linux 6.16. */
#define SET_SYSCALL_INFO	0x4212

static bool rewrite_info(pid_t pid)
{
	struct __ptrace_syscall_info info;
	long len = ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);

	if (len <= 0 || info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr != PASSES)
		return len > 0;
	info.entry.nr = WANTED;
	return !ptrace((enum __ptrace_request)SET_SYSCALL_INFO, pid, sizeof(info), &info);
}

static int go_on(pid_t pid, enum way way)
{
	switch (way) {
	case BY_SYSEMU:
		return ptrace((enum __ptrace_request)PTRACE_SYSEMU, pid, 0, 0);
	case BY_SECCOMP:
		return ptrace(PTRACE_CONT, pid, 0, 0);
	default:
		return ptrace(PTRACE_SYSCALL, pid, 0, 0);
	}
}

TEST_F_TIMEOUT(tracer, gets_nothing_past, 120)
{
	enum way way = variant->way;
	int status;
	pid_t pid = cg_fork(&self->cg);

	if (!pid)
		tracee(self->tale, way);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_SETOPTIONS, pid, 0,
			    PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP));
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	for (;;) {
		ASSERT_EQ(0, go_on(pid, way));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		if (!WIFSTOPPED(status))
			break;
		if (way == BY_INFO && !rewrite_info(pid)) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			SKIP(return, "this kernel has no PTRACE_SET_SYSCALL_INFO");
		}
		if (way != BY_INFO)
			ASSERT_TRUE(rewrite(pid, way));
		/* The tracer emulates exit_group, so the tracee does not end by itself. */
		if (way == BY_SYSEMU && self->tale->tries == ROUNDS) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			break;
		}
	}
	TH_LOG("%ld tries: %ld got, %ld refused, %ld other", self->tale->tries, self->tale->got,
	       self->tale->refused, self->tale->other);
	EXPECT_EQ(ROUNDS, self->tale->tries);
	EXPECT_EQ(0, self->tale->got);
	/* Emulated calls are not made at all. */
	if (way != BY_SYSEMU)
		EXPECT_EQ(ROUNDS, self->tale->refused);
}

FIXTURE(emulator)
{
	struct cg cg;
	struct abi_sets abi[NR_ABIS];
	struct tale *tale;
};

FIXTURE_SETUP(emulator)
{
	memset(self->abi, 0, sizeof(self->abi));
	bitmap_add(&self->abi[0].allowed, SYS_exit_group);
	self->tale = shared_new(4096);
	ASSERT_NE(NULL, self->tale);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "emulator"));
}

FIXTURE_TEARDOWN(emulator)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	munmap(self->tale, 4096);
}

/*
 * The kernel does not make a call that a tracer emulates (PTRACE_SYSEMU). So the policy does
 * not refuse it, and the tracer sees its number.
 */
TEST_F(emulator, is_asked)
{
	struct policy policy;
	int status;
	pid_t pid = cg_fork(&self->cg);

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		self->tale->got = raw_syscall(WANTED, 0);
		for (;;)
			raw_syscall(SYS_exit_group, 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, go_on(pid, BY_SYSEMU));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(WANTED, ptrace(PTRACE_PEEKUSER, pid, ORIG_RAX, 0));
	ASSERT_EQ(0, ptrace(PTRACE_POKEUSER, pid, RAX, 4711));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(4711, self->tale->got);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_FALSE(bitmap_has(&policy.abi[0].denied, WANTED));
	policy_release(&policy);
}

/* Stops at the entry of calls, before the task was tracked and the call was checked. */
FIXTURE(parked)
{
	struct cg cg;
	struct tale *tale;
};

FIXTURE_VARIANT(parked)
{
	enum way way;
};

FIXTURE_VARIANT_ADD(parked, ptrace_syscall) { .way = BY_SYSCALL };
FIXTURE_VARIANT_ADD(parked, seccomp_ret_trace) { .way = BY_SECCOMP };

FIXTURE_SETUP(parked)
{
	self->tale = shared_new(4096);
	ASSERT_NE(NULL, self->tale);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "parked"));
}

FIXTURE_TEARDOWN(parked)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	munmap(self->tale, 4096);
}

/* At the entry of the call that the tracer wants to change, by this way? */
static bool is_parked(pid_t pid, enum way way, int status)
{
	int by = way == BY_SECCOMP ? SIGTRAP | PTRACE_EVENT_SECCOMP << 8 : SIGTRAP | 0x80;

	return status >> 8 == by && ptrace(PTRACE_PEEKUSER, pid, ORIG_RAX, 0) == PASSES;
}

TEST_F_TIMEOUT(parked, before_enforcement_get_nothing_past, 120)
{
	struct abi_sets abi[NR_ABIS] = { 0 };
	int status;

	bitmap_add(&abi[0].allowed, PASSES);
	bitmap_add(&abi[0].allowed, SYS_exit_group);
	for (int i = 0; i < 20; i++) {
		long tries = self->tale->tries;
		pid_t pid = cg_fork(&self->cg);

		if (!pid)
			tracee(self->tale, variant->way);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ASSERT_EQ(0, ptrace(PTRACE_SETOPTIONS, pid, 0,
				    PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD |
				    PTRACE_O_TRACESECCOMP));
		do {
			ASSERT_EQ(0, go_on(pid, variant->way));
			ASSERT_EQ(pid, waitpid(pid, &status, 0));
			ASSERT_TRUE(WIFSTOPPED(status));
		} while (!is_parked(pid, variant->way, status));
		ASSERT_EQ(0, set_enforce(&self->cg, abi, SCMOD_ACTION_ERRNO, CHOSEN));
		ASSERT_EQ(0, ptrace(PTRACE_POKEUSER, pid, ORIG_RAX, WANTED));
		/* Go on to the next call; by then the tracee has counted this result. */
		do {
			ASSERT_EQ(0, go_on(pid, variant->way));
			ASSERT_EQ(pid, waitpid(pid, &status, 0));
			ASSERT_TRUE(WIFSTOPPED(status));
		} while (self->tale->tries == tries);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		ASSERT_EQ(0, drop_policy(self->cg.id));
	}
	EXPECT_EQ(20, self->tale->tries);
	EXPECT_EQ(0, self->tale->got);
	EXPECT_EQ(20, self->tale->refused);
}

FIXTURE(traced)
{
	struct cg cg;
};

FIXTURE_SETUP(traced)
{
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "traced"));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
}

FIXTURE_TEARDOWN(traced)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
}

/* What is made in the end is what is learned, too. */
TEST_F(traced, rewritten_call_is_learned)
{
	struct tale *tale = shared_new(4096);
	struct policy policy;
	int status;
	pid_t pid = cg_fork(&self->cg);

	if (!pid)
		tracee(tale, BY_SYSCALL);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
	do {
		ptrace(PTRACE_SYSCALL, pid, 0, 0);
		waitpid(pid, &status, 0);
		if (WIFSTOPPED(status) && ptrace(PTRACE_PEEKUSER, pid, ORIG_RAX, 0) == PASSES)
			ptrace(PTRACE_POKEUSER, pid, ORIG_RAX, SYS_getegid);
	} while (WIFSTOPPED(status));
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_TRUE(bitmap_has(&policy.abi[0].seen, SYS_getegid));
	policy_release(&policy);
	munmap(tale, 4096);
}

/*
 * A tracer such as PRoot replaces a call, and restores its number at the exit stop. No call is
 * made by that, so scmod neither records nor refuses one.
 */
TEST_F(traced, number_put_back_at_the_end_of_a_call_is_no_call)
{
	struct abi_sets abi[NR_ABIS] = { 0 };
	struct tale *tale = shared_new(4096);
	struct policy policy;
	int status, ends = 0;
	pid_t pid;

	for (int mode = SCMOD_MODE_LEARN; mode <= SCMOD_MODE_ENFORCE; mode++) {
		bool entry = false;

		if (mode == SCMOD_MODE_COMPLAIN)
			continue;
		memset(tale, 0, sizeof(*tale));
		memset(&abi[0].allowed, 0xff, sizeof(abi[0].allowed));
		bitmap_drop(&abi[0].allowed, SYS_chroot);
		if (mode == SCMOD_MODE_ENFORCE)
			ASSERT_EQ(0, set_enforce(&self->cg, abi, SCMOD_ACTION_ERRNO, CHOSEN));
		pid = cg_fork(&self->cg);
		if (!pid)
			tracee(tale, BY_SYSCALL);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
		do {
			ASSERT_EQ(0, ptrace(PTRACE_SYSCALL, pid, 0, 0));
			ASSERT_EQ(pid, waitpid(pid, &status, 0));
			entry = WIFSTOPPED(status) && !entry;
			if (!WIFSTOPPED(status) || entry ||
			    ptrace(PTRACE_PEEKUSER, pid, ORIG_RAX, 0) != PASSES)
				continue;
			ends++;
			ptrace(PTRACE_POKEUSER, pid, ORIG_RAX, SYS_chroot);
			ptrace(PTRACE_POKEUSER, pid, RAX, pid);
		} while (WIFSTOPPED(status));
		EXPECT_EQ(ROUNDS, tale->tries);
		EXPECT_EQ(ROUNDS, tale->got);
		ASSERT_EQ(0, get_policy(self->cg.id, &policy));
		EXPECT_FALSE(bitmap_has(&policy.abi[0].seen, SYS_chroot));
		EXPECT_FALSE(bitmap_has(&policy.abi[0].denied, SYS_chroot));
		policy_release(&policy);
	}
	EXPECT_EQ(2 * ROUNDS, ends);
	munmap(tale, 4096);
}

static void handler(int sig)
{
}

/*
 * When a tracer single-steps into a signal handler, the stop there is not the entry of a call.
 * Older kernels keep the event message of the stop before. Here a filter has set it to
 * 1, the value that marks an entry (PTRACE_EVENTMSG_SYSCALL_ENTRY).
 */
TEST_F(traced, step_into_a_handler_is_no_call)
{
	struct tale *tale = shared_new(4096);
	struct policy policy;
	int status;
	pid_t pid = cg_fork(&self->cg);

	if (!pid) {
		signal(SIGUSR1, handler);
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		filter_call(PASSES, SECCOMP_RET_TRACE | ENTRY_MESSAGE, 0);
		raise(SIGSTOP);
		raw_syscall(PASSES, 0);
		tale->tries++;
		for (;;)
			raw_syscall(SYS_exit_group, 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(SIGTRAP | PTRACE_EVENT_SECCOMP << 8, status >> 8);
	ASSERT_EQ(0, ptrace(PTRACE_SINGLESTEP, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_SINGLESTEP, pid, 0, SIGUSR1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_POKEUSER, pid, ORIG_RAX, SYS_chroot));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(1, tale->tries);
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_FALSE(bitmap_has(&policy.abi[0].seen, SYS_chroot));
	policy_release(&policy);
	munmap(tale, 4096);
}

/* More tracees stopped at once than any table of fixed size would hold. */
TEST_F_TIMEOUT(traced, five_thousand_stopped_at_once_get_nothing_past, 300)
{
	enum { TRACEES = 5000 };
	static pid_t pids[TRACEES];
	struct abi_sets abi[NR_ABIS] = { 0 };
	struct tale *tale = shared_new(4096);
	unsigned int stopped = 0;
	int status;

	/* A kernel that is built small, such as the debug one, has 4096. */
	ASSERT_EQ(0, sh("test $(cat /proc/sys/kernel/pid_max) -ge 16384 || "
			"echo 16384 >/proc/sys/kernel/pid_max"));
	bitmap_add(&abi[0].allowed, SYS_exit_group);
	bitmap_add(&abi[0].allowed, PASSES);
	for (int i = 0; i < TRACEES; i++) {
		pids[i] = cg_fork(&self->cg);
		if (!pids[i]) {
			pid_t pid = getpid();

			ptrace(PTRACE_TRACEME, 0, 0, 0);
			raise(SIGSTOP);
			for (;;) {
				long ret = raw_syscall(PASSES, 0);

				__atomic_fetch_add(&tale->tries, 1, __ATOMIC_RELAXED);
				__atomic_fetch_add(ret == pid ? &tale->got : &tale->refused, 1,
						   __ATOMIC_RELAXED);
				raw_syscall(SYS_exit_group, 0);
			}
		}
		ASSERT_LT(0, pids[i]);
		ASSERT_EQ(pids[i], waitpid(pids[i], &status, 0));
	}
	ASSERT_EQ(0, set_enforce(&self->cg, abi, SCMOD_ACTION_ERRNO, CHOSEN));
	for (int i = 0; i < TRACEES; i++) {
		ASSERT_EQ(0, ptrace(PTRACE_SYSCALL, pids[i], 0, 0));
		ASSERT_EQ(pids[i], waitpid(pids[i], &status, 0));
		stopped += WIFSTOPPED(status);
		ptrace(PTRACE_POKEUSER, pids[i], ORIG_RAX,
		       WANTED);
	}
	for (int i = 0; i < TRACEES; i++) {
		ptrace(PTRACE_CONT, pids[i], 0, 0);
		waitpid(pids[i], &status, 0);
	}
	TH_LOG("%u stopped at once: %ld got, %ld refused", stopped, tale->got, tale->refused);
	EXPECT_EQ(TRACEES, stopped);
	EXPECT_EQ(0, tale->got);
	EXPECT_EQ(TRACEES, tale->refused);
	munmap(tale, 4096);
}

TEST_HARNESS_MAIN
