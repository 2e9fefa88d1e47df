// SPDX-License-Identifier: GPL-2.0
/*
 * Unites two profiles, call by call and per ABI: the union allows what either of them allows.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/errname.h"
#include "base/memory.h"
#include "calls/sysname.h"
#include "profile/union.h"

/* The profile neither names the call nor has a default action (a list, for example). */
#define NO_ANSWER (-2)

/* The answer to a call as from profile_answer(), or NO_ANSWER. */
static int answer_of(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	if (profile_at(profile, abi, nr)->state == PROFILE_SILENT && profile->action < 0 &&
	    profile->err < 0)
		return NO_ANSWER;
	return profile_answer(profile, abi, nr);
}

/*
 * Ranks answers by how much they leave to a program: the larger rank wins. All errnos rank
 * alike.
 */
static int mildness(int answer)
{
	switch (answer) {
	case 0:
		return 4;
	case ENOSYS:
		return 3;
	case PROFILE_KILLS:
		return 1;
	case NO_ANSWER:
		return 0;
	default:
		return 2;
	}
}

static void note_loss(const struct profile_call *loser, int winner, unsigned int abi,
		      unsigned int nr, struct messages *messages)
{
	char text[SYSNAME_TEXT_MAX];

	if (loser->state == PROFILE_REFUSE || (loser->state == PROFILE_SOFT && winner))
		messages_add(messages, MESSAGE_NOTE, NULL, NULL,
			     "%s:%s is refused by one profile and %s by another; the milder answer is used",
			     abi_name(abi), sysname_text(abi, nr, text),
			     winner ? "refused in another way" : "allowed");
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

/* Makes @answer explicit. It came from a profile whose default differs from that of @to. */
static void set_answer(struct profile *to, unsigned int abi, unsigned int nr, int answer)
{
	if (!answer)
		profile_set(to, abi, nr, PROFILE_ALLOW, 0);
	else if (answer == ENOSYS)
		profile_set(to, abi, nr, PROFILE_SOFT, 0);
	else
		profile_set(to, abi, nr, PROFILE_REFUSE, answer);
}

/*
 * @mine: the answer of @to to the call before unite_refusal() may have changed its defaults.
 * @named: at least one of the united profiles names the call.
 */
static void unite_call(struct profile *to, const struct profile *from, unsigned int abi,
		       unsigned int nr, int mine, bool named, const unsigned int *origins,
		       struct messages *messages)
{
	struct profile_call *call = &to->abi[abi][nr];
	const struct profile_call *other = profile_at(from, abi, nr);
	bool silent = call->state == PROFILE_SILENT && other->state == PROFILE_SILENT;
	int theirs = answer_of(from, abi, nr);
	bool same = theirs == mine;
	/* If both answer alike, naming the call counts more than the default action. */
	bool wins = mildness(theirs) > mildness(mine) ||
		    (same && !silent && call->state == PROFILE_SILENT);
	int answer = wins ? theirs : mine;

	if (!same && wins)
		note_loss(call, theirs, abi, nr, messages);
	else if (!same)
		note_loss(other, mine, abi, nr, messages);
	if (wins && !silent) {
		profile_drop(to, abi, nr);
		profile_set(to, abi, nr, other->state, other->err);
	}
	if (wins || silent || (same && call->state == other->state))
		add_call(to, from, abi, nr, origins);
	/* If no profile names the call, it gets the default of the first profile. */
	if (!named || answer == NO_ANSWER || profile_answer(to, abi, nr) == answer)
		return;
	set_answer(to, abi, nr, answer);
	if (!call->nr_reasons)
		profile_add_reason(to, abi, nr, &(struct reason){
			.kind = REASON_FILE,
			.origin = wins && from->nr_origins ? origins[0] : 0,
			.text = (char *)"refused by default: the profile does not name the call",
		});
}

static bool says_nothing(const struct value_set *set)
{
	return !set->listed && !set->nr_reasons;
}

/*
 * The values of a call that only one of the profiles allows are those that this one says. Must be
 * called before the calls are united.
 */
static void unite_values(struct profile *to, const struct profile *from, unsigned int selector,
			 const unsigned int *origins)
{
	const unsigned int *moved = from->nr_origins ? origins : NULL;
	bool mine = profile_selects(to, selector), theirs = profile_selects(from, selector);

	if (mine && !theirs)
		return;
	if (mine == theirs && (mine || !says_nothing(&to->values[selector])))
		values_unite(&to->values[selector], &from->values[selector], moved);
	else
		values_copy(&to->values[selector], &from->values[selector], moved);
}

/* The profile's default action, or -1 if it has none. */
static int action_of(const struct profile *profile)
{
	return profile->action < 0 && profile->err >= 0 ? SCMOD_ACTION_ERRNO : profile->action;
}

static void unite_refusal(struct profile *to, const struct profile *from,
			  struct messages *messages)
{
	int mine = action_of(to), theirs = action_of(from);
	int err = profile_errno(to), other = profile_errno(from);

	if (to->action < 0)
		to->action = from->action;
	/*
	 * Leave @err unset if it only follows from the action, so that the union is written
	 * the same way.
	 */
	if (err < 0)
		to->err = from->err;
	if (mine >= 0 && theirs >= 0 && mine != theirs) {
		to->action = SCMOD_ACTION_ERRNO;
		messages_add(messages, MESSAGE_NOTE, NULL, NULL,
			     "the profiles differ in their default action: not all of them end the process; a call that is not allowed returns an errno");
	}
	if (err >= 0 && other >= 0 && err != other && to->action != SCMOD_ACTION_KILL)
		messages_add(messages, MESSAGE_NOTE, NULL, NULL,
			     "its default errno is %s, but an earlier profile has another one, which is used",
			     errname(other));
}

void union_note_names(bool (*named)[SCMOD_NR_BITS], const struct profile *from)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			if (profile_at(from, abi, nr)->state != PROFILE_SILENT)
				named[abi][nr] = true;
}

void union_add(struct profile *to, const struct profile *from,
	       const bool (*named)[SCMOD_NR_BITS], struct messages *messages)
{
	unsigned int *origins = mem_alloc((from->nr_origins + 1) * sizeof(*origins));
	int (*mine)[SCMOD_NR_BITS] = mem_alloc(NR_ABIS * sizeof(*mine));

	for (size_t i = 0; i < from->nr_origins; i++)
		origins[i] = profile_add_origin(to, &from->origin[i]);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			mine[abi][nr] = answer_of(to, abi, nr);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		unite_values(to, from, selector, origins);
	unite_refusal(to, from, messages);
	executed_unite(&to->executed, &from->executed);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		to->covers[abi] |= from->covers[abi];
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			unite_call(to, from, abi, nr, mine[abi][nr], named[abi][nr], origins,
				   messages);
	}
	free(mine);
	free(origins);
}
