// SPDX-License-Identifier: GPL-2.0
/* Turns the record that the module keeps into a profile. */
#include <string.h>
#include <sys/utsname.h>

#include "base/timestamp.h"
#include "kernel/record.h"
#include "kernel/record_values.h"

#define HAND_WHY \
	"not seen, but the policy allows it: added by 'scmod allow', or by a command that could not keep its reason"

static void add_origin(struct profile *profile, const struct policy *policy)
{
	struct utsname name = { 0 };
	struct profile_origin origin = {
		.path = policy->path,
		.tool = SCMOD_VERSION,
		.kernel = name.release,
		.id = policy->id,
		.created = policy->created - policy->created % TIMESTAMP_STEP,
		.partial = policy_partial(policy),
	};

	uname(&name);
	profile_add_origin(profile, &origin);
}

static void add_seen(struct profile *profile, const struct policy *policy, unsigned int abi,
		     unsigned int nr)
{
	const struct scmod_record *record = policy_record(policy, abi, nr, SCMOD_RECORD_SEEN);
	struct reason reason = { .kind = REASON_SEEN };

	if (record) {
		reason.first = record->time_ns - record->time_ns % TIMESTAMP_STEP;
		reason.pid = record->pid;
		reason.count = record->count;
		memcpy(reason.comm, record->comm, SCMOD_COMM_LEN);
	}
	profile_set(profile, abi, nr, PROFILE_ALLOW, 0);
	profile_add_reason(profile, abi, nr, &reason);
}

static void add_abi(struct profile *profile, const struct policy *policy, unsigned int abi)
{
	const struct abi_sets *sets = &policy->abi[abi];
	unsigned int nr;

	bitmap_for_each(nr, &sets->seen)
		add_seen(profile, policy, abi, nr);
}

/*
 * An earlier enforce added the lifelines to the allowed set. Leave them out here, or they
 * would be reported as allowed by the administrator.
 */
static void add_allowed(struct profile *profile, const struct policy *policy, unsigned int abi)
{
	struct bitmap allowed = policy->abi[abi].allowed;
	unsigned int nr;

	bitmap_subtract(&allowed, &policy->abi[abi].seen);
	bitmap_for_each(nr, &allowed)
		if (!profile_allows(profile, abi, nr))
			profile_allow(profile, abi, nr, REASON_HAND, HAND_WHY);
}

struct profile *record_tried(const struct policy *policy)
{
	struct policy tried = *policy;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		bitmap_intersect(&tried.abi[abi].seen, &policy->abi[abi].allowed);
	return record_profile(&tried);
}

struct profile *record_profile(const struct policy *policy)
{
	struct profile *profile = profile_new();

	profile->action = policy->action;
	profile->err = policy->err;
	add_origin(profile, policy);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		add_abi(profile, policy, abi);
	executed_unite(&profile->executed, &policy->executed);
	record_values(profile, policy);
	record_clone3(profile, policy);
	profile_add_lifelines(profile);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		add_allowed(profile, policy, abi);
		profile->covers[abi] = abi == SCMOD_ABI_X86_64 || profile_uses(profile, abi);
	}
	profile_add_soft(profile);
	return profile;
}
