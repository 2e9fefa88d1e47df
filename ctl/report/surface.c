// SPDX-License-Identifier: GPL-2.0
/* The numbers of a report: how much of the kernel programs can still reach under a profile. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/errname.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "calls/sysname.h"
#include "kernel/policy.h"
#include "report/surface.h"

/* An allowed call is shown under its kind of reason. */
static const enum reason_kind kinds[] = {
	[SURFACE_SEEN] = REASON_SEEN,
	[SURFACE_FILE] = REASON_FILE,
	[SURFACE_HAND] = REASON_HAND,
	[SURFACE_LIFELINE] = REASON_LIFELINE,
	[SURFACE_FAMILY] = REASON_FAMILY,
	[SURFACE_IMPORT] = REASON_IMPORT,
	[SURFACE_RUNTIME] = REASON_RUNTIME,
	[SURFACE_BASE] = REASON_BASE,
};

static const char *const refused_names[] = {
	[SURFACE_SOFT] = "soft",
	[SURFACE_DENIED] = "denied",
	[SURFACE_BLOCKED] = "blocked",
	[SURFACE_UNUSED] = "unused",
};

const char *surface_state_name(enum surface_state state)
{
	return surface_remains(state) ? reason_kind_name(kinds[state]) : refused_names[state];
}

/* A reason of any other kind means that only the file allows the call. */
static enum surface_state state_of_kind(enum reason_kind kind)
{
	for (int state = 0; surface_remains(state); state++)
		if (kinds[state] == kind)
			return state;
	return SURFACE_FILE;
}

/* Marks the call as refused, and drops its reasons: they are reasons to allow it. */
static void refuse(struct profile *profile, unsigned int abi, unsigned int nr, bool soft)
{
	if (profile_allows(profile, abi, nr))
		profile_drop(profile, abi, nr);
	if (!soft || profile_at(profile, abi, nr)->state == PROFILE_SOFT)
		return;
	profile_set(profile, abi, nr, PROFILE_SOFT, 0);
	profile_say(profile, abi, nr, REASON_SOFT, "the policy answers this call with ENOSYS");
}

void surface_hold(struct profile *profile, const struct policy *policy)
{
	if (!policy || !policy_enforces(policy))
		return;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			if (!bitmap_has(&policy->abi[abi].allowed, nr))
				refuse(profile, abi, nr,
				       bitmap_has(&policy->abi[abi].soft, nr));
}

/*
 * The reason to show for an allowed call. Facts come before inference, and "the policy allows
 * it" is shown only if there is no other reason.
 */
static const struct reason *main_reason(const struct profile *profile, unsigned int abi,
					unsigned int nr)
{
	const struct profile_call *call = profile_at(profile, abi, nr);
	const struct reason *reason = profile_reason(profile, abi, nr, REASON_SEEN);

	if (!reason)
		reason = profile_reason(profile, abi, nr, REASON_FILE);
	if (!reason && call->nr_reasons)
		reason = &call->reason[call->reason[0].kind == REASON_HAND && call->nr_reasons > 1];
	return reason;
}

/* A number without code in the kernel is no call: trying it fails in any case. */
static bool is_call(const struct surface *surface, unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	return name ? !sysname_hollow(abi, name) : profile_allows(surface->profile, abi, nr);
}

static bool was_denied(const struct surface *surface, unsigned int abi, unsigned int nr)
{
	return surface->policy && bitmap_has(&surface->policy->abi[abi].denied, nr);
}

enum surface_state surface_state(const struct surface *surface, unsigned int abi,
				 unsigned int nr)
{
	const struct reason *reason;

	if (!is_call(surface, abi, nr))
		return SURFACE_UNUSED;
	if (profile_allows(surface->profile, abi, nr)) {
		reason = main_reason(surface->profile, abi, nr);
		return reason ? state_of_kind(reason->kind) : SURFACE_FILE;
	}
	if (was_denied(surface, abi, nr))
		return SURFACE_DENIED;
	if (profile_at(surface->profile, abi, nr)->state == PROFILE_SOFT)
		return SURFACE_SOFT;
	return SURFACE_BLOCKED;
}

/* ---- in words */

static char *why_allowed(const struct reason *reason)
{
	if (!reason)
		return mem_string("");
	if (reason->text)
		return mem_string(reason->text);
	if (!reason->first)
		return mem_string("the record of who made it first was lost");
	return mem_print("first by %s[%" PRIu32 "], %s", *reason->comm ? reason->comm : "?",
			 reason->pid, timestamp_text(reason->first));
}

static char *why_denied(const struct surface *surface, unsigned int abi, unsigned int nr)
{
	const struct scmod_record *record = policy_record(surface->policy, abi, nr,
							  SCMOD_RECORD_DENIED);

	if (!record)
		return mem_string("the record of who tried it was lost");
	return mem_print("%" PRIu32 " times, first by %s[%" PRIu32 "], %s", record->count,
			 record_comm(record), record->pid, timestamp_text(record->time_ns));
}

static char *why_refused(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	const struct profile_call *call = profile_at(profile, abi, nr);
	const struct reason *never = profile_reason(profile, abi, nr, REASON_NEVER);

	if (never && never->text)
		return mem_print("never inferred: %s", never->text);
	if (call->state == PROFILE_REFUSE && call->err == PROFILE_KILLS)
		return mem_string("the profile names this call; it ends the process");
	if (call->state == PROFILE_REFUSE && call->err)
		return mem_print("the profile names this call; it returns %s", errname(call->err));
	if (call->nr_reasons && call->reason[0].text)
		return mem_string(call->reason[0].text);
	return mem_string("");
}

char *surface_why(const struct surface *surface, unsigned int abi, unsigned int nr)
{
	enum surface_state state = surface_state(surface, abi, nr);

	if (state == SURFACE_UNUSED)
		return mem_string(sysname(abi, nr) ? "no supported kernel has code for it" :
				  "no call has this number");
	if (state == SURFACE_DENIED)
		return why_denied(surface, abi, nr);
	if (surface_remains(state))
		return why_allowed(main_reason(surface->profile, abi, nr));
	return why_refused(surface->profile, abi, nr);
}

/* ---- numbers */

unsigned int surface_last(const struct surface *surface, unsigned int abi)
{
	unsigned int last = 0;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		if (surface_state(surface, abi, nr) != SURFACE_UNUSED)
			last = nr;
	return last;
}

struct surface_count surface_count(const struct surface *surface, unsigned int abi)
{
	struct surface_count count = { 0 };

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		enum surface_state state = surface_state(surface, abi, nr);

		count.state[state]++;
		if (state == SURFACE_UNUSED)
			continue;
		count.all++;
		count.remain += surface_remains(state);
		count.standard += surface->standard && profile_allows(surface->standard, abi, nr);
	}
	return count;
}

bool surface_open(const struct surface *surface, unsigned int abi)
{
	return profile_uses(surface->profile, abi);
}

bool surface_beyond(const struct surface *surface, unsigned int abi, unsigned int nr)
{
	return surface->standard && !profile_allows(surface->standard, abi, nr) &&
	       surface_remains(surface_state(surface, abi, nr));
}

unsigned int surface_blocked(const struct surface *surface, const struct profile *profile)
{
	unsigned int blocked = 0;

	for (size_t i = 0; i < surface->exploits->count; i++)
		blocked += exploit_blocked(&surface->exploits->exploit[i], profile);
	return blocked;
}

int surface_percent(unsigned int all, unsigned int less)
{
	int difference = (int)all - (int)less;
	int half = (int)all / 2;

	if (!all)
		return 0;
	return (difference * 100 + (difference < 0 ? -half : half)) / (int)all;
}

const char *surface_mode(const struct surface *surface)
{
	if (!surface->policy)
		return NULL;
	if (policy_enforces(surface->policy))
		return "this is what the policy enforces";
	return "nothing is refused now; this is what 'scmod enforce' would leave allowed";
}
