// SPDX-License-Identifier: GPL-2.0
/* What enforce and complain have in common: set the sets and the mode at once. */
#include <stdio.h>
#include <stdlib.h>

#include "added.h"
#include "apply.h"
#include "errname.h"
#include "error.h"
#include "output.h"

static void report_added(const struct profile *profile, const char *name)
{
	char *text = added_text(profile, name);

	if (text)
		out_string(NULL, "  %s\n", text);
	free(text);
}

static void report_refusal(const struct policy *now)
{
	if (now->action == SCMOD_ACTION_KILL)
		printf("others end the process with SIGSYS");
	else
		printf("others return %s", errname(now->err));
}

/* An ABI that nobody uses has its lifelines allowed, which is no news. */
static bool worth_telling(const struct profile *profile, unsigned int abi)
{
	return abi == SCMOD_ABI_X86_64 || profile_uses(profile, abi);
}

static void report(const struct policy *now, const struct profile *profile)
{
	unsigned int allowed = 0, soft = 0;

	out_start(stdout, false);
	out_string(NULL, "%s: ", now->path);
	out_string(NULL, "%s", policy_mode_name(now->mode));
	for (unsigned int abi = 0; profile && abi < NR_ABIS; abi++) {
		if (!worth_telling(profile, abi))
			continue;
		allowed += bitmap_count(&now->abi[abi].allowed);
		soft += bitmap_count(&now->abi[abi].soft);
	}
	if (profile) {
		printf(", %u calls allowed, %u answered with ENOSYS, ", allowed, soft);
		report_refusal(now);
	}
	printf("\n");
	if (profile)
		report_added(profile, now->path);
}

int apply_profile(const char *verb, const struct target *target, const struct profile *profile,
		  struct scmod_change *change)
{
	struct abi_sets sets[NR_ABIS];
	struct policy now;
	int err;

	if (profile) {
		profile_sets(profile, sets);
		change->abi = sets;
	}
	err = scmod_set(change, &now);
	if (err)
		return scmod_fail(verb, target->name, err);
	report(&now, profile);
	if (profile)
		profile_warn(profile, verb, now.path);
	if (policy_partial(&now) && now.mode == SCMOD_MODE_ENFORCE)
		note("%s %s: " POLICY_PARTIAL_WHY, verb, now.path);
	policy_release(&now);
	return EXIT_DONE;
}
