/* SPDX-License-Identifier: GPL-2.0 */
/* Sorted lists of call names, for formats that know names and not numbers. */
#ifndef CTL_NAMES_H
#define CTL_NAMES_H

#include "calls/sets.h"

/* Sorted, without duplicates. sysname.c owns the names. */
struct names {
	const char *name[NR_ABIS * SCMOD_NR_BITS];
	size_t count;
};

/*
 * Adds the names of the calls in @set; a number without a name is left out. Call names_sort()
 * after the last names_add().
 */
void names_add(struct names *names, unsigned int abi, const struct bitmap *set);
void names_sort(struct names *names);
struct names names_of(unsigned int abi, const struct bitmap *set);
/* Drops the names that are in @less. */
void names_subtract(struct names *names, const struct names *less);

#endif /* CTL_NAMES_H */
