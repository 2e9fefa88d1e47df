// SPDX-License-Identifier: GPL-2.0
/*
 * No more policies are kept than max_policies.
 *
 * vm: --param max_policies=8
 */
#include <stdio.h>

#include "kselftest_harness.h"
#include "genl.h"
#include "lib.h"

#define LIMIT	8

static struct msg m;

FIXTURE(limit)
{
	struct genl nl;
	struct cg cg[LIMIT + 1];
	struct answer before, after, answer;
};

FIXTURE_SETUP(limit)
{
	char name[16];

	ASSERT_EQ(0, genl_socket(&self->nl));
	ASSERT_EQ(0, genl_resolve(&self->nl, &m));
	ASSERT_EQ(0, scmod_connect());
	for (int i = 0; i <= LIMIT; i++) {
		snprintf(name, sizeof(name), "limit-%d", i);
		ASSERT_EQ(0, cg_make(&self->cg[i], NULL, name));
	}
	for (int i = 0; i < LIMIT; i++)
		ASSERT_EQ(0, set_mode(&self->cg[i], SCMOD_MODE_LEARN));
	ASSERT_EQ(0, genl_dump(&self->nl, &m, &self->before));
}

FIXTURE_TEARDOWN(limit)
{
	for (int i = 0; i <= LIMIT; i++) {
		EXPECT_EQ(0, drop_policy(self->cg[i].id));
		EXPECT_EQ(0, cg_remove(&self->cg[i]));
	}
}

static void one_too_many(struct __test_metadata *_metadata, FIXTURE_DATA(limit) *self)
{
	msg_begin(&m, self->nl.family, 0, SCMOD_CMD_SET);
	msg_put_u32(&m, SCMOD_A_POLICY_FD, self->cg[LIMIT].fd);
	msg_put_u32(&m, SCMOD_A_POLICY_MODE, SCMOD_MODE_LEARN);
	genl_ask(&self->nl, &m, &self->answer);
	EXPECT_EQ(-ENOSPC, self->answer.err);
	EXPECT_NE(NULL, strstr(self->answer.text, "max_policies"));
	EXPECT_EQ(0, self->answer.messages);
}

TEST_F(limit, is_where_a_new_policy_is_refused)
{
	struct module_state state;

	for (int i = 0; i < 20; i++)
		one_too_many(_metadata, self);
	ASSERT_EQ(0, genl_dump(&self->nl, &m, &self->after));
	EXPECT_TRUE(answer_equal(&self->before, &self->after));
	ASSERT_EQ(0, scmod_status(&state));
	EXPECT_EQ(LIMIT, state.policies);
	EXPECT_EQ(LIMIT, state.policies_max);
}

TEST_F(limit, lets_what_is_there_be_changed)
{
	for (int i = 0; i < LIMIT; i++)
		EXPECT_EQ(0, set_mode(&self->cg[i], SCMOD_MODE_COMPLAIN));
}

TEST_F(limit, has_room_again_after_forget)
{
	for (int i = 0; i < 3 * LIMIT; i++) {
		ASSERT_EQ(0, drop_policy(self->cg[i % LIMIT].id));
		EXPECT_EQ(0, set_mode(&self->cg[LIMIT], SCMOD_MODE_LEARN));
		EXPECT_EQ(-ENOSPC, set_mode(&self->cg[i % LIMIT], SCMOD_MODE_LEARN));
		ASSERT_EQ(0, drop_policy(self->cg[LIMIT].id));
		EXPECT_EQ(0, set_mode(&self->cg[i % LIMIT], SCMOD_MODE_LEARN));
	}
}

/* A record that outlives its cgroup takes room until it is forgotten. */
TEST_F(limit, counts_the_records_of_removed_cgroups)
{
	struct policy policy;
	bool gone = false;

	ASSERT_EQ(0, cg_remove(&self->cg[0]));
	for (int i = 0; i < 500 && !gone; i++) {
		usleep(10000);
		ASSERT_EQ(0, get_policy(self->cg[0].id, &policy));
		gone = policy_gone(&policy);
		policy_release(&policy);
	}
	EXPECT_TRUE(gone);
	one_too_many(_metadata, self);
	ASSERT_EQ(0, drop_policy(self->cg[0].id));
	EXPECT_EQ(0, set_mode(&self->cg[LIMIT], SCMOD_MODE_LEARN));
}

TEST_HARNESS_MAIN
