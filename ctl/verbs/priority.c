// SPDX-License-Identifier: GPL-2.0
/* Which refused calls the module is to tell of before others: those that are never inferred. */
#include "base/error.h"
#include "verbs/priority.h"

const struct bitmap *priority_calls(const struct infer *infer, struct bitmap *calls)
{
	const struct families *families = infer->families;
	struct families *own = NULL;

	if (!families && families_read(infer->verb, NULL, &own)) {
		warn("%s: as long as this file has errors, it does not change which refused calls are told of first",
		     infer->verb);
		families_read(infer->verb, "/dev/null", &own);
	}
	if (own)
		families = own;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		calls[abi] = families ? families_never_calls(families, abi) : (struct bitmap){ 0 };
	families_free(own);
	return calls;
}
