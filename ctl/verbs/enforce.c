// SPDX-License-Identifier: GPL-2.0
/* scmod enforce: refuse what was not learned, or what a profile doesn't allow. */
#include <string.h>

#include "base/errname.h"
#include "base/error.h"
#include "calls/sysname.h"
#include "infer/infer.h"
#include "kernel/cgroup.h"
#include "kernel/record.h"
#include "read/reader.h"
#include "verbs/apply.h"
#include "verbs/cmd.h"

/* What the command line asks for; -1: nothing. */
struct wish {
	const char *profile;
	int action;
	int err;
	struct reader_options options;
};

static int read_wish(struct wish *wish, const char *action, const char *err)
{
	wish->action = -1;
	wish->err = -1;
	if (action && !strcmp(action, "kill"))
		wish->action = SCMOD_ACTION_KILL;
	else if (action && !strcmp(action, "errno"))
		wish->action = SCMOD_ACTION_ERRNO;
	else if (action)
		return fail(EXIT_USAGE, "enforce: --action '%s' is neither errno nor kill; give one of them",
			    action);
	if (err)
		wish->err = errname_value(err);
	if (!wish->err)
		return fail(EXIT_USAGE, "enforce: --errno '%s' is no errno; give a name such as EPERM or 1 to %d",
			    err, SCMOD_ERRNO_MAX);
	return EXIT_DONE;
}

/* A policy has one answer beside ENOSYS; a profile may have several. */
static void note_flattened(const struct profile *profile, const char *path)
{
	int fallback = profile_fallback(profile);

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			const struct profile_call *call = profile_at(profile, abi, nr);
			const char *name = sysname(abi, nr);

			if (call->state != PROFILE_REFUSE || !call->err || call->err == fallback)
				continue;
			note("enforce --profile %s: %s:%s %s%s there, but is refused here as all others are",
			     path, abi_name(abi), name ? name : "a call without a name",
			     call->err == PROFILE_KILLS ? "ends the process" : "returns ",
			     call->err == PROFILE_KILLS ? "" : errname(call->err));
		}
}

/* The command line wins over the profile. */
static int profile_from_file(const struct wish *wish, struct profile **profile,
			     struct scmod_change *change)
{
	int ret = profile_read("enforce --profile", wish->profile, &wish->options, profile);

	if (ret)
		return ret;
	if (profile_empty(*profile))
		return fail(EXIT_FAILED, "enforce --profile %s: it allows nothing; give one that does",
			    wish->profile);
	note_flattened(*profile, wish->profile);
	profile_add_lifelines(*profile);
	profile_add_soft(*profile);
	change->action = (*profile)->action;
	change->err = (*profile)->err;
	return EXIT_DONE;
}

static int profile_from_record(const struct target *target, struct infer *infer,
			       struct profile **profile)
{
	int ret;

	*profile = record_profile(&target->policy);
	ret = infer_add_target(infer, "enforce", *profile, target);
	if (ret)
		return ret;
	if (profile_empty(*profile))
		return fail(EXIT_FAILED,
			    "enforce %s: nothing was learned there; 'scmod learn' first or give --profile",
			    target->name);
	return EXIT_DONE;
}

static int enforce(const struct target *target, const struct wish *wish,
		   struct infer *infer)
{
	struct scmod_change change = target_change(target);
	struct profile *profile = NULL;
	int ret;

	if (wish->profile)
		ret = profile_from_file(wish, &profile, &change);
	else
		ret = profile_from_record(target, infer, &profile);
	if (ret)
		goto free_profile;
	change.mode = SCMOD_MODE_ENFORCE;
	if (wish->action >= 0)
		change.action = wish->action;
	if (wish->err >= 0)
		change.err = wish->err;
	if (cgroup_holds_us(target->id))
		warn("enforce %s: this command runs inside of it; only a process outside can undo it",
		     target->name);
	if (wish->profile)
		ret = apply_profile("enforce", target, profile, &change);
	else
		ret = apply_record("enforce", target, profile, &change);

free_profile:
	profile_free(profile);
	return ret;
}

int cmd_enforce(int argc, char **argv)
{
	const char *cgroup, *action = NULL, *err = NULL, *args = NULL, *caps = NULL;
	struct infer_wish guess = { 0 };
	struct wish wish = { 0 };
	struct target target;
	struct infer infer;
	const struct opt opts[] = {
		{ "--profile", .value = &wish.profile },
		{ "--errno", .value = &err },
		{ "--action", .value = &action },
		{ "--infer", .value = &guess.level },
		{ "--families", .value = &guess.families },
		{ "--runtime", .value = &guess.runtime },
		{ "--args", .value = &args },
		{ "--cap", .value = &caps },
		{ 0 },
	};
	int words = args_parse("enforce", argc, argv, opts, &cgroup, 1, 1);
	int ret;

	if (words < 0)
		return -words;
	ret = read_wish(&wish, action, err);
	if (!ret)
		ret = reader_parse_options("enforce", args, caps, &wish.options);
	if (!ret && wish.profile && infer_wished(&guess))
		ret = fail(EXIT_USAGE, "enforce: --profile is taken as it is; drop it, or --infer, --families and --runtime");
	if (ret)
		return ret;
	ret = infer_read("enforce", &guess, &infer);
	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = target_find("enforce", cgroup, TARGET_MAY_BE_NEW | TARGET_LIVE, &target);
	if (!ret) {
		ret = enforce(&target, &wish, &infer);
		target_release(&target);
	}
	infer_release(&infer);
	return ret;
}
