// SPDX-License-Identifier: GPL-2.0
/*
 * Values of arguments as rules, as cubes and as comparisons of seccomp filters: each of these
 * has the values that the others have, by trying many.
 *
 * vm: host
 */
#include <errno.h>

#include "calls/argument.h"
#include "kselftest_harness.h"
#include "random.h"

#define ROUNDS 20000

static unsigned int below(unsigned int count)
{
	return random_word() % count;
}

/* The first rule that is for the value: its errno, or -1 if there is none. */
static int answer_of(const struct scmod_value_rule *rule, size_t count, uint64_t value)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t bits = value & rule[i].mask;

		if (bits >= rule[i].first && bits <= rule[i].last)
			return rule[i].err;
	}
	return -1;
}

TEST(a_range_is_the_cubes_of_its_values)
{
	for (unsigned int round = 0; round < ROUNDS / 10; round++) {
		uint64_t mask = random_word() & 0x3ff, first = random_word() & 0x3ff;
		uint64_t last = random_word() & 0x3ff;
		struct cubes cubes = { 0 };

		cubes_add_range(&cubes, mask, first, last);
		for (uint64_t value = 0; value < 0x400; value++)
			ASSERT_EQ((value & mask) >= first && (value & mask) <= last,
				  cubes_have(&cubes, value));
		cubes_release(&cubes);
	}
}

TEST(the_largest_ranges_have_an_end)
{
	struct cubes cubes = { 0 };

	cubes_add_range(&cubes, ~0ULL, 0, ~0ULL);
	EXPECT_EQ(1, cubes.count);
	cubes_add_range(&cubes, ~0ULL, ~0ULL, ~0ULL);
	EXPECT_EQ(2, cubes.count);
	cubes_add_range(&cubes, 0, 0, 0);
	EXPECT_EQ(3, cubes.count);
	cubes_add_range(&cubes, 1, 2, 3);
	EXPECT_EQ(3, cubes.count);
	cubes_add_range(&cubes, ~0ULL, 1, ~0ULL - 1);
	EXPECT_EQ(3 + 126, cubes.count);
	cubes_release(&cubes);
}

TEST(what_is_subtracted_is_gone)
{
	for (unsigned int round = 0; round < ROUNDS / 10; round++) {
		struct cube less = { random_word() & 0xff, 0 };
		struct cubes cubes = { 0 }, before = { 0 };

		less.bits = random_word() & less.mask;
		for (unsigned int i = 0; i < 3; i++)
			cubes_add(&cubes, random_word() & 0xff, random_word());
		for (size_t i = 0; i < cubes.count; i++)
			cubes_add(&before, cubes.cube[i].mask, cubes.cube[i].bits);
		cubes_subtract(&cubes, less);
		for (uint64_t value = 0; value < 0x100; value++)
			ASSERT_EQ(cubes_have(&before, value) && (value & less.mask) != less.bits,
				  cubes_have(&cubes, value));
		cubes_release(&cubes);
		cubes_release(&before);
	}
}

/* The answer of the cubes, each of which must give the same one. */
static int cubes_answer(const struct answer_cubes *answers, uint64_t value)
{
	int err = -1;

	for (size_t i = 0; i < answers->count; i++) {
		if ((value & answers->cube[i].cube.mask) != answers->cube[i].cube.bits)
			continue;
		if (err >= 0 && err != answers->cube[i].err)
			return -2;
		err = answers->cube[i].err;
	}
	return err;
}

TEST(cubes_answer_as_the_first_rule_does)
{
	for (unsigned int round = 0; round < ROUNDS / 20; round++) {
		struct scmod_value_rule rule[6];
		struct answer_cubes answers;

		for (unsigned int i = 0; i < 6; i++) {
			rule[i] = (struct scmod_value_rule){
				.mask = random_word() & 0x1ff, .first = random_word() & 0x1ff,
				.err = below(3) ? 0 : below(2) ? EPERM : EINVAL };
			rule[i].last = rule[i].first + below(30);
		}
		answers = answer_cubes_of(rule, 6, 0x1f7);
		for (uint64_t value = 0; value < 0x200; value++)
			if (!(value & ~0x1f7ULL))
				ASSERT_EQ(answer_of(rule, 6, value), cubes_answer(&answers, value));
		free(answers.cube);
	}
}

/* ---- selectors */

static bool compare(const struct comparison *comparison, const uint64_t *arg)
{
	uint64_t have = arg[comparison->index], value = comparison->value;

	switch (comparison->op) {
	case SCMP_CMP_NE:
		return have != value;
	case SCMP_CMP_LT:
		return have < value;
	case SCMP_CMP_LE:
		return have <= value;
	case SCMP_CMP_EQ:
		return have == value;
	case SCMP_CMP_GE:
		return have >= value;
	case SCMP_CMP_GT:
		return have > value;
	default:
		return (have & value) == (comparison->second & value);
	}
}

/* The value of arguments that have no bits that the kernel does not read. */
static uint64_t value_of(unsigned int selector, const uint64_t *arg)
{
	size_t count;
	const struct argument *argument = arguments_of(selector, &count);
	uint64_t value = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t part = arg[argument[i].index];

		if (argument[i].shift == 48 && part > 0xffff)
			part = 0xffff;
		value |= (part & argument[i].taken) << argument[i].shift;
	}
	return value;
}

static uint64_t some_number(void)
{
	static const uint64_t numbers[] = {
		0, 1, 2, 3, 7, 8, 9, 16, 37, 38, 39, 40, 41, 0x7fff, 0xfffe, 0xffff, 0x5410,
		0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
	};

	return below(8) ? numbers[below(sizeof(numbers) / sizeof(numbers[0]))] :
	       random_word() >> 32;
}

/* An argument that the component can tell from every other one. */
static uint64_t some_argument(const struct argument *argument)
{
	uint64_t number = some_number();

	if (argument->shift == 48)
		return number > 0xfffe ? 0xfffe : number;
	return argument->taken == 0xf ? number & 0xf : number & argument->taken;
}

static size_t some_comparisons(unsigned int selector, struct comparison *comparison)
{
	size_t count, nr = 0;
	const struct argument *argument = arguments_of(selector, &count);

	for (size_t i = 0; i < count; i++) {
		uint64_t value = some_argument(&argument[i]);
		enum scmp_compare op = SCMP_CMP_NE + below(SCMP_CMP_MASKED_EQ);

		/* Of flags, only masks can be told. */
		if (argument[i].strict)
			op = SCMP_CMP_MASKED_EQ;
		if (op == SCMP_CMP_MASKED_EQ)
			value &= argument[i].taken;
		if (below(3))
			comparison[nr++] = (struct comparison){
				argument[i].index, op, value, some_number() & value };
	}
	return nr;
}

static const unsigned int selectors[] = {
	SCMOD_SELECTOR_SOCKET, SCMOD_SELECTOR_CLONE, SCMOD_SELECTOR_PERSONALITY,
	SCMOD_SELECTOR_SETSOCKOPT, SCMOD_SELECTOR_IOCTL,
};

TEST(rules_have_the_values_of_the_comparisons)
{
	for (unsigned int round = 0; round < ROUNDS; round++) {
		unsigned int selector = selectors[round % 5];
		struct comparison comparison[3];
		size_t count, nr = some_comparisons(selector, comparison);
		const struct argument *argument = arguments_of(selector, &count);
		struct value_rules rules = { 0 };

		ASSERT_TRUE(value_rules_add(&rules, selector, comparison, nr, 0));
		for (unsigned int i = 0; i < 20; i++) {
			uint64_t arg[6] = { 0 };
			bool all = true;

			for (size_t j = 0; j < count; j++)
				arg[argument[j].index] = some_argument(&argument[j]);
			for (size_t j = 0; j < nr; j++)
				all &= compare(&comparison[j], arg);
			ASSERT_EQ(all ? 0 : -1, answer_of(rules.rule, rules.count,
							  value_of(selector, arg)));
		}
		free(rules.rule);
	}
}

static bool tests_pass(const struct argument_tests *tests, const uint64_t *arg)
{
	for (size_t i = 0; i < tests->count; i++)
		if ((arg[tests->test[i].index] & tests->test[i].mask) != tests->test[i].bits)
			return false;
	return true;
}

/* Whether the tests of one of the cubes pass. */
static bool cubes_pass(unsigned int selector, const struct answer_cubes *answers,
		       const uint64_t *arg)
{
	bool pass = false;

	for (size_t i = 0; i < answers->count; i++) {
		size_t count;
		struct argument_tests *tests = argument_tests_of(selector, answers->cube[i].cube,
								 &count);

		for (size_t j = 0; j < count; j++)
			pass |= tests_pass(&tests[j], arg);
		free(tests);
	}
	return pass;
}

/* What the kernel does not read of the arguments makes no difference. */
TEST(tests_have_the_values_of_the_rules)
{
	for (unsigned int round = 0; round < ROUNDS / 10; round++) {
		unsigned int selector = selectors[round % 5];
		struct comparison comparison[3];
		size_t count, nr = some_comparisons(selector, comparison);
		const struct argument *argument = arguments_of(selector, &count);
		struct value_rules rules = { 0 };
		struct answer_cubes answers;

		value_rules_add(&rules, selector, comparison, nr, 0);
		answers = answer_cubes_of(rules.rule, rules.count, argument_bits(selector));
		for (unsigned int i = 0; i < 10; i++) {
			uint64_t arg[6] = { 0 }, value;

			for (size_t j = 0; j < count; j++)
				arg[argument[j].index] = below(4) || argument[j].size == 64 ?
					some_argument(&argument[j]) : random_word() >> 32;
			value = value_of(selector, arg);
			for (size_t j = 0; j < count; j++) {
				if (argument[j].size == 32)
					arg[argument[j].index] |= random_word() << 32;
				if (argument[j].taken == 0xf)
					arg[argument[j].index] |= below(2) ? 02000000 : 04000;
			}
			ASSERT_EQ(answer_of(rules.rule, rules.count, value) == 0,
				  cubes_pass(selector, &answers, arg));
		}
		free(rules.rule);
		free(answers.cube);
	}
}

TEST(an_int_that_was_extended_is_itself)
{
	const struct comparison minus_one = { 0, SCMP_CMP_EQ, ~0ULL, 0 };
	const struct comparison beyond = { 0, SCMP_CMP_EQ, 0x100000008, 0 };
	struct value_rules rules = { 0 };

	value_rules_add(&rules, SCMOD_SELECTOR_PERSONALITY, &minus_one, 1, 0);
	ASSERT_EQ(1, rules.count);
	EXPECT_EQ(0xffffffff, rules.rule[0].first);
	value_rules_add(&rules, SCMOD_SELECTOR_PERSONALITY, &beyond, 1, 0);
	EXPECT_EQ(1, rules.count);
	free(rules.rule);
}

TEST(comparisons_of_what_no_value_has_are_told)
{
	const struct comparison threads = { 0, SCMP_CMP_EQ, 0x3d0f00, 0 };
	const struct comparison fd = { 0, SCMP_CMP_EQ, 1, 0 };
	const struct comparison order = { 0, SCMP_CMP_GT, 0x10000, 0 };
	struct value_rules rules = { 0 };

	EXPECT_FALSE(value_rules_add(&rules, SCMOD_SELECTOR_CLONE, &threads, 1, 0));
	EXPECT_FALSE(value_rules_add(&rules, SCMOD_SELECTOR_IOCTL, &fd, 1, 0));
	EXPECT_FALSE(value_rules_add(&rules, SCMOD_SELECTOR_CLONE, &order, 1, 0));
	ASSERT_EQ(3, rules.count);
	EXPECT_EQ(SCMOD_CLONE_MASK, rules.rule[0].mask);
	EXPECT_EQ(0, rules.rule[0].first);
	EXPECT_EQ(0, rules.rule[1].mask);
	EXPECT_EQ(0, rules.rule[2].mask);
	free(rules.rule);
}

TEST_HARNESS_MAIN
