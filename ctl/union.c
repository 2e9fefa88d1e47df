// SPDX-License-Identifier: GPL-2.0
/* Two profiles made one: what either lets pass, call by call and per ABI. */
#include <stdlib.h>

#include "errname.h"
#include "error.h"
#include "memory.h"
#include "sysname.h"
#include "union.h"

/* How much a program is left: a larger one wins. */
static int mildness(const struct profile_call *call)
{
	switch (call->state) {
	case PROFILE_ALLOW:
		return 4;
	case PROFILE_SOFT:
		return 3;
	case PROFILE_REFUSE:
		return call->err == PROFILE_KILLS ? 1 : 2;
	default:
		return 0;
	}
}

static void note_loss(const struct profile_call *loser, const struct profile_call *winner,
		      unsigned int abi, unsigned int nr, const char *verb, const char *name)
{
	const char *call = sysname(abi, nr);

	if (loser->state == PROFILE_REFUSE || (loser->state == PROFILE_SOFT &&
					       winner->state == PROFILE_REFUSE))
		note("%s %s: %s:%s is refused by one and %s by another; the milder holds",
		     verb, name, abi_name(abi), call ? call : "?",
		     winner->state == PROFILE_ALLOW ? "allowed" : "refused otherwise");
}

static void add_call(struct profile *to, const struct profile *from, unsigned int abi,
		     unsigned int nr, const unsigned int *origins)
{
	const struct profile_call *call = profile_at(from, abi, nr);

	for (size_t i = 0; i < call->nr_reasons; i++) {
		struct reason reason = call->reason[i];

		if (from->nr_origins)
			reason.origin = origins[reason.origin];
		profile_add_reason(to, abi, nr, &reason);
	}
}

static void unite_call(struct profile *to, const struct profile *from, unsigned int abi,
		       unsigned int nr, const unsigned int *origins, const char *verb,
		       const char *name)
{
	struct profile_call *mine = &to->abi[abi][nr];
	const struct profile_call *other = profile_at(from, abi, nr);
	bool same = mine->state == other->state && mine->err == other->err;
	bool wins = mildness(other) > mildness(mine);

	/* Two errnos are as mild as one another: the first one's holds. */
	if (!same && wins && mine->state != PROFILE_SILENT)
		note_loss(mine, other, abi, nr, verb, name);
	else if (!same && !wins && other->state != PROFILE_SILENT)
		note_loss(other, mine, abi, nr, verb, name);
	if (!same && wins) {
		profile_drop(to, abi, nr);
		profile_set(to, abi, nr, other->state, other->err);
	}
	if (same || wins)
		add_call(to, from, abi, nr, origins);
}

static void unite_refusal(struct profile *to, const struct profile *from, const char *verb,
			  const char *name)
{
	if (to->action < 0)
		to->action = from->action;
	if (to->err < 0)
		to->err = from->err;
	if (from->action >= 0 && to->action != from->action) {
		to->action = SCMOD_ACTION_ERRNO;
		note("%s %s: not all end the process by default; what is not allowed returns an errno",
		     verb, name);
	}
	if (to->action != SCMOD_ACTION_KILL && from->err >= 0 && to->err != from->err)
		note("%s %s: it refuses with %s by default; the errno of those before it holds",
		     verb, name, errname(from->err));
}

void union_add(struct profile *to, const struct profile *from, const char *verb,
	       const char *name)
{
	unsigned int *origins = mem_alloc((from->nr_origins + 1) * sizeof(*origins));

	for (size_t i = 0; i < from->nr_origins; i++)
		origins[i] = profile_add_origin(to, &from->origin[i]);
	unite_refusal(to, from, verb, name);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		to->covers[abi] |= from->covers[abi];
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			unite_call(to, from, abi, nr, origins, verb, name);
	}
	free(origins);
}
