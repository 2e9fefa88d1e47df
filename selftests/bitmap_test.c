// SPDX-License-Identifier: GPL-2.0
/*
 * module/bitmap.h, the pure part of the module, against a model of one bool per
 * call. The tool has a bitmap.h too; nothing of the tool is included here.
 *
 * vm: host
 */
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../module/bitmap.h"
#include "kselftest_harness.h"
#include "random.h"

#define ROUNDS 300

/* A set as the module has it, and the same as the model has it. */
struct pair {
	struct scmod_bitmap map;
	bool model[SCMOD_NR_BITS];
};

static void pair_set(struct pair *pair, unsigned int nr, bool in)
{
	unsigned long bit = 1UL << (nr % 64);

	pair->model[nr] = in;
	if (in)
		pair->map.bits[nr / 64] |= bit;
	else
		pair->map.bits[nr / 64] &= ~bit;
}

/* Empty, full, sparse and dense ones among them. */
static void pair_random(struct pair *pair)
{
	unsigned int density = random_word() % 9;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		pair_set(pair, nr, random_word() % 8 < density);
}

static void pair_fill(struct pair *pair)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		pair_set(pair, nr, true);
}

/* The first number on which the two disagree, or -1. */
static int pair_differs(const struct pair *pair)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		if (!!scmod_bitmap_has(&pair->map, nr) != pair->model[nr])
			return nr;
	return -1;
}

/* Rules with a model of what each ABI allows. */
struct policy {
	struct scmod_rules rules;
	struct pair allowed[SCMOD_ABIS];
	struct pair seen[SCMOD_ABIS];
};

static void policy_random(struct policy *policy, unsigned int mode)
{
	policy->rules.mode = mode;
	policy->rules.action = random_word() % (SCMOD_ACTION_MAX + 1);
	policy->rules.err = 1 + random_word() % SCMOD_ERRNO_MAX;
	for (unsigned int abi = 0; abi < SCMOD_ABIS; abi++) {
		struct pair soft;

		pair_random(&policy->allowed[abi]);
		pair_random(&policy->seen[abi]);
		pair_random(&soft);
		policy->rules.allowed[abi] = policy->allowed[abi].map;
		policy->rules.soft[abi] = soft.map;
	}
}

/* The model of "quiet": whether the hook has nothing to do for a call under this policy. */
static bool model_quiet(const struct policy *policy, unsigned int abi, unsigned int nr)
{
	switch (policy->rules.mode) {
	case SCMOD_MODE_LEARN:
		return policy->seen[abi].model[nr];
	case SCMOD_MODE_COMPLAIN:
	case SCMOD_MODE_COMPLAIN_LEARN:
		return policy->seen[abi].model[nr] && policy->allowed[abi].model[nr];
	case SCMOD_MODE_ENFORCE:
		return policy->allowed[abi].model[nr];
	default:
		return true;
	}
}

static void narrow(struct pair *quiet, const struct policy *policy, unsigned int abi)
{
	scmod_quiet_narrow(&quiet->map, &policy->rules, &policy->seen[abi].map, abi);
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		quiet->model[nr] &= model_quiet(policy, abi, nr);
}

TEST(a_bitmap_is_as_long_as_the_contract_says)
{
	EXPECT_EQ(SCMOD_BITMAP_BYTES, sizeof(struct scmod_bitmap));
	EXPECT_EQ(SCMOD_NR_BITS, SCMOD_BITMAP_WORDS * 64);
	EXPECT_EQ(3, SCMOD_ABIS);
}

TEST(each_number_has_a_bit_of_its_own)
{
	for (unsigned int in = 0; in < SCMOD_NR_BITS; in++) {
		struct pair pair = { 0 };

		pair_set(&pair, in, true);
		ASSERT_EQ(-1, pair_differs(&pair)) {
			TH_LOG("only %u is in", in);
		}
		pair_fill(&pair);
		pair_set(&pair, in, false);
		ASSERT_EQ(-1, pair_differs(&pair)) {
			TH_LOG("only %u is out", in);
		}
	}
}

/* The layout is part of the contract: word n / 64, bit n % 64. */
TEST(bytes_lie_as_they_travel)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		uint64_t words[SCMOD_NR_BITS / 64] = { 0 };
		struct scmod_bitmap map;

		words[nr / 64] = UINT64_C(1) << (nr % 64);
		memcpy(&map, words, sizeof(map));
		ASSERT_EQ(1, scmod_bitmap_has(&map, nr));
	}
}

TEST(random_sets_are_read_as_they_were_made)
{
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct pair pair = { 0 };

		pair_random(&pair);
		ASSERT_EQ(-1, pair_differs(&pair)) {
			TH_LOG("round %u", i);
		}
	}
}

/* The sets on both sides are full, so that a read out of bounds would find a bit. */
TEST(no_number_past_the_end_is_in_a_set)
{
	static const unsigned int odd[] = {
		1000, 4096, INT_MAX, (unsigned int)INT_MIN, UINT_MAX, UINT_MAX - 1,
		0x40000000, 0x40000001, 0x40000000 | (SCMOD_NR_BITS - 1),
	};
	struct scmod_bitmap maps[3];

	memset(maps, 0xff, sizeof(maps));
	EXPECT_EQ(1, scmod_bitmap_has(&maps[1], SCMOD_NR_BITS - 1));
	for (unsigned int nr = SCMOD_NR_BITS; nr < 64 * SCMOD_NR_BITS; nr++)
		ASSERT_EQ(0, scmod_bitmap_has(&maps[1], nr));
	for (unsigned int bit = 10; bit < 32; bit++)
		ASSERT_EQ(0, scmod_bitmap_has(&maps[1], 1U << bit));
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		ASSERT_EQ(0, scmod_bitmap_has(&maps[1], odd[i]));
}

TEST(modes_record_and_judge)
{
	static const struct {
		bool records;
		bool judges;
	} want[] = {
		[SCMOD_MODE_OFF] = { false, false },
		[SCMOD_MODE_LEARN] = { true, false },
		[SCMOD_MODE_COMPLAIN] = { true, true },
		[SCMOD_MODE_ENFORCE] = { false, true },
		[SCMOD_MODE_COMPLAIN_LEARN] = { true, true },
	};

	ASSERT_EQ(SCMOD_MODE_MAX + 1, sizeof(want) / sizeof(want[0]));
	for (unsigned int mode = 0; mode <= SCMOD_MODE_MAX; mode++) {
		EXPECT_EQ(want[mode].records, !!scmod_mode_records(mode)) {
			TH_LOG("mode %u", mode);
		}
		EXPECT_EQ(want[mode].judges, !!scmod_mode_judges(mode)) {
			TH_LOG("mode %u", mode);
		}
	}
	for (unsigned int mode = SCMOD_MODE_MAX + 1; mode < 1000; mode++) {
		ASSERT_FALSE(scmod_mode_records(mode));
		ASSERT_FALSE(scmod_mode_judges(mode));
	}
	EXPECT_FALSE(scmod_mode_records(UINT_MAX));
	EXPECT_FALSE(scmod_mode_judges(UINT_MAX));
}

TEST(only_complain_learns_no_more_than_it_allows)
{
	for (unsigned int mode = 0; mode <= SCMOD_MODE_MAX; mode++) {
		struct scmod_rules rules = { .mode = mode };

		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			memset(rules.allowed, 0, sizeof(rules.allowed));
			EXPECT_EQ(mode != SCMOD_MODE_COMPLAIN, scmod_rules_learn(&rules, 1, nr));
			rules.allowed[1].bits[nr / 64] = 1UL << nr % 64;
			EXPECT_EQ(1, scmod_rules_learn(&rules, 1, nr));
			EXPECT_EQ(mode != SCMOD_MODE_COMPLAIN, scmod_rules_learn(&rules, 2, nr));
		}
	}
}

/* Every mode, ABI, and state of one call: quiet before, seen, allowed. */
TEST(one_call_in_every_state)
{
	for (unsigned int i = 0; i < (SCMOD_MODE_MAX + 1) * SCMOD_ABIS * 8; i++) {
		unsigned int mode = i / 8 / SCMOD_ABIS, abi = i / 8 % SCMOD_ABIS;
		static struct policy policy;

		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			struct pair quiet = { 0 };

			memset(&policy, 0, sizeof(policy));
			policy.rules.mode = mode;
			pair_set(&quiet, nr, i & 1);
			pair_set(&policy.seen[abi], nr, i & 2);
			pair_set(&policy.allowed[abi], nr, i & 4);
			policy.rules.allowed[abi] = policy.allowed[abi].map;
			narrow(&quiet, &policy, abi);
			ASSERT_EQ(-1, pair_differs(&quiet)) {
				TH_LOG("mode %u, ABI %u, state %u, call %u", mode, abi, i & 7, nr);
			}
		}
	}
}

TEST(random_policies_narrow_as_the_model_does)
{
	static struct policy policy;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		for (unsigned int mode = 0; mode <= SCMOD_MODE_MAX; mode++) {
			unsigned int abi = random_word() % SCMOD_ABIS;
			struct pair quiet = { 0 };

			policy_random(&policy, mode);
			pair_random(&quiet);
			narrow(&quiet, &policy, abi);
			ASSERT_EQ(-1, pair_differs(&quiet)) {
				TH_LOG("round %u, mode %u", i, mode);
			}
		}
	}
}

/* A chain of ancestors, from all calls on, in either order. */
TEST(a_chain_narrows_to_what_all_agree_on)
{
	static struct policy chain[8];

	for (unsigned int i = 0; i < ROUNDS; i++) {
		unsigned int depth = random_word() % 8 + 1, abi = random_word() % SCMOD_ABIS;
		struct pair down = { 0 }, up = { 0 };

		pair_fill(&down);
		pair_fill(&up);
		for (unsigned int j = 0; j < depth; j++)
			policy_random(&chain[j], random_word() % (SCMOD_MODE_MAX + 1));
		for (unsigned int j = 0; j < depth; j++) {
			narrow(&down, &chain[j], abi);
			narrow(&up, &chain[depth - 1 - j], abi);
		}
		ASSERT_EQ(-1, pair_differs(&down)) {
			TH_LOG("round %u, %u deep", i, depth);
		}
		ASSERT_EQ(0, memcmp(&down.map, &up.map, sizeof(up.map)));
	}
}

/* Only @quiet is written; an unknown mode, like mode off, does not narrow it. */
TEST(narrowing_writes_nothing_else)
{
	static struct policy policy, before;

	for (unsigned int mode = 0; mode <= SCMOD_MODE_MAX + 1; mode++) {
		struct scmod_bitmap maps[3];

		memset(maps, 0xff, sizeof(maps));
		policy_random(&policy, mode);
		before = policy;
		scmod_quiet_narrow(&maps[1], &policy.rules, &policy.seen[0].map, 0);
		EXPECT_EQ(0, memcmp(&before, &policy, sizeof(policy)));
		EXPECT_EQ(0, memcmp(&maps[0], &maps[2], sizeof(maps[0])));
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			ASSERT_EQ(1, scmod_bitmap_has(&maps[0], nr));
		if (mode == SCMOD_MODE_OFF || mode > SCMOD_MODE_MAX)
			EXPECT_EQ(0, memcmp(&maps[0], &maps[1], sizeof(maps[0])));
	}
}

TEST_HARNESS_MAIN
