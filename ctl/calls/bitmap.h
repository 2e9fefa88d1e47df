/* SPDX-License-Identifier: GPL-2.0 */
/* Sets of system call numbers, in the layout that is used over netlink. */
#ifndef CTL_BITMAP_H
#define CTL_BITMAP_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/scmod.h>

struct bitmap {
	uint64_t word[SCMOD_NR_BITS / 64];
};

_Static_assert(sizeof(struct bitmap) == SCMOD_BITMAP_BYTES,
	       "a bitmap is sent as it lies in memory");

static inline bool bitmap_has(const struct bitmap *set, unsigned int nr)
{
	return nr < SCMOD_NR_BITS && set->word[nr / 64] >> nr % 64 & 1;
}

static inline void bitmap_add(struct bitmap *set, unsigned int nr)
{
	if (nr < SCMOD_NR_BITS)
		set->word[nr / 64] |= UINT64_C(1) << nr % 64;
}

static inline void bitmap_drop(struct bitmap *set, unsigned int nr)
{
	if (nr < SCMOD_NR_BITS)
		set->word[nr / 64] &= ~(UINT64_C(1) << nr % 64);
}

static inline unsigned int bitmap_count(const struct bitmap *set)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < SCMOD_NR_BITS / 64; i++)
		count += __builtin_popcountll(set->word[i]);
	return count;
}

static inline void bitmap_unite(struct bitmap *set, const struct bitmap *more)
{
	for (unsigned int i = 0; i < SCMOD_NR_BITS / 64; i++)
		set->word[i] |= more->word[i];
}

static inline void bitmap_subtract(struct bitmap *set, const struct bitmap *less)
{
	for (unsigned int i = 0; i < SCMOD_NR_BITS / 64; i++)
		set->word[i] &= ~less->word[i];
}

static inline void bitmap_intersect(struct bitmap *set, const struct bitmap *with)
{
	for (unsigned int i = 0; i < SCMOD_NR_BITS / 64; i++)
		set->word[i] &= with->word[i];
}

/* The first number in @set from @nr on; SCMOD_NR_BITS if there is none. */
static inline unsigned int bitmap_next(const struct bitmap *set, unsigned int nr)
{
	while (nr < SCMOD_NR_BITS && !bitmap_has(set, nr))
		nr++;
	return nr;
}

#define bitmap_for_each(nr, set)					\
	for ((nr) = bitmap_next((set), 0); (nr) < SCMOD_NR_BITS;	\
	     (nr) = bitmap_next((set), (nr) + 1))

#endif /* CTL_BITMAP_H */
