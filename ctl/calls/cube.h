/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of 64-bit values as unions of cubes. A cube fixes some bits and leaves the others
 * open, as a masked comparison of a seccomp rule does; so a set of cubes is what seccomp rules
 * can say about an argument.
 */
#ifndef CTL_CUBE_H
#define CTL_CUBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/scmod.h>

/**
 * struct cube - the values in which some bits are fixed
 * @mask: the fixed bits
 * @bits: what they are; no bit outside of @mask is set
 */
struct cube {
	uint64_t mask;
	uint64_t bits;
};

/**
 * struct cubes - the union of cubes, which may overlap
 * @cube: the cubes
 * @count: number of cubes
 */
struct cubes {
	struct cube *cube;
	size_t count;
};

/* A set that is {0} is empty; release with cubes_release(). */
void cubes_release(struct cubes *cubes);
void cubes_add(struct cubes *cubes, uint64_t mask, uint64_t bits);
/* Adds the values v with @first <= (v & @mask) <= @last: at most 126 cubes. */
void cubes_add_range(struct cubes *cubes, uint64_t mask, uint64_t first, uint64_t last);
/* Removes the values of @less. Each cube that overlaps it falls into at most 64. */
void cubes_subtract(struct cubes *cubes, struct cube less);
/* Keeps the values that have no bit outside of @possible, and fixes no other bits. */
void cubes_restrict(struct cubes *cubes, uint64_t possible);
bool cubes_have(const struct cubes *cubes, uint64_t value);
/* Whether there is a value that @cube has, too. */
bool cubes_meet(const struct cubes *cubes, struct cube cube);

/**
 * struct answer_cube - values that get the same answer
 * @cube: the values
 * @err: 0 if they may be used, or an errno
 */
struct answer_cube {
	struct cube cube;
	int err;
};

/**
 * struct answer_cubes - what some rules say about values, in any order: cubes with different
 * answers do not overlap
 * @cube: the cubes
 * @count: number of cubes
 */
struct answer_cubes {
	struct answer_cube *cube;
	size_t count;
};

/*
 * What the rules say, of which the first that is for a value decides. Values have no bits
 * outside of @possible. To be freed: @cube of the result.
 */
struct answer_cubes answer_cubes_of(const struct scmod_value_rule *rule, size_t count,
				    uint64_t possible);

#endif /* CTL_CUBE_H */
