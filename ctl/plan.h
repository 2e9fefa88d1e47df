/* SPDX-License-Identifier: GPL-2.0 */
/* What enforce lets pass, and dump writes: the tool's judgement. */
#ifndef CTL_PLAN_H
#define CTL_PLAN_H

#include "policy.h"
#include "profile.h"

/**
 * struct plan - the sets to enforce, and where they come from
 * @abi: only the allowed and soft sets are filled
 * @base: per ABI, what was learned or what the profile names; what @abi allows
 *	beyond it was added
 * @before: per ABI, what was added because the policy allows it already: likely
 *	from what its programs import, 'scmod allow', or an earlier profile
 */
struct plan {
	struct abi_sets abi[NR_ABIS];
	struct bitmap base[NR_ABIS];
	struct bitmap before[NR_ABIS];
};

struct plan plan_of_policy(const struct policy *policy);
struct plan plan_of_profile(const struct profile *profile);

/* Whether there is nothing in it but what is always added. */
bool plan_empty(const struct plan *plan);
/* Whether that ABI has more in it than what is always added. */
bool plan_uses(const struct plan *plan, unsigned int abi);

/* The calls of an ABI that were added, and why each was. */
struct bitmap plan_added(const struct plan *plan, unsigned int abi);
const char *plan_reason(const struct plan *plan, unsigned int abi, unsigned int nr);

/* Say on stderr what a person should know before relying on it. */
void plan_warn(const struct plan *plan, const char *verb, const char *name);

#endif /* CTL_PLAN_H */
