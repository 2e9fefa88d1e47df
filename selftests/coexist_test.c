// SPDX-License-Identifier: GPL-2.0
/*
 * H12: refusing calls of tasks that seccomp filters, syscall user dispatch or audit also
 * act on. In no combination may a refused call be made.
 *
 * cpus: parallel
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>

#include "kselftest_harness.h"
#include "lib.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH	59
#endif

/* What a child found; shared with it. */
struct found {
	volatile long allowed, refused, handled;
};

FIXTURE(coexist)
{
	struct cg cg;
	struct abi_sets abi[NR_ABIS];
	struct found *found;
};

FIXTURE_SETUP(coexist)
{
	memset(self->abi, 0, sizeof(self->abi));
	memset(&self->abi[0].allowed, 0xff, sizeof(struct bitmap));
	bitmap_drop(&self->abi[0].allowed, SYS_getpid);
	self->found = shared_new(4096);
	ASSERT_NE(NULL, self->found);
	self->found->allowed = -1;
	self->found->refused = -1;
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "coexist"));
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
}

FIXTURE_TEARDOWN(coexist)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	munmap(self->found, 4096);
}

/* Both calls, by a process that first does @prepare; its wait status. */
static int run(const struct cg *cg, struct found *found, void (*prepare)(struct found *found))
{
	int status;
	pid_t pid = cg_fork(cg);

	if (!pid) {
		prepare(found);
		found->allowed = raw_syscall(SYS_getppid, 0);
		found->refused = raw_syscall(SYS_getpid, 0);
		for (;;)
			raw_syscall(SYS_exit_group, 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

static void filter(unsigned int otherwise)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpid, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, otherwise),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog);
}

static void filter_allows_all(struct found *found)
{
	filter(SECCOMP_RET_ALLOW);
}

static void filter_errno(struct found *found)
{
	filter(SECCOMP_RET_ERRNO | EXDEV);
}

static void filter_kill(struct found *found)
{
	filter(SECCOMP_RET_KILL_PROCESS);
}

static void nothing(struct found *found)
{
}

TEST_F(coexist, seccomp_filter_that_allows_all)
{
	EXPECT_EQ(0, run(&self->cg, self->found, filter_allows_all));
	EXPECT_EQ(getpid(), self->found->allowed);
	EXPECT_EQ(-CHOSEN, self->found->refused);
}

/* The filter refuses other calls. A call that it allows and the policy refuses fails. */
TEST_F(coexist, seccomp_filter_with_an_errno)
{
	EXPECT_EQ(0, run(&self->cg, self->found, filter_errno));
	EXPECT_EQ(getpid(), self->found->allowed);
	EXPECT_EQ(-CHOSEN, self->found->refused);
}

TEST_F(coexist, seccomp_filter_that_kills)
{
	EXPECT_EQ(0, run(&self->cg, self->found, filter_kill));
	EXPECT_EQ(getpid(), self->found->allowed);
	EXPECT_EQ(-CHOSEN, self->found->refused);
}

/* Libraries fall back on another call by ENOSYS only. */
TEST_F(coexist, soft_call_under_a_seccomp_filter)
{
	bitmap_add(&self->abi[0].soft, SYS_getpid);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	EXPECT_EQ(0, run(&self->cg, self->found, filter_errno));
	EXPECT_EQ(-ENOSYS, self->found->refused);
}

/*
 * A tracer replaces the refused call by one that the policy allows and the filter does
 * not, so the filter must be run on the new number.
 */
TEST_F(coexist, seccomp_filter_of_a_tracee)
{
	int status;
	pid_t me, pid = fork();

	if (!pid) {
		me = getpid();
		cg_move(&self->cg, me);
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		filter(SECCOMP_RET_ERRNO | EXDEV);
		kill(me, SIGSTOP);
		self->found->refused = raw_syscall(SYS_getpid, 0);
		for (;;)
			raw_syscall(SYS_exit_group, 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_SYSCALL, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, orig_rax),
			    SYS_gettid));
	ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(-EXDEV, self->found->refused);
}

static struct found *handler_found;
static volatile char selector;

static void on_sigsys(int sig, siginfo_t *info, void *context)
{
	selector = 0;
	handler_found->handled++;
}

/* Makes the kernel send SIGSYS to the process for each of its calls. */
static void dispatch(struct found *found)
{
	struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };

	handler_found = found;
	sigaction(SIGSYS, &action, NULL);
	if (prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, 0, 0, &selector))
		found->handled = -1;
	else
		selector = 1;
}

TEST_F(coexist, syscall_user_dispatch)
{
	int status = run(&self->cg, self->found, dispatch);

	if (self->found->handled < 0)
		SKIP(return, "this kernel has no PR_SET_SYSCALL_USER_DISPATCH");
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, self->found->handled);
	EXPECT_EQ(-CHOSEN, self->found->refused);
}

#define PROBED		"/run/scmod-probed"
#define UPROBE_EVENTS	"/sys/kernel/tracing/uprobe_events"

/* A function of a file of its own, mapped where it is called. */
static void call_probed(struct found *found)
{
	int fd = open(PROBED, O_RDONLY);
	long (*probed)(void) = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	for (int i = 0; i < 100; i++)
		found->handled += probed();
}

/*
 * On newer kernels a function with a uretprobe returns through a system call that the
 * kernel inserts. Refusing that call would break the program when a tracer comes.
 */
TEST_F(coexist, return_probe_of_a_function)
{
	/* mov $7, %eax; ret */
	static const unsigned char code[4096] = { 0xb8, 7, 0, 0, 0, 0xc3 };
	struct policy policy;
	int fd, hits;

	ASSERT_EQ(0, sh("mount -t tmpfs none /run"));
	fd = open(PROBED, O_CREAT | O_WRONLY, 0700);
	ASSERT_EQ(sizeof(code), write(fd, code, sizeof(code)));
	close(fd);
	ASSERT_EQ(0, sh("echo 'r:scmod_probed " PROBED ":0' >>" UPROBE_EVENTS));
	ASSERT_EQ(0, sh("echo 1 >/sys/kernel/tracing/events/uprobes/scmod_probed/enable"));
	bitmap_drop(&self->abi[0].allowed, NR_URETPROBE);
	bitmap_drop(&self->abi[0].allowed, NR_UPROBE);
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	EXPECT_EQ(0, run(&self->cg, self->found, call_probed));
	EXPECT_EQ(700, self->found->handled);
	EXPECT_EQ(-CHOSEN, self->found->refused);
	hits = sh("test $(grep -c scmod_probed: /sys/kernel/tracing/trace) -eq 100");
	EXPECT_EQ(0, hits);
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	EXPECT_EQ(0, run(&self->cg, self->found, call_probed));
	ASSERT_EQ(0, get_policy(self->cg.id, &policy));
	EXPECT_TRUE(bitmap_has(&policy.abi[0].seen, SYS_getpid));
	for (int nr = NR_URETPROBE; nr <= NR_UPROBE; nr++) {
		EXPECT_FALSE(bitmap_has(&policy.abi[0].denied, nr));
		EXPECT_FALSE(bitmap_has(&policy.abi[0].seen, nr));
	}
	policy_release(&policy);
	EXPECT_EQ(0, sh("echo 0 >/sys/kernel/tracing/events/uprobes/scmod_probed/enable"));
	EXPECT_EQ(0, sh("echo -:scmod_probed >>" UPROBE_EVENTS "; umount /run"));
}

/* Switch audit on or off, as auditctl -e does. */
static int audit_enable(int on)
{
	struct {
		struct nlmsghdr hdr;
		struct audit_status status;
	} msg = {
		.hdr = {
			.nlmsg_len = sizeof(msg), .nlmsg_type = AUDIT_SET,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		},
		.status = { .mask = AUDIT_STATUS_ENABLED, .enabled = on },
	};
	struct {
		struct nlmsghdr hdr;
		struct nlmsgerr err;
		char rest[256];
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	int ret = -1;

	if (fd >= 0 && send(fd, &msg, sizeof(msg), 0) == sizeof(msg) &&
	    recv(fd, &answer, sizeof(answer), 0) > 0)
		ret = answer.err.error;
	close(fd);
	return ret;
}

/* The mark is audit's own flag: neither takes it from the other. */
TEST_F(coexist, audit_switched_on_and_off)
{
	for (int round = 0; round < 10; round++) {
		ASSERT_EQ(0, audit_enable(round % 2));
		self->found->refused = -1;
		EXPECT_EQ(0, run(&self->cg, self->found, nothing));
		EXPECT_EQ(getpid(), self->found->allowed);
		EXPECT_EQ(-CHOSEN, self->found->refused) {
			TH_LOG("audit %s", round % 2 ? "on" : "off");
		}
	}
	ASSERT_EQ(0, audit_enable(1));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	EXPECT_EQ(0, run(&self->cg, self->found, nothing));
	EXPECT_LT(0, self->found->refused);
	ASSERT_EQ(0, audit_enable(0));
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	EXPECT_EQ(0, run(&self->cg, self->found, nothing));
	EXPECT_EQ(-CHOSEN, self->found->refused);
}

/* strace sees the same of a tracked program as of another one. */
TEST_F_TIMEOUT(coexist, strace_sees_the_same, 120)
{
	static const char strace[] =
		"strace -f -qq -e trace=execve,openat,write -e signal=none -o /tmp/%s "
		"sh -c 'cat /etc/hostname; echo done' >/dev/null; "
		"sed -i 's/^[0-9]* *//' /tmp/%s";

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, sh(strace, "untracked", "untracked"));
	ASSERT_EQ(0, sh("echo 0 >%s/cgroup.procs; exec sh -c \"strace -f -qq "
			"-e trace=execve,openat,write -e signal=none -o /tmp/tracked "
			"sh -c 'cat /etc/hostname; echo done' >/dev/null\"", self->cg.path));
	ASSERT_EQ(0, sh("sed -i 's/^[0-9]* *//' /tmp/tracked"));
	/* Pointers differ from run to run. */
	EXPECT_EQ(0, sh("for f in tracked untracked; do sed 's/0x[0-9a-f]*/0x/g' /tmp/$f "
			">/tmp/$f.plain; done; test -s /tmp/tracked && "
			"diff /tmp/tracked.plain /tmp/untracked.plain"));
}

TEST_HARNESS_MAIN
