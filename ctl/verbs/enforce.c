// SPDX-License-Identifier: GPL-2.0
/* scmod enforce: refuses calls that were not learned, or that a profile does not allow. */
#include <string.h>

#include "base/errname.h"
#include "base/error.h"
#include "calls/sysname.h"
#include "infer/infer.h"
#include "kernel/cgroup.h"
#include "kernel/record.h"
#include "verbs/apply.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "verbs/source.h"

/* The options on the command line; -1 if not given. */
struct wish {
	const char *profile;
	bool json;
	int action;
	int err;
	struct reader_options options;
};

/* The parser has checked that --action is errno or kill. */
static int read_wish(struct wish *wish, const char *action, const char *err)
{
	wish->action = -1;
	wish->err = -1;
	if (action)
		wish->action = strcmp(action, "kill") ? SCMOD_ACTION_ERRNO : SCMOD_ACTION_KILL;
	if (err)
		wish->err = errname_value(err);
	if (!wish->err)
		return fail(EXIT_USAGE, "enforce: --errno '%s' is not an errno; give a name such as EPERM, or a number from 1 to %d",
			    err, SCMOD_ERRNO_MAX);
	return EXIT_DONE;
}

static void note_call(const char *path, unsigned int abi, unsigned int nr, int err)
{
	const char *name = sysname(abi, nr);

	if (!name)
		name = "a call without a name";
	if (err == PROFILE_KILLS)
		note("enforce --profile %s: in the profile, %s:%s ends the process, but a policy refuses all calls in the same way",
		     path, abi_name(abi), name);
	else
		note("enforce --profile %s: in the profile, %s:%s returns %s, but a policy refuses all calls in the same way",
		     path, abi_name(abi), name, errname(err));
}

/* A profile may have several answers, but a policy has only one apart from ENOSYS. */
static void note_flattened(const struct profile *profile, const char *path)
{
	int fallback = profile_fallback(profile);

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			const struct profile_call *call = profile_at(profile, abi, nr);

			if (call->state == PROFILE_REFUSE && call->err && call->err != fallback)
				note_call(path, abi, nr, call->err);
		}
}

/* The caller lets options on the command line override the profile. */
static int profile_from_file(const struct wish *wish, struct profile **profile,
			     struct scmod_change *change)
{
	int ret = source_read_file("enforce --profile", wish->profile, &wish->options,
				   profile);

	if (ret)
		return ret;
	if (profile_empty(*profile))
		return fail(EXIT_FAILED, "enforce --profile %s: the profile allows nothing; give one that allows something",
			    wish->profile);
	note_flattened(*profile, wish->profile);
	profile_add_lifelines(*profile);
	profile_add_soft(*profile);
	change->action = (*profile)->action;
	change->err = profile_errno(*profile);
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
			    "enforce %s: nothing was learned in this cgroup; run 'scmod learn' first, or give --profile",
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
		warn("enforce %s: this command runs inside the cgroup, and now only a process outside of it can undo this",
		     target->name);
	if (wish->profile)
		ret = apply_profile("enforce", target, profile, &change, wish->json);
	else
		ret = apply_record("enforce", target, profile, &change, wish->json);

free_profile:
	profile_free(profile);
	return ret;
}

static int enforce_in(const char *cgroup, const struct wish *wish, struct infer_wish guess)
{
	struct target target;
	struct infer infer;
	int ret = infer_read("enforce", &guess, &infer);

	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = target_find("enforce", cgroup, TARGET_MAY_BE_NEW | TARGET_LIVE, &target);
	if (!ret) {
		ret = enforce(&target, wish, &infer);
		target_release(&target);
	}
	infer_release(&infer);
	return ret;
}

static int run(const struct args *args)
{
	struct wish wish = { .profile = args->value[OPT_PROFILE], .json = args->json };
	int ret = read_wish(&wish, args->value[OPT_ACTION], args->value[OPT_ERRNO]);

	if (!ret)
		ret = options_reader(args, &wish.options);
	return ret ? ret : enforce_in(args->word[0], &wish, options_infer(args));
}

static const struct opt opt_profile = {
	.id = OPT_PROFILE, .name = "profile", .arg = "FILE", .kind = KIND_INPUT,
	.standard = "what was learned",
	.text = "Take the allowed calls from a file with a profile ('-' is standard input), instead of the record.",
};

static const struct opt opt_errno = {
	.id = OPT_ERRNO, .name = "errno", .arg = "NAME", .kind = KIND_ERRNO,
	.standard = "the profile's errno, the one set before, or EPERM",
	.text = "What a refused call returns: a name such as 'EPERM', or a number from 1 to 4095.",
};

static const struct opt opt_action = {
	.id = OPT_ACTION, .name = "action", .values = "errno|kill",
	.standard = "the profile's action, the one set before, or errno",
	.text = "How a call is refused. 'errno': the call returns the errno of --errno. 'kill': the process ends with a SIGSYS that it can neither catch nor block.",
};

static const char taken_as_it_is[] = "a profile is used unchanged";

static const struct clash clashes[] = {
	{ OPT_INFER, OPT_PROFILE, false, taken_as_it_is },
	{ OPT_FAMILIES, OPT_PROFILE, false, taken_as_it_is },
	{ OPT_RUNTIME, OPT_PROFILE, false, taken_as_it_is },
	{ OPT_ARGS, OPT_PROFILE, true, "only a profile has rules that check arguments" },
	{ OPT_CAP, OPT_PROFILE, true, "only a profile has rules that depend on capabilities" },
	{ 0 },
};

const struct verb verb_enforce = {
	.name = "enforce", .group = GROUP_CONTROL,
	.summary = "refuse every call that was not learned, or that a profile doesn't allow",
	.example = "scmod enforce /sys/fs/cgroup/web --profile web.json --action kill",
	.mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP },
		{ 0 },
	},
	.opts = (const struct opt *const[]){
		&opt_profile, &opt_errno, &opt_action, &opt_infer, &opt_families, &opt_runtime,
		&opt_args, &opt_cap, NULL,
	},
	.clashes = clashes,
	.run = run,
};
