// SPDX-License-Identifier: GPL-2.0
/* Finds ways that a policy leaves around what it refuses. */
#include <stdlib.h>

#include "calls/asynchronous.h"
#include "calls/sysname.h"
#include "kernel/around.h"

/* A policy in one ABI. */
struct side {
	const struct abi_sets *sets;
	unsigned int abi;
};

static bool side_allows(const char *call, void *data)
{
	const struct side *side = data;
	int nr = sysname_number(side->abi, call);

	return nr >= 0 && bitmap_has(&side->sets->allowed, nr);
}

static bool side_refuses(const char *call, void *data)
{
	const struct side *side = data;
	int nr = sysname_number(side->abi, call);

	return nr >= 0 && !bitmap_has(&side->sets->allowed, nr) &&
	       !bitmap_has(&side->sets->soft, nr);
}

static void warn_in(const struct policy *policy, unsigned int abi, struct messages *messages)
{
	struct side side = { &policy->abi[abi], abi };
	const struct async_judge judge = { side_allows, side_refuses, &side };
	struct async_way way;

	for (size_t at = 0; async_next(&judge, &at, &way);) {
		messages_add(messages, way.unseen ? MESSAGE_WARNING : MESSAGE_NOTE, NULL, NULL,
			     "%s:%s is allowed, and can do what these calls do, which are not allowed: %s",
			     abi_name(abi), way.by, way.makes);
		free(way.makes);
	}
}

void around_warn(const struct policy *policy, struct messages *messages)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		warn_in(policy, abi, messages);
}
