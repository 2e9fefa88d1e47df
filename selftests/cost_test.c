// SPDX-License-Identifier: GPL-2.0
/*
 * Pay only inside: what getppid() costs an untracked task, in instructions; and what values
 * of arguments cost in a cgroup that has a policy.
 *
 * vm: --icount --no-module
 *
 * Under --icount the guest's clock counts instructions, so that the same loop
 * takes the same time on every run; the module is loaded half way through.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib.h"
#include "value.h"

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

/* Calls that have a selector, each with one value, that fail or return at once. */
static void socket_once(void)
{
	syscall(SYS_socket, AF_INET, SOCK_STREAM | 0x10, 0);
}

static void prctl_once(void)
{
	syscall(SYS_prctl, PR_GET_DUMPABLE, 0, 0, 0, 0);
}

static void ioctl_once(void)
{
	syscall(SYS_ioctl, -1, TCGETS, 0);
}

static void setsockopt_once(void)
{
	syscall(SYS_setsockopt, -1, SOL_SOCKET, SO_REUSEADDR, 0, 0);
}

static const struct {
	const char *name;
	void (*call)(void);
} valued[] = {
	{ "socket", socket_once },
	{ "prctl", prctl_once },
	{ "ioctl", ioctl_once },
	{ "setsockopt", setsockopt_once },
};

#define VALUED (sizeof(valued) / sizeof(valued[0]))

/* The most instructions that a known value may take beyond those of a quiet call. */
#define VALUE_MOST 6000

/* What each of them costs in @cg beyond @without, where @quiet is what getppid() does. */
static void cost_of_values(struct __test_metadata *_metadata, const char *how,
			   const struct cg *cg, const long *without, long quiet)
{
	long inside, more;

	ASSERT_EQ(0, cg_move(cg, getpid()));
	inside = cost() - quiet;
	for (size_t i = 0; i < VALUED; i++) {
		more = cost_of(valued[i].call) - without[i] - inside;
		printf("# %s, %s: %s more than a quiet call\n", how, valued[i].name,
		       cost_text(more));
		EXPECT_LE(more, VALUE_MOST);
	}
	ASSERT_EQ(0, sh("echo %d >/sys/fs/cgroup/cgroup.procs", getpid()));
}

TEST_F_TIMEOUT(cost, values_that_are_known, 300)
{
	const struct scmod_value_rule rule = { 0, 0, 0, 0, 0 };
	struct abi_sets abi[NR_ABIS];
	static struct value_link link;
	long without[VALUED], quiet;
	struct cg leaf;

	memset(abi, 0xff, sizeof(abi));
	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, scmod_connect());
	ASSERT_EQ(0, value_link_open(&link));
	ASSERT_EQ(0, cg_make(&leaf, &self->learned, "leaf"));
	quiet = cost();
	for (size_t i = 0; i < VALUED; i++)
		without[i] = cost_of(valued[i].call);
	ASSERT_EQ(0, set_mode(&self->learned, SCMOD_MODE_LEARN));
	cost_of_values(_metadata, "learned", &self->learned, without, quiet);
	ASSERT_EQ(0, set_mode(&leaf, SCMOD_MODE_LEARN));
	cost_of_values(_metadata, "learned twice", &leaf, without, quiet);
	ASSERT_EQ(0, set_enforce(&leaf, abi, SCMOD_ACTION_ERRNO, 0));
	for (unsigned int i = 0; i < SELECTORS; i++)
		ASSERT_EQ(0, value_set_rules(&link, &leaf, i, &rule, 1));
	cost_of_values(_metadata, "enforced, and learned above", &leaf, without, quiet);
	/* Nobody looks at values where any may be used. */
	ASSERT_EQ(0, set_enforce(&self->enforced, abi, SCMOD_ACTION_ERRNO, 0));
	ASSERT_EQ(0, cg_move(&self->enforced, getpid()));
	for (size_t i = 0; i < VALUED; i++)
		EXPECT_LE(labs(cost_of(valued[i].call) - without[i] - (cost() - quiet)), 100);
	ASSERT_EQ(0, sh("echo %d >/sys/fs/cgroup/cgroup.procs", getpid()));
	EXPECT_EQ(0, drop_policy(leaf.id));
	EXPECT_EQ(0, drop_policy(self->enforced.id));
	EXPECT_EQ(0, drop_policy(self->learned.id));
	EXPECT_EQ(0, cg_remove(&leaf));
	value_link_close(&link);
	EXPECT_EQ(0, sh("rmmod scmod"));
}

TEST_HARNESS_MAIN
