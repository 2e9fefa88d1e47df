// SPDX-License-Identifier: GPL-2.0
/* Sets of 64-bit values as unions of cubes, which fix some bits and leave the others open. */
#include <stdlib.h>

#include "base/memory.h"
#include "calls/cube.h"

void cubes_release(struct cubes *cubes)
{
	free(cubes->cube);
	*cubes = (struct cubes){ 0 };
}

void cubes_add(struct cubes *cubes, uint64_t mask, uint64_t bits)
{
	cubes->cube = mem_grow(cubes->cube, cubes->count + 1, sizeof(*cubes->cube));
	cubes->cube[cubes->count++] = (struct cube){ mask, bits & mask };
}

/* Moves the bits of @value that are in @mask together, the lowest to bit 0. */
static uint64_t gather(uint64_t value, uint64_t mask)
{
	uint64_t bits = 0;

	for (unsigned int bit = 0, to = 0; bit < 64; bit++)
		if (mask >> bit & 1)
			bits |= (value >> bit & 1) << to++;
	return bits;
}

/* The reverse of gather(). */
static uint64_t scatter(uint64_t bits, uint64_t mask)
{
	uint64_t value = 0;

	for (unsigned int bit = 0, from = 0; bit < 64; bit++)
		if (mask >> bit & 1)
			value |= (bits >> from++ & 1) << bit;
	return value;
}

/* The bits below the highest bit of @value, and that bit; 0 for 0. */
static uint64_t up_to_highest(uint64_t value)
{
	return value ? ~0ULL >> __builtin_clzll(value) : 0;
}

/*
 * Rounds @first up to a number that has only bits of @mask; returns whether there is one.
 */
static bool round_up(uint64_t *first, uint64_t mask)
{
	uint64_t below = up_to_highest(*first & ~mask);

	if (!below)
		return true;
	*first = ((*first | below | ~mask) + 1) & mask;
	return *first;
}

/* Rounds @last down to a number that has only bits of @mask. */
static uint64_t round_down(uint64_t last, uint64_t mask)
{
	return (last | up_to_highest(last & ~mask)) & mask;
}

/*
 * Takes the largest block of numbers that begins at @first, is aligned to its size, and
 * ends at @last or before. Returns its size minus 1.
 */
static uint64_t block_at(uint64_t first, uint64_t last)
{
	uint64_t rest = first ? (first & -first) - 1 : ~0ULL;

	while (rest > last - first)
		rest >>= 1;
	return rest;
}

void cubes_add_range(struct cubes *cubes, uint64_t mask, uint64_t first, uint64_t last)
{
	uint64_t from, to, block;

	if (first > last || !round_up(&first, mask))
		return;
	last = round_down(last, mask);
	from = gather(first, mask);
	to = gather(last, mask);
	while (from <= to) {
		block = block_at(from, to);
		cubes_add(cubes, mask & ~scatter(block, mask), scatter(from, mask));
		from += block;
		if (from == ~0ULL)
			break;
		from++;
	}
}

static bool overlap(struct cube a, struct cube b)
{
	return !((a.bits ^ b.bits) & a.mask & b.mask);
}

/*
 * Adds what @cube has without @less, which overlaps it: one cube for each bit that @less
 * fixes and @cube leaves open, in which this bit is the other one, and the bits before it
 * are those of @less. These cubes do not overlap each other.
 */
static void add_difference(struct cubes *cubes, struct cube cube, struct cube less)
{
	for (unsigned int at = 64; at-- > 0; ) {
		uint64_t bit = 1ULL << at;

		if (!(less.mask & ~cube.mask & bit))
			continue;
		cubes_add(cubes, cube.mask | bit, cube.bits | (~less.bits & bit));
		cube.mask |= bit;
		cube.bits |= less.bits & bit;
	}
}

void cubes_subtract(struct cubes *cubes, struct cube less)
{
	struct cubes rest = { 0 };

	for (size_t i = 0; i < cubes->count; i++) {
		struct cube cube = cubes->cube[i];

		if (overlap(cube, less))
			add_difference(&rest, cube, less);
		else
			cubes_add(&rest, cube.mask, cube.bits);
	}
	cubes_release(cubes);
	*cubes = rest;
}

void cubes_restrict(struct cubes *cubes, uint64_t possible)
{
	size_t count = 0;

	for (size_t i = 0; i < cubes->count; i++) {
		struct cube cube = cubes->cube[i];

		if (!(cube.bits & ~possible))
			cubes->cube[count++] = (struct cube){ cube.mask & possible, cube.bits };
	}
	cubes->count = count;
}

bool cubes_have(const struct cubes *cubes, uint64_t value)
{
	for (size_t i = 0; i < cubes->count; i++)
		if ((value & cubes->cube[i].mask) == cubes->cube[i].bits)
			return true;
	return false;
}

bool cubes_meet(const struct cubes *cubes, struct cube cube)
{
	for (size_t i = 0; i < cubes->count; i++)
		if (overlap(cubes->cube[i], cube))
			return true;
	return false;
}

static struct cubes cubes_of(const struct scmod_value_rule *rule, uint64_t possible)
{
	struct cubes cubes = { 0 };

	cubes_add_range(&cubes, rule->mask, rule->first, rule->last);
	cubes_restrict(&cubes, possible);
	return cubes;
}

static bool has_answer(const struct answer_cubes *answers, struct cube cube, int err)
{
	for (size_t i = 0; i < answers->count; i++)
		if (answers->cube[i].cube.mask == cube.mask &&
		    answers->cube[i].cube.bits == cube.bits && answers->cube[i].err == err)
			return true;
	return false;
}

static void add_answer(struct answer_cubes *answers, const struct cubes *cubes, int err)
{
	for (size_t i = 0; i < cubes->count; i++) {
		if (has_answer(answers, cubes->cube[i], err))
			continue;
		answers->cube = mem_grow(answers->cube, answers->count + 1,
					 sizeof(*answers->cube));
		answers->cube[answers->count++] = (struct answer_cube){ cubes->cube[i], err };
	}
}

struct answer_cubes answer_cubes_of(const struct scmod_value_rule *rule, size_t count,
				    uint64_t possible)
{
	struct answer_cubes answers = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct cubes cubes = cubes_of(&rule[i], possible);

		for (size_t j = 0; j < i; j++) {
			struct cubes before = { 0 };

			if (rule[j].err == rule[i].err)
				continue;
			before = cubes_of(&rule[j], possible);
			for (size_t k = 0; k < before.count; k++)
				cubes_subtract(&cubes, before.cube[k]);
			cubes_release(&before);
		}
		add_answer(&answers, &cubes, rule[i].err);
		cubes_release(&cubes);
	}
	return answers;
}
