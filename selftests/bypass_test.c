// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks on enforcement by way of tasks: new ones, new programs, threads, moves
 * and namespaces. Each is tried over and over; what got through is counted and
 * must be nothing. Attacks by way of entries and restarts are bypass_abi_test's.
 *
 * cpus: parallel
 */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sched.h>

#include "kselftest_harness.h"
#include "attack.h"

FIXTURE(bypass)
{
	struct cg top, a, b;
	struct abi_sets abi[NR_ABIS], loose[NR_ABIS];
	struct score *score;
};

FIXTURE_SETUP(bypass)
{
	allow_all_but(self->abi, SCMOD_ABI_X86_64, WANTED);
	allow_all_but(self->loose, SCMOD_ABI_X86_64, SCMOD_NR_BITS - 1);
	self->score = score_new();
	ASSERT_NE(NULL, self->score);
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->top, NULL, "bypass"));
	ASSERT_EQ(0, cg_make(&self->a, &self->top, "a"));
	ASSERT_EQ(0, cg_make(&self->b, &self->top, "b"));
}

FIXTURE_TEARDOWN(bypass)
{
	EXPECT_EQ(0, drop_policy(self->a.id));
	EXPECT_EQ(0, drop_policy(self->b.id));
	EXPECT_EQ(0, drop_policy(self->top.id));
	EXPECT_EQ(0, cg_remove(&self->a));
	EXPECT_EQ(0, cg_remove(&self->b));
	EXPECT_EQ(0, cg_remove(&self->top));
	munmap(self->score, 4096);
}

/* Enforces in cgroups a and b, which have a policy each. */
#define ENFORCE_BOTH() \
	do { \
		ASSERT_EQ(0, set_enforce(&self->a, self->abi, SCMOD_ACTION_ERRNO, CHOSEN)); \
		ASSERT_EQ(0, set_enforce(&self->b, self->abi, SCMOD_ACTION_ERRNO, CHOSEN)); \
	} while (0)

#define ENFORCE_TOP() \
	ASSERT_EQ(0, set_enforce(&self->top, self->abi, SCMOD_ACTION_ERRNO, CHOSEN))

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST_F_TIMEOUT(bypass, first_call_of_a_child_put_inside_by_clone3, 120)
{
	ENFORCE_TOP();
	for (int i = 0; i < rounds(300); i++) {
		pid_t pid = cg_fork(i % 2 ? &self->top : &self->a);

		if (!pid) {
			score_add(self->score, call0(WANTED));
			leave();
		}
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	}
	EXPECT_NOTHING_GOT(self->score);
}

/* A confined task starts children in cgroups below, one of which has a looser policy. */
TEST_F_TIMEOUT(bypass, children_that_clone3_puts_below, 120)
{
	int status;
	pid_t pid;

	ENFORCE_TOP();
	ASSERT_EQ(0, set_enforce(&self->a, self->loose, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, set_mode(&self->b, SCMOD_MODE_OFF));
	pid = cg_fork(&self->top);
	if (!pid) {
		for (int i = 0; i < rounds(300); i++) {
			pid = cg_fork(i % 2 ? &self->a : &self->b);
			if (!pid) {
				score_add(self->score, call0(WANTED));
				leave();
			}
			if (pid < 0)
				_exit(1);
			waitpid(pid, NULL, 0);
		}
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_NOTHING_GOT(self->score);
}

/*
 * Not a bypass: who may write to the cgroup.procs of a cgroup outside may leave,
 * by clone3 as well. It is the cgroups' permissions that keep tasks inside.
 */
TEST_F(bypass, child_that_root_puts_outside_is_outside_and_nobody_can_not)
{
	pid_t pid;
	int status;

	ASSERT_EQ(0, set_enforce(&self->a, self->abi, SCMOD_ACTION_ERRNO, CHOSEN));
	for (int as_root = 0; as_root < 2; as_root++) {
		pid = cg_fork(&self->a);
		if (!pid) {
			if (!as_root && setresuid(NOBODY, NOBODY, NOBODY))
				_exit(1);
			pid = cg_fork(&self->b);
			if (!pid)
				_exit(call0(WANTED) == -CHOSEN ? 2 : 3);
			if (pid == -EACCES)
				_exit(4);
			if (pid < 0 || waitpid(pid, &status, 0) != pid)
				_exit(5);
			_exit(WEXITSTATUS(status));
		}
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_EQ(as_root ? 3 : 4, WEXITSTATUS(status));
	}
}

static void fork_and_try(struct score *score, long how)
{
	long pid = call0(how);

	if (!pid) {
		score_add(score, call0(WANTED));
		leave();
	}
	if (pid < 0)
		score_add(score, pid);
	else
		waitpid(pid, NULL, 0);
}

/* A thread whose first call is the wanted one; it ends by itself. */
static void thread_and_try(struct score *score)
{
	static char stack[4096] __attribute__((aligned(16)));
	static volatile long ret;
	long tid = SYS_clone;

	ret = 1;
	asm volatile("syscall\n"
		     "test %%rax, %%rax\n"
		     "jnz 1f\n"
		     "mov %[wanted], %%eax\n"
		     "syscall\n"
		     "mov %%rax, (%%rbx)\n"
		     "mov %[exit], %%eax\n"
		     "xor %%edi, %%edi\n"
		     "syscall\n"
		     "1:"
		     : "+a"(tid)
		     : "b"(&ret), [wanted]"i"(WANTED), [exit]"i"(SYS_exit),
		       "D"(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			   CLONE_SYSVSEM),
		       "S"(stack + sizeof(stack)), "d"(0L)
		     : "rcx", "r11", "memory");
	if (tid < 0)
		ret = tid;
	while (ret == 1)
		sched_yield();
	score_add(score, ret);
	/* The stack is used again by the next one. */
	while (tid > 0 && !syscall(SYS_tgkill, getpid(), tid, 0))
		sched_yield();
}

TEST_F_TIMEOUT(bypass, first_call_of_forks_vforks_and_threads, 120)
{
	pid_t pid;
	int status;

	ENFORCE_TOP();
	pid = cg_fork(&self->a);
	if (!pid) {
		for (int i = 0; i < rounds(100); i++) {
			fork_and_try(self->score, SYS_fork);
			fork_and_try(self->score, SYS_vfork);
			thread_and_try(self->score);
		}
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(rounds(300), self->score->tries);
	EXPECT_NOTHING_GOT(self->score);
}

/* As a new program: status 0 if each of its calls was refused. */
static void __attribute__((noreturn)) become_caller(void)
{
	static char want[16], nr[16];

	snprintf(want, sizeof(want), "%d", -CHOSEN);
	snprintf(nr, sizeof(nr), "%d", (int)WANTED);
	execv(BUILD "/selftests/caller64", (char *[]){ "caller64", want, nr, nr, nr, nr, NULL });
	_exit(2);
}

/* Programs, one after the other, are executed in @cg while @meddle does its worst. */
static void exec_many(struct __test_metadata *_metadata, FIXTURE_DATA(bypass) *self,
		      void (*meddle)(FIXTURE_DATA(bypass) *self, pid_t pid, int i))
{
	int status;

	for (int i = 0; i < rounds(60); i++) {
		pid_t pid = cg_fork(&self->a);

		if (!pid)
			become_caller();
		ASSERT_LT(0, pid);
		do {
			meddle(self, pid, i);
		} while (!waitpid(pid, &status, WNOHANG));
		self->score->tries += 4;
		if (status) {
			self->score->got++;
			self->score->last = status;
		}
	}
	EXPECT_NOTHING_GOT(self->score);
}

static void leave_alone(FIXTURE_DATA(bypass) *self, pid_t pid, int i)
{
	usleep(1000);
}

static void change_policy(FIXTURE_DATA(bypass) *self, pid_t pid, int i)
{
	static unsigned int n;

	self->abi[0].allowed.word[8] ^= 1;
	set_enforce(n++ % 2 ? &self->a : &self->top, self->abi, SCMOD_ACTION_ERRNO, CHOSEN);
}

static void move_about(FIXTURE_DATA(bypass) *self, pid_t pid, int i)
{
	cg_move(&self->b, pid);
	cg_move(&self->a, pid);
}

TEST_F_TIMEOUT(bypass, first_call_of_programs, 120)
{
	ENFORCE_BOTH();
	exec_many(_metadata, self, leave_alone);
}

TEST_F_TIMEOUT(bypass, first_call_of_programs_while_the_policy_changes, 180)
{
	ENFORCE_TOP();
	ENFORCE_BOTH();
	exec_many(_metadata, self, change_policy);
}

TEST_F_TIMEOUT(bypass, first_call_of_programs_that_are_moved, 180)
{
	ENFORCE_BOTH();
	exec_many(_metadata, self, move_about);
}

static void *hammer_thread(void *score)
{
	hammer(score);
}

static void *exec_thread(void *unused)
{
	usleep(1000);
	become_caller();
}

/* The thread that executes becomes the leader; the others go, hammering. */
TEST_F_TIMEOUT(bypass, execve_of_a_thread_among_others, 180)
{
	int status;

	ENFORCE_BOTH();
	for (int i = 0; i < rounds(30); i++) {
		pid_t pid = cg_fork(&self->a);
		pthread_t thread;

		if (!pid) {
			for (int j = 0; j < 3; j++)
				pthread_create(&thread, NULL, hammer_thread, self->score);
			pthread_create(&thread, NULL, exec_thread, NULL);
			hammer(self->score);
		}
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		self->score->tries += 4;
		self->score->got += status != 0;
	}
	EXPECT_NOTHING_GOT(self->score);
}

#define STORM_THREADS	8

/* Odd while enforce is known to be set; counts up before each change and after. */
struct storm {
	struct score score;
	volatile unsigned long generation;
};

static void *storm_thread(void *data)
{
	struct storm *storm = data;

	for (;;) {
		unsigned long before = __atomic_load_n(&storm->generation, __ATOMIC_SEQ_CST);
		long ret = call0(WANTED);

		storm->score.tries++;
		if (before % 2 == 0 ||
		    before != __atomic_load_n(&storm->generation, __ATOMIC_SEQ_CST))
			continue;
		__atomic_fetch_add(&storm->score.certain, 1, __ATOMIC_RELAXED);
		if (ret != -CHOSEN) {
			storm->score.last = ret;
			__atomic_fetch_add(&storm->score.got, 1, __ATOMIC_RELAXED);
		}
	}
	return NULL;
}

static int loosen(const struct cg *cg, int i)
{
	static const int modes[] = { SCMOD_MODE_LEARN, SCMOD_MODE_COMPLAIN, SCMOD_MODE_OFF };

	return i % 4 == 3 ? drop_policy(cg->id) : set_mode(cg, modes[i % 4]);
}

static void storm(struct __test_metadata *_metadata, const struct cg *where, const struct cg *in,
		  const struct abi_sets *abi)
{
	struct storm *storm = (struct storm *)score_new();
	pid_t pid = cg_fork(in);
	pthread_t thread;

	if (!pid) {
		for (int i = 1; i < STORM_THREADS; i++)
			pthread_create(&thread, NULL, storm_thread, storm);
		storm_thread(storm);
	}
	ASSERT_LT(0, pid);
	for (int i = 0; i < rounds(100); i++) {
		long certain = storm->score.certain;

		ASSERT_EQ(0, set_enforce(where, abi, SCMOD_ACTION_ERRNO, CHOSEN));
		__atomic_fetch_add(&storm->generation, 1, __ATOMIC_SEQ_CST);
		for (int j = 0; j < 10000 && storm->score.certain < certain + 20; j++)
			usleep(1000);
		__atomic_fetch_add(&storm->generation, 1, __ATOMIC_SEQ_CST);
		ASSERT_EQ(0, loosen(where, i));
	}
	end(pid);
	TH_LOG("%ld tries, %ld of them for certain under enforcement, %ld got through",
	       storm->score.tries, storm->score.certain, storm->score.got);
	EXPECT_LE(rounds(100), storm->score.certain);
	EXPECT_EQ(0, storm->score.got) {
		TH_LOG("the last one returned %ld", storm->score.last);
	}
	munmap(storm, 4096);
}

TEST_F_TIMEOUT(bypass, threads_that_hammer_while_the_mode_changes, 300)
{
	storm(_metadata, &self->a, &self->a, self->abi);
}

TEST_F_TIMEOUT(bypass, threads_that_hammer_while_the_mode_above_changes, 300)
{
	ASSERT_EQ(0, set_enforce(&self->a, self->loose, SCMOD_ACTION_ERRNO, CHOSEN));
	storm(_metadata, &self->top, &self->a, self->abi);
}

/* A process of several threads that hammer. */
static pid_t hammer_in(const struct cg *cg, struct score *score, int threads)
{
	pid_t pid = cg_fork(cg);
	pthread_t thread;

	if (pid)
		return pid;
	while (--threads > 0)
		pthread_create(&thread, NULL, hammer_thread, score);
	hammer(score);
}

TEST_F_TIMEOUT(bypass, moves_between_enforced_cgroups, 120)
{
	pid_t pid;

	ENFORCE_BOTH();
	pid = hammer_in(&self->a, self->score, 4);
	for (int i = 0; i < rounds(300); i++)
		ASSERT_EQ(0, cg_move(i % 2 ? &self->a : &self->b, pid));
	EXPECT_LT(0, score_wait(self->score, 100));
	end(pid);
	EXPECT_NOTHING_GOT(self->score);
}

/* Stores the ids of the process's threads as text; returns how many there are. */
static int threads_of(pid_t pid, char tids[][16], int room)
{
	struct dirent *entry;
	char path[64];
	int count = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir && count < room && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			snprintf(tids[count++], sizeof(tids[0]), "%.15s", entry->d_name);
	if (dir)
		closedir(dir);
	return count;
}

TEST_F_TIMEOUT(bypass, threads_moved_one_by_one, 120)
{
	char tids[4][16];
	pid_t pid;

	ASSERT_EQ(0, cg_write(&self->a, "cgroup.type", "threaded"));
	ASSERT_EQ(0, cg_write(&self->b, "cgroup.type", "threaded"));
	ENFORCE_BOTH();
	pid = hammer_in(&self->a, self->score, 4);
	ASSERT_LT(0, score_wait(self->score, 100));
	/* score_wait() may have counted tries of the first thread only. */
	for (int i = 0; i < 1000 && threads_of(pid, tids, 4) < 4; i++)
		usleep(10000);
	ASSERT_EQ(4, threads_of(pid, tids, 4));
	for (int i = 0; i < rounds(300); i++)
		ASSERT_EQ(0, cg_write(i / 4 % 2 ? &self->a : &self->b, "cgroup.threads",
				      tids[i % 4]));
	EXPECT_LT(0, score_wait(self->score, 100));
	end(pid);
	EXPECT_NOTHING_GOT(self->score);
}

static bool as_nobody(void)
{
	return !setresgid(NOBODY, NOBODY, NOBODY) && !setresuid(NOBODY, NOBODY, NOBODY);
}

/* The cgroups below are the tasks' own: they move about, and make new ones. */
static void __attribute__((noreturn)) roam(const struct cg *deleg, struct score *score)
{
	static const char *const names[] = { "loose", "off", "none", "new" };
	struct cg cgs[4];

	if (!as_nobody())
		_exit(1);
	for (int i = 0; i < 4; i++)
		if (cg_make(&cgs[i], deleg, names[i]))
			_exit(2);
	for (int i = 0; i < rounds(200); i++) {
		pid_t pid;

		if (cg_move(&cgs[i % 4], getpid()))
			_exit(3);
		score_add(score, call0(WANTED));
		pid = cg_fork(&cgs[(i + 1) % 4]);
		if (!pid) {
			score_add(score, call0(WANTED));
			leave();
		}
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			_exit(4);
	}
	_exit(0);
}

TEST_F_TIMEOUT(bypass, moves_among_delegated_cgroups_with_looser_policies, 120)
{
	struct cg loose, off, none, fresh;
	int status;
	pid_t pid;

	ENFORCE_TOP();
	ASSERT_EQ(0, cg_make(&loose, &self->a, "loose"));
	ASSERT_EQ(0, cg_make(&off, &self->a, "off"));
	ASSERT_EQ(0, cg_make(&none, &self->a, "none"));
	ASSERT_EQ(0, set_enforce(&loose, self->loose, SCMOD_ACTION_ERRNO, CHOSEN));
	ASSERT_EQ(0, set_mode(&off, SCMOD_MODE_LEARN));
	ASSERT_EQ(0, set_mode(&off, SCMOD_MODE_OFF));
	ASSERT_EQ(0, sh("chown -R nobody %s", self->a.path));
	pid = cg_fork(&self->a);
	if (!pid)
		roam(&self->a, self->score);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status) {
		TH_LOG("status %x", status);
	}
	EXPECT_NOTHING_GOT(self->score);
	ASSERT_EQ(0, cg_make(&fresh, &self->a, "new"));
	EXPECT_EQ(0, cg_remove(&fresh));
	EXPECT_EQ(0, drop_policy(loose.id));
	EXPECT_EQ(0, drop_policy(off.id));
	EXPECT_EQ(0, cg_remove(&loose));
	EXPECT_EQ(0, cg_remove(&off));
	EXPECT_EQ(0, cg_remove(&none));
}

/* New namespaces of each kind, and another root. */
TEST_F_TIMEOUT(bypass, new_namespaces, 120)
{
	static const int kinds[] = {
		CLONE_NEWUSER, CLONE_NEWUSER | CLONE_NEWPID, CLONE_NEWUSER | CLONE_NEWNS,
		CLONE_NEWUSER | CLONE_NEWCGROUP, CLONE_NEWUSER | CLONE_NEWNET, CLONE_NEWPID,
		CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS | CLONE_NEWIPC,
		CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWNET,
	};
	enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };
	int status;

	ENFORCE_TOP();
	for (int i = 0; i < rounds(3 * KINDS); i++) {
		pid_t pid = cg_fork(&self->a);

		if (!pid) {
			if (unshare(kinds[i % KINDS]) || chroot("/") || chdir("/"))
				_exit(1);
			score_add(self->score, call0(WANTED));
			fork_and_try(self->score, SYS_fork);
			/* In new namespaces, too, the task must not be able to end enforcement. */
			score_add(self->score, set_mode(&self->top, SCMOD_MODE_OFF) < 0 ?
						       -CHOSEN : 0);
			score_add(self->score, call0(WANTED));
			_exit(0);
		}
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		EXPECT_EQ(0, status) {
			TH_LOG("namespaces %x", kinds[i % KINDS]);
		}
	}
	EXPECT_NOTHING_GOT(self->score);
}

/* This VM's CPU has syscall in 32-bit programs; that of bypass_abi_test has sysenter. */
TEST_F_TIMEOUT(bypass, every_way_out_of_a_32_bit_program, 60)
{
	allow_all_but(self->abi, SCMOD_ABI_I386, WANTED_I386);
	ENFORCE_BOTH();
	attack32_ways(_metadata, &self->a);
}

TEST_HARNESS_MAIN
