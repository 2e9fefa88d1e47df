// SPDX-License-Identifier: GPL-2.0
/* Tells in one line how many calls the tool added to a profile, and why. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "profile/added.h"

static void count_abi(const struct profile *profile, unsigned int abi, unsigned int *counts)
{
	struct bitmap added = profile_added(profile, abi);
	unsigned int nr;

	bitmap_for_each(nr, &added) {
		const struct profile_call *call = profile_at(profile, abi, nr);

		if (call->nr_reasons)
			counts[call->reason[0].kind]++;
	}
}

char *added_text(const struct profile *profile, const char *name)
{
	unsigned int counts[REASON_MAX + 1] = { 0 }, total = 0;
	char *list = NULL, *text;
	FILE *to;
	size_t len;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (profile->covers[abi])
			count_abi(profile, abi, counts);
	to = open_memstream(&list, &len);
	for (unsigned int kind = 0; to && kind <= REASON_MAX; kind++) {
		if (!counts[kind])
			continue;
		fprintf(to, "%s%u %s", total ? ", " : "", counts[kind],
			reason_kind_name(kind));
		total += counts[kind];
	}
	if (!to || fclose(to) || !total) {
		free(list);
		return NULL;
	}
	text = mem_print("added %u calls that were not seen (%s); 'scmod explain %s' explains each of them",
			 total, list, name);
	free(list);
	return text;
}
