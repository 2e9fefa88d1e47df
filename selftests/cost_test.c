// SPDX-License-Identifier: GPL-2.0
/*
 * Pay only inside: what getppid() costs an untracked task, in instructions.
 *
 * vm: --icount --no-module
 *
 * Under --icount the guest's clock counts instructions, so that the same loop
 * takes the same time on every run; the module is loaded half way through.
 */
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib.h"

static void getppid_once(void)
{
	raw_syscall(SYS_getppid, 0);
}

static long cost(void)
{
	return cost_of(getppid_once);
}

static void show(const char *what, long hundredths)
{
	printf("# %-48s %s\n", what, cost_text(hundredths));
	fflush(stdout);
}

FIXTURE(cost)
{
	struct cg enforced, learned;
};

FIXTURE_SETUP(cost)
{
	ASSERT_EQ(0, cg_make(&self->enforced, NULL, "cost-enforced"));
	ASSERT_EQ(0, cg_make(&self->learned, NULL, "cost-learned"));
}

FIXTURE_TEARDOWN(cost)
{
	EXPECT_EQ(0, cg_remove(&self->enforced));
	EXPECT_EQ(0, cg_remove(&self->learned));
}

TEST_F_TIMEOUT(cost, untracked_task_pays_nothing, 300)
{
	struct abi_sets abi[NR_ABIS] = { 0 };
	long without, loaded, tracked, inside;

	bitmap_add(&abi[0].allowed, SYS_getpid);
	without = cost();
	ASSERT_EQ(0, sh(INSMOD));
	loaded = cost();
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, set_enforce(&self->enforced, abi, SCMOD_ACTION_ERRNO, 0));
	ASSERT_EQ(0, set_mode(&self->learned, SCMOD_MODE_LEARN));
	tracked = cost();
	ASSERT_EQ(0, cg_move(&self->learned, getpid()));
	inside = cost();
	ASSERT_EQ(0, sh("echo %d >/sys/fs/cgroup/cgroup.procs", getpid()));
	show("instructions per getppid(), no module", without);
	show("module loaded, nothing tracked", loaded);
	show("another cgroup enforced, another learned", tracked);
	show("in the learned cgroup", inside);
	show("moved out again", cost());
	EXPECT_LE(labs(loaded - without), 100);
	EXPECT_LE(labs(tracked - without), 100);
	EXPECT_LE(labs(cost() - without), 100);
	/* Were it not dearer, nothing would have been measured. */
	EXPECT_GT(inside, without + 100);
	EXPECT_EQ(0, drop_policy(self->enforced.id));
	EXPECT_EQ(0, drop_policy(self->learned.id));
	EXPECT_EQ(0, sh("rmmod scmod"));
	show("module unloaded", cost());
	EXPECT_LE(labs(cost() - without), 100);
}

TEST_HARNESS_MAIN
