// SPDX-License-Identifier: GPL-2.0
/*
 * scmod learn: begin to record, or go on. What tasks that run already did before
 * was not seen; what they are likely to call is allowed instead.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/output.h"
#include "infer/infer.h"
#include "verbs/cmd.h"

/* Whether the record lacks, or will, what its tasks did before it began. */
static bool lacks_a_beginning(const struct target *target)
{
	const struct policy *policy = &target->policy;

	return !target->tracked || policy_partial(policy) ||
	       (policy->mode != SCMOD_MODE_LEARN && policy->mode != SCMOD_MODE_COMPLAIN);
}

/* Into @likely, one bitmap an ABI. Returns how many of them were not seen. */
static unsigned int take_likely(const struct policy *policy, const struct profile *profile,
				struct bitmap *likely)
{
	unsigned int count = 0;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap unseen = profile_calls(profile, abi, PROFILE_ALLOW);

		likely[abi] = unseen;
		bitmap_subtract(&unseen, &policy->abi[abi].seen);
		count += bitmap_count(&unseen);
	}
	return count;
}

static void report_likely(const struct policy *now, const struct imports *imports,
			  unsigned int count)
{
	if (!imports->processes)
		return;
	if (imports->images)
		printf("  attached to running programs: %u calls that were not seen are allowed as likely, from what %u images import\n",
		       count, imports->images);
	else
		note("learn %s: its programs import nothing that could be read (they are static, or not in C), so no call is allowed as likely; have them reload and stop while it learns",
		     now->path);
}

static void report(const struct target *target, const struct policy *now)
{
	uint32_t before = target->tracked ? target->policy.mode : SCMOD_MODE_OFF;

	out_start(stdout, false);
	out_string(NULL, "%s: ", now->path);
	out_text("%slearning, id %" PRIu64 "\n",
		 before == SCMOD_MODE_LEARN ? "already " : "", now->id);
	if (before == SCMOD_MODE_ENFORCE)
		note("learn %s: it was enforced until now; nothing is refused any more",
		     now->path);
	if (policy_partial(now))
		note("learn %s: " PROFILE_PARTIAL_WHY, now->path);
}

static int learn(const struct target *target, const struct infer *infer)
{
	/* What these tasks did before, to set up too, will not be in the record. */
	const struct profile_origin origin = { .id = target->id, .partial = true };
	struct scmod_change change = target_change(target);
	struct profile *profile = profile_new();
	struct bitmap likely[NR_ABIS];
	struct imports *imports;
	unsigned int count = 0;
	struct policy now;
	int err;

	profile_add_origin(profile, &origin);
	change.mode = SCMOD_MODE_LEARN;
	if (infer->level >= INFER_LIKELY && lacks_a_beginning(target))
		imports = infer_imports(infer, "learn", target);
	else
		imports = imports_new(infer->functions);
	if (imports->images) {
		infer_add(infer, profile, imports);
		count = take_likely(&target->policy, profile, likely);
		change.more = likely;
	}
	profile_free(profile);
	err = scmod_set(&change, &now);
	if (!err) {
		report(target, &now);
		report_likely(&now, imports, count);
		policy_release(&now);
	}
	imports_free(imports);
	return err ? scmod_fail("learn", target->name, err) : EXIT_DONE;
}

int cmd_learn(int argc, char **argv)
{
	const char *cgroup;
	struct infer_wish wish = { 0 };
	const struct opt opts[] = {
		{ "--infer", .value = &wish.level },
		{ "--families", .value = &wish.families },
		{ 0 },
	};
	int words = args_parse("learn", argc, argv, opts, &cgroup, 1, 1);
	struct target target;
	struct infer infer;
	int ret;

	if (words < 0)
		return -words;
	ret = infer_read("learn", &wish, &infer);
	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = target_find("learn", cgroup, TARGET_MAY_BE_NEW | TARGET_LIVE, &target);
	if (!ret) {
		ret = infer.level >= INFER_LIKELY && lacks_a_beginning(&target) ?
		      infer_load(&infer, true) : EXIT_DONE;
		if (!ret)
			ret = learn(&target, &infer);
		target_release(&target);
	}
	infer_release(&infer);
	return ret;
}
