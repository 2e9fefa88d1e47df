// SPDX-License-Identifier: GPL-2.0
/* What enforce lets pass, and dump writes: the tool's judgement. */
#include "error.h"
#include "lifeline.h"
#include "plan.h"
#include "soft.h"
#include "sysname.h"

#define BEFORE_WHY \
	"not seen, but allowed: likely from what its programs import, or by 'scmod allow' or an earlier profile"

static void add_lifelines(struct plan *plan)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap lifelines = lifeline_set(abi);

		bitmap_unite(&plan->abi[abi].allowed, &lifelines);
	}
}

struct plan plan_of_policy(const struct policy *policy)
{
	struct plan plan = { 0 };

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		const struct abi_sets *from = &policy->abi[abi];
		struct bitmap lifelines = lifeline_set(abi);
		struct abi_sets *to = &plan.abi[abi];

		plan.base[abi] = from->seen;
		plan.before[abi] = from->allowed;
		bitmap_subtract(&plan.before[abi], &from->seen);
		bitmap_subtract(&plan.before[abi], &lifelines);
		to->allowed = from->seen;
		bitmap_unite(&to->allowed, &from->allowed);
		to->soft = soft_set(abi);
	}
	add_lifelines(&plan);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		bitmap_subtract(&plan.abi[abi].soft, &plan.abi[abi].allowed);
	return plan;
}

struct plan plan_of_profile(const struct profile *profile)
{
	struct plan plan = { 0 };

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct abi_sets *to = &plan.abi[abi];

		plan.base[abi] = profile->allowed[abi];
		to->allowed = profile->allowed[abi];
		to->soft = soft_set(abi);
		bitmap_subtract(&to->soft, &profile->refused[abi]);
		bitmap_unite(&to->soft, &profile->soft[abi]);
	}
	add_lifelines(&plan);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		bitmap_subtract(&plan.abi[abi].soft, &plan.abi[abi].allowed);
	return plan;
}

bool plan_uses(const struct plan *plan, unsigned int abi)
{
	return bitmap_count(&plan->base[abi]) || bitmap_count(&plan->before[abi]);
}

bool plan_empty(const struct plan *plan)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (plan_uses(plan, abi))
			return false;
	return true;
}

struct bitmap plan_added(const struct plan *plan, unsigned int abi)
{
	struct bitmap added = plan->abi[abi].allowed;

	bitmap_subtract(&added, &plan->base[abi]);
	return added;
}

const char *plan_reason(const struct plan *plan, unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	if (bitmap_has(&plan->before[abi], nr))
		return BEFORE_WHY;
	return name ? lifeline_reason(name) : NULL;
}

void plan_warn(const struct plan *plan, const char *verb, const char *name)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = sysname_number(abi, "io_uring_setup");

		if (nr < 0 || !bitmap_has(&plan->abi[abi].allowed, nr))
			continue;
		warn("%s %s: io_uring_setup is allowed; io_uring does work without system calls, which nothing here sees or stops",
		     verb, name);
		return;
	}
}
