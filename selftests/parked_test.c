// SPDX-License-Identifier: GPL-2.0
/*
 * A task that is stopped at the entry of a call when enforcement begins, by a tracer or by a
 * seccomp filter that waits for user space, does not make that call afterwards.
 *
 * cpus: turns
 */
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib.h"

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd	438
#endif

#define ROUNDS		50
#define REFUSED		SYS_getppid

/* What the child shows its parent. */
struct shown {
	volatile int listener;
	volatile long ret;
};

FIXTURE(parked)
{
	struct cg cg;
	struct shown *shown;
};

/*
 * @by_filter: a seccomp filter stops the task, otherwise a tracer. @learned: a policy that
 * learns has marked the task before it is stopped.
 */
FIXTURE_VARIANT(parked)
{
	bool by_filter;
	bool learned;
};

FIXTURE_VARIANT_ADD(parked, by_a_tracer)
{
	.by_filter = false,
	.learned = false,
};

FIXTURE_VARIANT_ADD(parked, by_a_tracer_while_it_is_learned)
{
	.by_filter = false,
	.learned = true,
};

FIXTURE_VARIANT_ADD(parked, by_a_filter)
{
	.by_filter = true,
	.learned = false,
};

FIXTURE_VARIANT_ADD(parked, by_a_filter_while_it_is_learned)
{
	.by_filter = true,
	.learned = true,
};

FIXTURE_SETUP(parked)
{
	self->shown = shared_new(sizeof(*self->shown));
	ASSERT_NE(NULL, self->shown);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "parked"));
}

FIXTURE_TEARDOWN(parked)
{
	drop_policy(self->cg.id);
	cg_remove(&self->cg);
}

/* Everything may be done but REFUSED. */
static int enforce(const struct cg *cg)
{
	struct abi_sets sets[SCMOD_ABI_MAX + 1];

	memset(sets, 0, sizeof(sets));
	for (unsigned int abi = 0; abi <= SCMOD_ABI_MAX; abi++)
		memset(&sets[abi].allowed, 0xff, sizeof(sets[abi].allowed));
	sets[SCMOD_ABI_X86_64].allowed.word[REFUSED / 64] &= ~(1ULL << REFUSED % 64);
	return set_enforce(cg, sets, SCMOD_ACTION_ERRNO, CHOSEN);
}

static void child(struct shown *shown, bool by_filter)
{
	if (by_filter)
		shown->listener = filter_call(REFUSED, SECCOMP_RET_USER_NOTIF,
					      SECCOMP_FILTER_FLAG_NEW_LISTENER);
	else
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	shown->ret = raw_syscall(REFUSED, 0);
	_exit(0);
}

/* Let the child go on until it enters REFUSED. */
static int trace_to_entry(pid_t pid)
{
	struct user_regs_struct regs;
	int status;

	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL))
		return -errno;
	do {
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) || waitpid(pid, &status, 0) != pid)
			return -errno;
		if (!WIFSTOPPED(status) || ptrace(PTRACE_GETREGS, pid, NULL, &regs))
			return -ECHILD;
	} while (WSTOPSIG(status) != (SIGTRAP | 0x80) || regs.orig_rax != REFUSED);
	return 0;
}

/* Receives the notification of the child's filter. Stores the listener in @fd. */
static int take_question(pid_t pid, int listener, struct seccomp_notif *question, int *fd)
{
	int pidfd = syscall(SYS_pidfd_open, pid, 0);

	*fd = syscall(SYS_pidfd_getfd, pidfd, listener, 0);
	close(pidfd);
	kill(pid, SIGCONT);
	memset(question, 0, sizeof(*question));
	return *fd < 0 || ioctl(*fd, SECCOMP_IOCTL_NOTIF_RECV, question) ? -errno : 0;
}

static int let_it_be_made(int fd, const struct seccomp_notif *question)
{
	struct seccomp_notif_resp answer = {
		.id = question->id,
		.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE,
	};

	return ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer) ? -errno : 0;
}

/* Returns the result of the call at whose entry the child was when enforcement began. */
static long round_of(const struct cg *cg, struct shown *shown, bool by_filter)
{
	struct seccomp_notif question;
	int status, err, fd = -1;
	pid_t pid = cg_fork(cg);

	if (!pid)
		child(shown, by_filter);
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		return -ECHILD;
	err = by_filter ? take_question(pid, shown->listener, &question, &fd) :
			  trace_to_entry(pid);
	if (!err)
		err = enforce(cg);
	if (!err)
		err = by_filter ? let_it_be_made(fd, &question) :
		      ptrace(PTRACE_CONT, pid, NULL, NULL) ? -errno : 0;
	if (err)
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	close(fd);
	return err ? err : shown->ret;
}

TEST_F_TIMEOUT(parked, is_decided_on_when_it_goes_on, 300)
{
	unsigned int refused = 0;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		long ret;

		ASSERT_EQ(0, drop_policy(self->cg.id));
		if (variant->learned)
			ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
		ret = round_of(&self->cg, self->shown, variant->by_filter);
		ASSERT_TRUE(ret == -CHOSEN || ret > 0) TH_LOG("%ld", ret);
		refused += ret == -CHOSEN;
	}
	EXPECT_EQ(ROUNDS, refused);
}

TEST_HARNESS_MAIN
