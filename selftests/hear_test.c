// SPDX-License-Identifier: GPL-2.0
/*
 * Who hears events: those who asked and were checked, for as long as they keep
 * what they were checked for, and nobody else, at any time of the module's life.
 * SCMOD_ROUNDS says how many times the module is loaded while threads of nobody's
 * lie in wait for its numbers.
 *
 * vm: --no-module
 * cpus: parallel
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

#define ROUNDS		8
#define THREADS		24

static struct msg m;

/* In memory that the test shares with nobody's process. */
struct storm {
	bool over;
	uint16_t family;
	uint32_t group;
	unsigned int joined;
	unsigned int heard;
	unsigned int answered;
};

FIXTURE(hear)
{
	struct storm *storm;
	struct cg cg;
	unsigned int rounds;
	struct answer answer;
};

FIXTURE_SETUP(hear)
{
	const char *rounds = getenv("SCMOD_ROUNDS");

	self->rounds = rounds ? atoi(rounds) : ROUNDS;
	self->storm = shared_new(sizeof(*self->storm));
	ASSERT_NE(NULL, self->storm);
	ASSERT_EQ(0, cg_make(&self->cg, NULL, "hear-test"));
}

FIXTURE_TEARDOWN(hear)
{
	EXPECT_EQ(0, cg_remove(&self->cg));
	sh("rmmod scmod 2>/dev/null");
}

/* ---- the numbers of generic netlink */

static void groups_of(const void *data, size_t len, bool *taken)
{
	const struct nlattr *groups = attr_find(data, len, CTRL_ATTR_MCAST_GROUPS);
	const unsigned char *at = groups ? attr_data(groups) : NULL;
	const unsigned char *end = groups ? at + attr_len(groups) : NULL;

	while (at < end) {
		const struct nlattr *one = (const struct nlattr *)at;
		uint32_t group = attr_u32(attr_find(attr_data(one), attr_len(one),
						    CTRL_ATTR_MCAST_GRP_ID));

		if (group < 256)
			taken[group] = true;
		at += NLA_ALIGN(one->nla_len);
	}
}

/*
 * The number that the next family's multicast group gets: the first that no family
 * has, but for those that are set aside (mc_group_start in net/netlink/genetlink.c).
 */
static uint32_t next_group(void)
{
	bool taken[256] = { [0] = true, [1] = true, [16] = true, [17] = true, [18] = true };
	struct answer a = { 0 };
	uint32_t group = 0;
	struct genl nl;

	if (genl_socket(&nl))
		return 0;
	for (uint16_t family = GENL_MIN_ID; family < GENL_MIN_ID + 128; family++) {
		msg_begin(&m, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY);
		msg_put(&m, CTRL_ATTR_FAMILY_ID, &family, sizeof(family));
		genl_ask(&nl, &m, &a);
		if (!a.err && a.len > GENL_HDRLEN)
			groups_of(a.data + GENL_HDRLEN, a.len - GENL_HDRLEN, taken);
		a.len = 0;
	}
	genl_close(&nl);
	answer_free(&a);
	while (taken[group])
		group++;
	return group;
}

/* ---- who lies in wait */

static void count_heard(int fd, struct storm *storm)
{
	unsigned char data[RECV_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)data;

	while (recv(fd, data, sizeof(data), MSG_DONTWAIT) > 0) {
		if (nlh->nlmsg_type == storm->family)
			__atomic_fetch_add(&storm->heard, 1, __ATOMIC_RELAXED);
		else if (nlh->nlmsg_type == NLMSG_ERROR)
			__atomic_fetch_add(&storm->answered, 1, __ATOMIC_RELAXED);
	}
}

static int member(const struct genl *nl, uint32_t group, int how)
{
	return setsockopt(nl->fd, SOL_NETLINK, how, &group, sizeof(group));
}

/*
 * Joins and leaves for as long as the number is free. Once a family has it, joining
 * is refused: who is in by then stays in, and listens.
 */
static void *lie_in_wait(void *arg)
{
	struct storm *storm = arg;
	struct genl nl;

	if (genl_socket(&nl))
		return NULL;
	while (!__atomic_load_n(&storm->over, __ATOMIC_RELAXED)) {
		for (int i = 0; i < 100; i++) {
			if (member(&nl, storm->group, NETLINK_ADD_MEMBERSHIP))
				continue;
			__atomic_fetch_add(&storm->joined, 1, __ATOMIC_RELAXED);
			if (!member(&nl, storm->group, NETLINK_ADD_MEMBERSHIP))
				member(&nl, storm->group, NETLINK_DROP_MEMBERSHIP);
		}
		count_heard(nl.fd, storm);
	}
	count_heard(nl.fd, storm);
	return NULL;
}

static pid_t storm_start(struct storm *storm)
{
	pthread_t thread[THREADS];
	pid_t pid = fork();

	if (pid)
		return pid;
	if (become_nobody())
		_exit(1);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], NULL, lie_in_wait, storm))
			_exit(2);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	_exit(0);
}

static int family_known(struct storm *storm)
{
	struct genl nl;
	int err = genl_socket(&nl);

	if (!err)
		err = genl_resolve(&nl, &m);
	storm->family = nl.family;
	genl_close(&nl);
	return err;
}

/* Enough to hear: what root, who listens, heard of it. */
static int something_happens(struct __test_metadata *_metadata, FIXTURE_DATA(hear) *self)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	struct storm root = { .family = self->storm->family };
	struct genl ear;

	ASSERT_EQ(0, genl_socket(&ear));
	ASSERT_EQ(0, genl_resolve(&ear, &m));
	ASSERT_EQ(0, genl_listen(&ear, &m));
	ASSERT_EQ(0, scmod_connect());
	for (int i = 0; i < 5; i++)
		ASSERT_EQ(0, set_mode(&self->cg, i % 2 ? SCMOD_MODE_COMPLAIN : SCMOD_MODE_LEARN));
	calls_add(calls, SYS_getuid);
	calls_add(calls, SYS_getpid);
	EXPECT_EQ(0, calls_run(&self->cg, calls));
	usleep(100000);
	count_heard(ear.fd, &root);
	genl_close(&ear);
	scmod_close();
	calls_free(calls);
	return root.heard;
}

/*
 * The kernel lets anybody join the numbers of multicast groups that are free, and
 * does not ask again when a family gets one of them.
 */
TEST_F_TIMEOUT(hear, nobody_who_lies_in_wait_hears_anything, 3600)
{
	unsigned int root = 0;
	int status;
	pid_t pid;

	ASSERT_EQ(0, sh(INSMOD));
	ASSERT_EQ(0, family_known(self->storm));
	ASSERT_EQ(0, sh("rmmod scmod"));
	self->storm->group = next_group();
	ASSERT_LT(0, (int)self->storm->group);
	pid = storm_start(self->storm);
	ASSERT_LT(0, pid);
	for (unsigned int i = 0; i < self->rounds; i++) {
		unsigned int before = self->storm->heard;

		ASSERT_EQ(0, sh(INSMOD));
		ASSERT_EQ(0, family_known(self->storm));
		root += something_happens(_metadata, self);
		ASSERT_EQ(0, sh("rmmod scmod"));
		EXPECT_EQ(before, self->storm->heard) {
			TH_LOG("load %u: nobody heard %u messages", i,
			       self->storm->heard - before);
		}
	}
	self->storm->over = true;
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_LE(7 * self->rounds, root);
	EXPECT_LT(0, (int)self->storm->joined);
	EXPECT_EQ(0, self->storm->heard);
	TH_LOG("%u loads: root heard %u; nobody, who joined %u times, %u", self->rounds, root,
	       self->storm->joined, self->storm->heard);
}

TEST_HARNESS_MAIN
