// SPDX-License-Identifier: GPL-2.0
/*
 * Policies that begin when a process executes a program: what it does before is neither seen nor
 * refused, and what the program does is, from its first instruction on.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib.h"

#define BEFORE	SYS_getpgrp
#define AFTER	SYS_getppid
#define NR_TEXT(nr) #nr
#define TEXT(nr) NR_TEXT(nr)

/* How a child executes its program. */
enum way {
	DIRECTLY,
	AFTER_A_FAILURE,
	BY_A_THREAD,
	IN_A_CHILD,
	NOT_AT_ALL,
};

/*
 * A child in the cgroup. @go: what is written there lets it go on. @before: what BEFORE and AFTER
 * returned before it executed a program.
 */
struct child {
	pid_t pid;
	int go;
	long *before;
};

/* The program makes AFTER; its exit status is 0 if that returned @want. */
static void execute(const char *want)
{
	execl(BUILD "/selftests/caller64", "caller64", want, TEXT(__NR_getppid), NULL);
	_exit(99);
}

static void *execute_fn(void *want)
{
	execute(want);
	return NULL;
}

static void __attribute__((noreturn)) go_on(enum way way, char *want)
{
	pthread_t thread;
	int status;
	pid_t pid;

	switch (way) {
	case AFTER_A_FAILURE:
		execl("/nonexistent", "nonexistent", NULL);
		if (raw_syscall(AFTER, 0) == -CHOSEN)
			_exit(98);
		execute(want);
		break;
	case BY_A_THREAD:
		pthread_create(&thread, NULL, execute_fn, want);
		for (;;)
			pause();
	case IN_A_CHILD:
		pid = fork();
		if (!pid)
			execute("any");
		waitpid(pid, &status, 0);
		if (raw_syscall(AFTER, 0) == -CHOSEN)
			_exit(97);
		execute(want);
		break;
	case NOT_AT_ALL:
		_exit(0);
	default:
		execute(want);
	}
	_exit(96);
}

static int child_start(const struct cg *cg, struct child *child, enum way way, char *want)
{
	int go[2], ready[2];
	char byte;

	child->before = shared_new(2 * sizeof(*child->before));
	if (!child->before || pipe(go) || pipe(ready))
		return -1;
	child->pid = cg_fork(cg);
	if (!child->pid) {
		close(go[1]);
		if (write(ready[1], "", 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(95);
		child->before[0] = raw_syscall(BEFORE, 0);
		child->before[1] = raw_syscall(AFTER, 0);
		go_on(way, want);
	}
	close(go[0]);
	close(ready[1]);
	child->go = go[1];
	return child->pid < 0 || read(ready[0], &byte, 1) != 1 || close(ready[0]);
}

/* Its exit status, -1 if it was killed. */
static int child_end(struct child *child)
{
	int status;

	if (write(child->go, "", 1) != 1 || waitpid(child->pid, &status, 0) != child->pid)
		return -2;
	close(child->go);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* All calls but AFTER are allowed. */
static int set_from_exec(const struct cg *cg, int mode, pid_t process)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct abi_sets abi[NR_ABIS];

	memset(abi, 0, sizeof(abi));
	for (unsigned int i = 0; i < NR_ABIS; i++)
		memset(&abi[i].allowed, 0xff, sizeof(abi[i].allowed));
	bitmap_drop(&abi[SCMOD_ABI_X86_64].allowed, AFTER);
	change.fd = cg->fd;
	change.mode = mode;
	change.err = CHOSEN;
	change.abi = abi;
	change.from_exec = process;
	return scmod_set(&change, NULL);
}

static bool has(const struct bitmap *set, unsigned int nr)
{
	return bitmap_has(set, nr);
}

FIXTURE(await) {
	struct cg cg;
	struct policy policy;
};

FIXTURE_VARIANT(await) {
	enum way way;
};

FIXTURE_VARIANT_ADD(await, directly) { .way = DIRECTLY };
FIXTURE_VARIANT_ADD(await, after_a_failure) { .way = AFTER_A_FAILURE };
FIXTURE_VARIANT_ADD(await, by_a_thread) { .way = BY_A_THREAD };
FIXTURE_VARIANT_ADD(await, by_a_child_before) { .way = IN_A_CHILD };

FIXTURE_SETUP(await)
{
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "await"));
}

FIXTURE_TEARDOWN(await)
{
	policy_release(&self->policy);
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
}

static const char refused[] = "-" TEXT(CHOSEN);

TEST_F(await, learns_from_execve_on)
{
	const struct bitmap nothing = { 0 };
	const struct bitmap *seen;
	struct child child;

	ASSERT_EQ(0, child_start(&self->cg, &child, variant->way, "any"));
	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_LEARN, child.pid));
	ASSERT_EQ(0, get_policy(self->cg.id, &self->policy));
	EXPECT_EQ(SCMOD_MODE_LEARN, self->policy.mode);
	EXPECT_TRUE(self->policy.awaits);
	EXPECT_EQ(child.pid, self->policy.from_exec);
	policy_release(&self->policy);
	ASSERT_EQ(0, child_end(&child));

	ASSERT_EQ(0, get_policy(self->cg.id, &self->policy));
	seen = &self->policy.abi[SCMOD_ABI_X86_64].seen;
	EXPECT_FALSE(self->policy.awaits);
	EXPECT_EQ(0, self->policy.flags & SCMOD_FLAG_PARTIAL);
	EXPECT_EQ(3, bitmap_count(seen)) TH_LOG("%s", set_text(SCMOD_ABI_X86_64, seen, &nothing));
	EXPECT_TRUE(has(seen, SYS_execve));
	EXPECT_TRUE(has(seen, AFTER));
	EXPECT_TRUE(has(seen, SYS_exit_group));
}

TEST_F(await, refuses_from_execve_on)
{
	struct child child;

	ASSERT_EQ(0, child_start(&self->cg, &child, variant->way, (char *)refused));
	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_ENFORCE, child.pid));
	ASSERT_EQ(0, child_end(&child));
	EXPECT_LT(0, child.before[0]);
	EXPECT_LE(0, child.before[1]);
	ASSERT_EQ(0, get_policy(self->cg.id, &self->policy));
	EXPECT_EQ(SCMOD_MODE_ENFORCE, self->policy.mode);
	EXPECT_FALSE(self->policy.awaits);
}

FIXTURE(begin) {
	struct cg cg;
	struct policy policy;
	struct child child;
};

FIXTURE_SETUP(begin)
{
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "await"));
	ASSERT_EQ(0, child_start(&self->cg, &self->child, DIRECTLY, (char *)refused));
}

FIXTURE_TEARDOWN(begin)
{
	policy_release(&self->policy);
	EXPECT_EQ(0, drop_policy(self->cg.id));
	EXPECT_EQ(0, cg_remove(&self->cg));
}

TEST_F(begin, at_once_if_set_without_it)
{
	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_ENFORCE, self->child.pid));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_ENFORCE));
	EXPECT_EQ(0, child_end(&self->child));
	EXPECT_EQ(-CHOSEN, self->child.before[1]);
}

TEST_F(begin, later_if_only_the_rules_change)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_ENFORCE, self->child.pid));
	change.fd = self->cg.fd;
	change.err = CHOSEN;
	ASSERT_EQ(0, scmod_set(&change, &self->policy));
	EXPECT_TRUE(self->policy.awaits);
	EXPECT_EQ(SCMOD_MODE_ENFORCE, self->policy.mode);
	EXPECT_EQ(0, child_end(&self->child));
	EXPECT_LE(0, self->child.before[1]);
}

TEST_F(begin, and_the_policy_gets_no_name_before)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_ENFORCE, self->child.pid));
	change.fd = self->cg.fd;
	change.follow = true;
	EXPECT_EQ(-EINVAL, scmod_set(&change, NULL));
	EXPECT_EQ(0, child_end(&self->child));
	EXPECT_LE(0, self->child.before[1]);
}

TEST_F(begin, partial_if_others_run_there)
{
	struct child other;

	ASSERT_EQ(0, child_start(&self->cg, &other, NOT_AT_ALL, NULL));
	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_LEARN, self->child.pid));
	EXPECT_NE(0, child_end(&self->child));
	EXPECT_EQ(0, child_end(&other));
	ASSERT_EQ(0, get_policy(self->cg.id, &self->policy));
	EXPECT_EQ(SCMOD_FLAG_PARTIAL, self->policy.flags & SCMOD_FLAG_PARTIAL);
}

TEST_F(begin, not_if_switched_off)
{
	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_ENFORCE, self->child.pid));
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	EXPECT_NE(0, child_end(&self->child));
}

TEST_F(begin, never_for_another_process)
{
	struct child other;

	ASSERT_EQ(0, child_start(&self->cg, &other, NOT_AT_ALL, NULL));
	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_ENFORCE, other.pid));
	EXPECT_NE(0, child_end(&self->child)) TH_LOG("its call was refused");
	EXPECT_EQ(0, child_end(&other));
	ASSERT_EQ(0, get_policy(self->cg.id, &self->policy));
	EXPECT_TRUE(self->policy.awaits);
	EXPECT_EQ(0, self->policy.from_exec);
}

TEST_F(begin, the_module_stays_until_then)
{
	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_ENFORCE, self->child.pid));
	EXPECT_NE(0, sh("rmmod scmod 2>/dev/null"));
	EXPECT_EQ(-EBUSY, scmod_forget(self->cg.id));
	EXPECT_EQ(0, child_end(&self->child));
}

TEST_F(begin, what_waits_can_be_forgotten)
{
	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_LEARN, self->child.pid));
	ASSERT_EQ(0, scmod_forget(self->cg.id));
	EXPECT_NE(0, child_end(&self->child));
}

TEST_F(begin, a_policy_that_enforces_does_not_wait)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_ENFORCE));
	EXPECT_EQ(-EINVAL, set_from_exec(&self->cg, SCMOD_MODE_ENFORCE, self->child.pid));
	EXPECT_EQ(-EINVAL, set_from_exec(&self->cg, SCMOD_MODE_LEARN, self->child.pid));
	ASSERT_EQ(0, get_policy(self->cg.id, &self->policy));
	EXPECT_EQ(SCMOD_MODE_ENFORCE, self->policy.mode);
	EXPECT_FALSE(self->policy.awaits);
	ASSERT_EQ(0, set_mode(&self->cg, SCMOD_MODE_OFF));
	change.fd = self->cg.fd;
	change.mode = SCMOD_MODE_ENFORCE;
	change.from_exec = self->child.pid;
	change.confirm_ms = 60000;
	EXPECT_EQ(-EINVAL, scmod_set(&change, NULL));
	EXPECT_NE(0, child_end(&self->child));
}

/* The first is the one whose execution the policy waited for. */
TEST_F(begin, the_program_is_recorded)
{
	const struct executed_list *executed;
	struct policy_list list;

	ASSERT_EQ(0, set_from_exec(&self->cg, SCMOD_MODE_LEARN, self->child.pid));
	EXPECT_NE(0, child_end(&self->child));
	ASSERT_EQ(0, scmod_list(self->cg.id, true, &list));
	executed = &list.policy[0].executed;
	ASSERT_EQ(1, executed->count);
	ASSERT_NE(NULL, executed->program[0].path);
	EXPECT_NE(NULL, strstr(executed->program[0].path, "/caller64"));
	EXPECT_EQ(1, executed->program[0].count);
	policy_list_release(&list);
}

TEST_F(begin, wrong_requests)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	EXPECT_EQ(-EINVAL, set_from_exec(&self->cg, SCMOD_MODE_OFF, self->child.pid));
	EXPECT_EQ(-ESRCH, set_from_exec(&self->cg, SCMOD_MODE_LEARN, 0x3ffffff));
	EXPECT_EQ(-ENOENT, get_policy(self->cg.id, &self->policy));
	change.name = "/await-*";
	change.mode = SCMOD_MODE_LEARN;
	change.from_exec = self->child.pid;
	EXPECT_EQ(-EINVAL, scmod_set(&change, NULL));
	change.name = NULL;
	change.fd = self->cg.fd;
	change.follow = true;
	EXPECT_EQ(-EINVAL, scmod_set(&change, NULL));
	EXPECT_NE(0, child_end(&self->child));
}

TEST_HARNESS_MAIN
