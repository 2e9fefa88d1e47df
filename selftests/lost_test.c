// SPDX-License-Identifier: GPL-2.0
/*
 * Nothing lost: processes and threads that fork, execute and end at once make
 * random sets of calls; what was learned must be what was made, each round.
 * SCMOD_ROUNDS says how many rounds.
 *
 * cpus: parallel
 */
#include <stdlib.h>

#include "kselftest_harness.h"
#include "generate.h"
#include "lib.h"

#define ROUNDS		100
#define PROCESSES	8

FIXTURE(lost)
{
	struct work *work;
	unsigned int rounds;
};

FIXTURE_SETUP(lost)
{
	const char *rounds = getenv("SCMOD_ROUNDS");

	self->rounds = rounds ? atoi(rounds) : ROUNDS;
	self->work = generate_new(PROCESSES);
	ASSERT_NE(NULL, self->work);
	ASSERT_EQ(0, scmod_connect());
	srand(1);
}

FIXTURE_TEARDOWN(lost)
{
	generate_free(self->work, PROCESSES);
}

TEST_F_TIMEOUT(lost, what_was_learned_is_what_was_made, 3000)
{
	for (unsigned int round = 0; round < self->rounds; round++) {
		struct bitmap want = { 0 };
		struct policy policy;
		struct cg cg = { .fd = -1 };

		ASSERT_EQ(0, cg_make(&cg, NULL, "lost"));
		ASSERT_EQ(0, set_mode(&cg, SCMOD_MODE_LEARN));
		generate_draw(self->work, PROCESSES, &want);
		ASSERT_EQ(0, generate_run(self->work, PROCESSES, &cg));
		ASSERT_TRUE(generate_ended(&cg));
		/* Half of them are looked at after their cgroup is gone. */
		if (round % 2)
			ASSERT_EQ(0, cg_remove(&cg));
		ASSERT_EQ(0, get_policy(cg.id, &policy));
		ASSERT_STREQ("", set_text(0, &want, &policy.abi[0].seen)) {
			TH_LOG("round %u: made, not learned", round);
		}
		ASSERT_STREQ("", set_text(0, &policy.abi[0].seen, &want)) {
			TH_LOG("round %u: learned, not made", round);
		}
		ASSERT_EQ(bitmap_count(&want), policy.nr_records);
		policy_release(&policy);
		ASSERT_EQ(0, drop_policy(cg.id));
		ASSERT_EQ(0, cg_remove(&cg));
	}
	TH_LOG("learned equals made in %u of %u rounds", self->rounds, self->rounds);
}

TEST_HARNESS_MAIN
