/* SPDX-License-Identifier: GPL-2.0 */
/* Sorted lists of call names, for formats that know names and not numbers. */
#ifndef CTL_NAMES_H
#define CTL_NAMES_H

#include "calls/sets.h"

/* Sorted, each once. The names belong to sysname.c. */
struct names {
	const char *name[NR_ABIS * SCMOD_NR_BITS];
	size_t count;
};

/* Numbers without a name are left out; names_sort() comes behind the last of these. */
void names_add(struct names *names, unsigned int abi, const struct bitmap *set);
void names_sort(struct names *names);
struct names names_of(unsigned int abi, const struct bitmap *set);
/* Drop those that are in @less. */
void names_subtract(struct names *names, const struct names *less);

#endif /* CTL_NAMES_H */
