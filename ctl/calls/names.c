// SPDX-License-Identifier: GPL-2.0
/* Sorted lists of call names. */
#include <stdlib.h>
#include <string.h>

#include "calls/names.h"
#include "calls/sysname.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void names_sort(struct names *names)
{
	size_t kept = 0;

	qsort(names->name, names->count, sizeof(names->name[0]), by_name);
	for (size_t i = 0; i < names->count; i++)
		if (!kept || strcmp(names->name[kept - 1], names->name[i]))
			names->name[kept++] = names->name[i];
	names->count = kept;
}

void names_add(struct names *names, unsigned int abi, const struct bitmap *set)
{
	unsigned int nr;

	bitmap_for_each(nr, set) {
		const char *name = sysname(abi, nr);

		if (name)
			names->name[names->count++] = name;
	}
}

struct names names_of(unsigned int abi, const struct bitmap *set)
{
	struct names names = { .count = 0 };

	names_add(&names, abi, set);
	names_sort(&names);
	return names;
}

static bool has_name(const struct names *names, const char *name)
{
	return bsearch(&name, names->name, names->count, sizeof(names->name[0]), by_name);
}

void names_subtract(struct names *names, const struct names *less)
{
	size_t kept = 0;

	for (size_t i = 0; i < names->count; i++)
		if (!has_name(less, names->name[i]))
			names->name[kept++] = names->name[i];
	names->count = kept;
}
