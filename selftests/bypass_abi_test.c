// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks on enforcement by way of entries, numbers, restarts and signal frames.
 * Each is tried over and over; what got through is counted and must be nothing.
 *
 * vm: --cpu max,vendor=GenuineIntel --append syscall.x32=y --append vsyscall=xonly
 *
 * A CPU of this kind has sysenter in 32-bit programs, which QEMU's own has not.
 * Debian's kernels have x32 and the vsyscall page only if they are asked for.
 */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/ucontext.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "attack.h"

#define X32_BIT		0x40000000l
/* clock_nanosleep_time64 of the 32-bit table; not every kernel has nanosleep there. */
#define CLOCK_NANOSLEEP_I386	407

#define ERESTARTNOINTR	513

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH	59
#endif

FIXTURE(entry)
{
	struct cg cg;
	struct abi_sets abi[NR_ABIS];
	struct score *score;
};

FIXTURE_SETUP(entry)
{
	allow_all_but(self->abi, SCMOD_ABI_X86_64, WANTED);
	self->score = score_new();
	ASSERT_NE(NULL, self->score);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "bypass-abi"));
}

FIXTURE_TEARDOWN(entry)
{
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
	munmap(self->score, 4096);
}

#define ENFORCE() \
	ASSERT_EQ(0, set_enforce(&self->cg, self->abi, SCMOD_ACTION_ERRNO, CHOSEN))

/* Runs @what in a process in the cgroup, and returns its wait status. */
static int run(FIXTURE_DATA(entry) *self, void (*what)(struct score *score))
{
	int status;
	pid_t pid = cg_fork(&self->cg);

	if (!pid) {
		what(self->score);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

static void int80_many(struct score *score)
{
	for (int i = 0; i < rounds(500); i++)
		score_add(score, raw_int80(WANTED_I386, 0));
}

static void syscall_many(struct score *score)
{
	for (int i = 0; i < rounds(500); i++)
		score_add(score, raw_syscall(WANTED, 0));
}

/* Refused in one table, allowed in each other one, under whatever number. */
TEST_F(entry, int_0x80_for_what_only_x86_64_allows)
{
	allow_all_but(self->abi, SCMOD_ABI_I386, WANTED_I386);
	ENFORCE();
	EXPECT_EQ(0, run(self, int80_many));
	EXPECT_NOTHING_GOT(self->score);
}

TEST_F(entry, syscall_for_what_only_i386_and_x32_allow)
{
	ENFORCE();
	EXPECT_EQ(0, run(self, syscall_many));
	EXPECT_NOTHING_GOT(self->score);
}

TEST_F_TIMEOUT(entry, every_way_out_of_a_32_bit_program, 60)
{
	allow_all_but(self->abi, SCMOD_ABI_I386, WANTED_I386);
	ENFORCE();
	attack32_ways(_metadata, &self->cg);
}

/* The only i386 call that is allowed is exit_group, with which the program ends. */
TEST_F_TIMEOUT(entry, every_way_out_of_a_32_bit_program_that_may_nothing, 60)
{
	memset(&self->abi[SCMOD_ABI_I386].allowed, 0, sizeof(struct bitmap));
	bitmap_add(&self->abi[SCMOD_ABI_I386].allowed, 252);
	ENFORCE();
	attack32_ways(_metadata, &self->cg);
}

static void x32_many(struct score *score)
{
	for (int i = 0; i < rounds(500); i++)
		score_add(score, raw_syscall(WANTED | X32_BIT, 0));
}

/* The numbers that only x32 has, 512 to 547; none of them does harm with arguments 0. */
static void x32_own_numbers(struct score *score)
{
	for (long nr = 512; nr <= 547; nr++)
		score_add(score, raw_syscall(nr | X32_BIT, 0));
}

static void x32_try(struct score *score)
{
	score->last = raw_syscall(SYS_getppid | X32_BIT, 0);
}

static bool has_x32(FIXTURE_DATA(entry) *self)
{
	return !run(self, x32_try) && self->score->last != -ENOSYS;
}

TEST_F(entry, x32_for_what_only_x86_64_allows)
{
	if (!has_x32(self))
		SKIP(return, "this kernel was built without x32");
	allow_all_but(self->abi, SCMOD_ABI_X32, WANTED);
	ENFORCE();
	EXPECT_EQ(0, run(self, x32_many));
	EXPECT_NOTHING_GOT(self->score);
}

TEST_F(entry, numbers_that_only_x32_has)
{
	if (!has_x32(self))
		SKIP(return, "this kernel was built without x32");
	memset(&self->abi[SCMOD_ABI_X32].allowed, 0, sizeof(struct bitmap));
	ENFORCE();
	EXPECT_EQ(0, run(self, x32_own_numbers));
	EXPECT_NOTHING_GOT(self->score);
}

/*
 * Numbers with high bits set, some of which kernels ignore: the kernel must make the call
 * that the policy decided about, or none.
 */
static void odd_numbers(struct score *score)
{
	static const unsigned long bits[] = {
		0x100000000ul, 0xffffffff00000000ul, 0x8000000000000000ul, 0x80000000ul,
		0xc0000000ul, 0x20000000ul, 0xffffffff80000000ul, 0xffffffffc0000000ul,
		0x140000000ul,
	};

	for (int i = 0; i < rounds(500); i++) {
		long ret = raw_syscall(WANTED | bits[i % (sizeof(bits) / sizeof(bits[0]))], 0);

		score_add(score, ret == -ENOSYS ? -CHOSEN : ret);
	}
}

TEST_F(entry, numbers_with_odd_bits)
{
	allow_all_but(self->abi, SCMOD_ABI_X32, WANTED);
	bitmap_drop(&self->abi[SCMOD_ABI_X86_64].allowed, WANTED);
	ENFORCE();
	EXPECT_EQ(0, run(self, odd_numbers));
	EXPECT_NOTHING_GOT(self->score);
}

/*
 * 64-bit programs may run 32-bit code: this is
 *
 *	mov	$WANTED_I386, %eax
 *	int	$0x80
 *	mov	%eax, RESULT
 *	mov	$1, %eax
 *	xor	%ebx, %ebx
 *	int	$0x80
 *
 * A signal frame leads there. A far return would, too, but QEMU's TCG reads the
 * stack for it as the kernel's own, which ends the machine.
 */
#define RESULT_AT	0x10001000ul
#define CODE_AT		0x10000000ul
#define USER32_CS	0x23

static const unsigned char code32[] = {
	0xb8, WANTED_I386, 0, 0, 0,
	0xcd, 0x80,
	0xa3, 0x00, 0x10, 0x00, 0x10,
	0xb8, 1, 0, 0, 0,
	0x31, 0xdb,
	0xcd, 0x80,
};

static volatile int *code32_map(void)
{
	void *code = mmap((void *)CODE_AT, 8192, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (code == MAP_FAILED)
		return NULL;
	memcpy(code, code32, sizeof(code32));
	return (volatile int *)RESULT_AT;
}

static void on_signal_to_code32(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	regs[REG_CSGSFS] = (regs[REG_CSGSFS] & ~0xffffl) | USER32_CS;
	regs[REG_RIP] = CODE_AT;
}

static void sigreturn_to_code32(struct score *score)
{
	struct sigaction action = { .sa_sigaction = on_signal_to_code32, .sa_flags = SA_SIGINFO };

	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
}

TEST_F_TIMEOUT(entry, code_of_32_bits_in_a_64_bit_program, 60)
{
	volatile int *result = code32_map();

	ASSERT_NE(NULL, result);
	allow_all_but(self->abi, SCMOD_ABI_I386, WANTED_I386);
	ENFORCE();
	for (int i = 0; i < rounds(100); i++) {
		*result = 1;
		EXPECT_EQ(0, run(self, sigreturn_to_code32));
		score_add(self->score, *result);
	}
	EXPECT_NOTHING_GOT(self->score);
}

/*
 * Not a bypass of a call, but something the policy has no word on: the page at
 * this address is emulated by the page fault handler. It gives time(),
 * gettimeofday() and getcpu(), and nothing else.
 */
#define VSYSCALL_TIME	0xffffffffff600400ul

static void vsyscall_time(struct score *score)
{
	long (*vtime)(time_t *t) = (void *)VSYSCALL_TIME;

	score->got = vtime(NULL) > 0;
	score->tries = raw_syscall(SYS_time, 0);
}

TEST_F(entry, the_vsyscall_page_is_no_system_call_and_tells_the_time)
{
	int status;

	allow_all_but(self->abi, SCMOD_ABI_X86_64, SYS_time);
	ENFORCE();
	status = run(self, vsyscall_time);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV)
		SKIP(return, "this kernel has no vsyscall page");
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, self->score->got);
	EXPECT_EQ(-CHOSEN, self->score->tries);
}

static volatile char selector;
static struct score *handler_score;

static void on_sigsys(int sig, siginfo_t *info, void *context)
{
	selector = 0;
	score_add(handler_score, raw_syscall(WANTED, 0));
}

/* A call that is dispatched, and made again by the handler. */
static void dispatch_many(struct score *score)
{
	struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };

	handler_score = score;
	sigaction(SIGSYS, &action, NULL);
	if (prctl(PR_SET_SYSCALL_USER_DISPATCH, 1, 0, 0, &selector))
		_exit(1);
	for (int i = 0; i < rounds(200); i++) {
		selector = 1;
		raw_syscall(i % 2 ? WANTED : SYS_getppid, 0);
		selector = 0;
		score_add(score, raw_syscall(WANTED, 0));
	}
}

TEST_F(entry, user_dispatch_and_its_handler)
{
	int status;

	ENFORCE();
	status = run(self, dispatch_many);
	if (WEXITSTATUS(status) == 1)
		SKIP(return, "this kernel has no PR_SET_SYSCALL_USER_DISPATCH");
	EXPECT_EQ(0, status);
	EXPECT_EQ(rounds(400), self->score->tries);
	EXPECT_NOTHING_GOT(self->score);
}

/* Makes sigreturn execute the syscall instruction, two bytes before, with number WANTED. */
static void on_signal_to_wanted(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	regs[REG_RAX] = WANTED;
	regs[REG_RIP] -= 2;
}

/* Makes the frame ask for a restart, though it holds no number of a call to restart. */
static void on_signal_to_restart(int sig, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;

	regs[REG_RAX] = -ERESTARTNOINTR;
}

static void frames_many(struct score *score)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO };
	long pid = getpid();

	for (int i = 0; i < rounds(200); i++) {
		long ret = SYS_kill;

		action.sa_sigaction = i % 2 ? on_signal_to_wanted : on_signal_to_restart;
		sigaction(SIGUSR1, &action, NULL);
		asm volatile("syscall" : "+a"(ret) : "D"(pid), "S"((long)SIGUSR1)
			     : "rcx", "r11", "memory");
		score_add(score, ret == -ERESTARTNOINTR ? -CHOSEN : ret);
	}
}

TEST_F(entry, forged_signal_frames)
{
	ENFORCE();
	EXPECT_EQ(0, run(self, frames_many));
	EXPECT_NOTHING_GOT(self->score);
}

/*
 * The kernel restarts some calls through restart_syscall, which is 219 in the x86_64 table
 * and 0 in the i386 one. A sleeper that is stopped and continued makes that call.
 */
static void sleep_by_syscall(struct score *score)
{
	struct timespec for_long = { .tv_sec = 1000 };
	long ret;

	asm volatile("syscall" : "=a"(ret) : "a"(SYS_nanosleep), "D"(&for_long), "S"(0l)
		     : "rcx", "r11", "memory");
	score_add(score, ret);
}

static void sleep_by_int80(struct score *score)
{
	struct timespec *for_long = (void *)RESULT_AT;
	int ret;

	*for_long = (struct timespec){ .tv_sec = 1000 };
	asm volatile("int $0x80" : "=a"(ret) : "a"(CLOCK_NANOSLEEP_I386), "b"(CLOCK_REALTIME),
		     "c"(0), "d"(for_long), "S"(0)
		     : "r8", "r9", "r10", "r11", "memory");
	score_add(score, ret);
}

static void restart_many(struct __test_metadata *_metadata, FIXTURE_DATA(entry) *self,
			 void (*how)(struct score *score), long nr)
{
	ENFORCE();
	for (int i = 0; i < rounds(20); i++) {
		pid_t pid = cg_fork(&self->cg);
		int status;

		if (!pid) {
			how(self->score);
			_exit(0);
		}
		ASSERT_EQ(0, wait_blocked(pid, nr));
		kill(pid, SIGSTOP);
		ASSERT_EQ(pid, waitpid(pid, &status, WUNTRACED));
		kill(pid, SIGCONT);
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_EQ(0, status);
	}
	EXPECT_EQ(rounds(20), self->score->tries);
	EXPECT_NOTHING_GOT(self->score);
}

TEST_F_TIMEOUT(entry, restart_of_a_sleep, 60)
{
	allow_all_but(self->abi, SCMOD_ABI_X86_64, SYS_restart_syscall);
	restart_many(_metadata, self, sleep_by_syscall, SYS_nanosleep);
}

TEST_F_TIMEOUT(entry, restart_of_a_sleep_by_int_0x80_in_a_64_bit_program, 60)
{
	ASSERT_NE(NULL, code32_map());
	/* x86_64 call 0 (read) and i386 call 219 (madvise) stay allowed. */
	allow_all_but(self->abi, SCMOD_ABI_I386, 0);
	restart_many(_metadata, self, sleep_by_int80, CLOCK_NANOSLEEP_I386);
}

/*
 * A tracer makes the kernel restart another call than the one that was made: at a signal
 * stop it writes another number, and a result that makes the kernel restart the call.
 */
static void restarted_by_tracer(struct score *score)
{
	long pid = getpid();

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	for (int i = 0; i < rounds(200); i++) {
		long ret = SYS_kill;

		asm volatile("syscall" : "+a"(ret) : "D"(pid), "S"((long)SIGUSR1)
			     : "rcx", "r11", "memory");
		score_add(score, ret);
	}
}

TEST_F_TIMEOUT(entry, restart_that_a_tracer_asks_for, 60)
{
	struct user_regs_struct regs;
	int status;
	pid_t pid;

	ENFORCE();
	pid = cg_fork(&self->cg);
	if (!pid) {
		restarted_by_tracer(self->score);
		leave();
	}
	for (;;) {
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		if (!WIFSTOPPED(status))
			break;
		if (WSTOPSIG(status) == SIGUSR1) {
			ASSERT_EQ(0, ptrace(PTRACE_GETREGS, pid, 0, &regs));
			regs.orig_rax = WANTED;
			regs.rax = -ERESTARTNOINTR;
			ASSERT_EQ(0, ptrace(PTRACE_SETREGS, pid, 0, &regs));
		}
		ASSERT_EQ(0, ptrace(PTRACE_CONT, pid, 0, 0));
	}
	EXPECT_EQ(0, status);
	EXPECT_EQ(rounds(200), self->score->tries);
	EXPECT_NOTHING_GOT(self->score);
}

TEST_HARNESS_MAIN
