// SPDX-License-Identifier: GPL-2.0
/* scmod enforce: refuses calls that were not learned, or that a profile does not allow. */
#include <string.h>

#include "base/errname.h"
#include "base/error.h"
#include "infer/infer.h"
#include "verbs/apply.h"
#include "verbs/each.h"
#include "verbs/follow.h"
#include "verbs/given.h"
#include "verbs/kept.h"
#include "verbs/options.h"
#include "verbs/priority.h"
#include "verbs/span.h"

/* The options on the command line; -1 if not given. */
struct wish {
	const char *profile;
	bool json;
	bool infer;
	int action;
	int err;
	uint32_t confirm_ms;
	struct reader_options options;
};

static int read_confirm(struct wish *wish, const char *text)
{
	uint64_t seconds;

	if (!text)
		return EXIT_DONE;
	if (!span_value(text, &seconds) || seconds > UINT32_MAX / 1000)
		return fail(EXIT_USAGE, "enforce: --confirm '%s' is not a time up to 49 days; give a number and s, m, h or d, such as 60s",
			    text);
	wish->confirm_ms = seconds * 1000;
	return EXIT_DONE;
}

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

/*
 * What complain tried is what is to be enforced: calls that it reported are not allowed, and
 * nothing is inferred anew, unless the command line asks for it.
 */
static bool tried(const struct target *target, const struct wish *wish)
{
	return target->tracked && target->policy.mode == SCMOD_MODE_COMPLAIN && !wish->infer;
}

static int profile_from_record(const struct target *target, struct infer *infer, bool keep,
			       struct profile **profile)
{
	int ret = EXIT_DONE;

	*profile = keep ? kept_tried(&target->policy) : kept_profile(&target->policy);
	if (!keep)
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
	bool keep = !wish->profile && tried(target, wish);
	struct bitmap priority[NR_ABIS];
	int ret;

	if (wish->profile)
		ret = given_policy("enforce", wish->profile, &wish->options, &profile, &change);
	else
		ret = profile_from_record(target, infer, keep, &profile);
	if (ret)
		goto free_profile;
	change.mode = SCMOD_MODE_ENFORCE;
	change.priority = priority_calls(infer, priority);
	if (wish->action >= 0)
		change.action = wish->action;
	if (wish->err >= 0)
		change.err = wish->err;
	change.confirm_ms = wish->confirm_ms;
	if (target_holds_us(target))
		warn("enforce %s: this command runs inside the cgroup, and now only a process outside of it can undo this",
		     target->name);
	if (keep)
		ret = apply_tried("enforce", target, profile, &change, wish->json);
	else if (wish->profile)
		ret = apply_profile("enforce", target, profile, &change, wish->json);
	else
		ret = apply_record("enforce", target, profile, &change, wish->json);

free_profile:
	profile_free(profile);
	return ret;
}

static int enforce_in(const struct args *args, const struct wish *wish, struct infer_wish guess)
{
	struct target target;
	struct infer infer;
	int ret = infer_read("enforce", &guess, &infer);

	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = follow_find(args, &target);
	if (!ret) {
		ret = enforce(&target, wish, &infer);
		target_release(&target);
	}
	infer_release(&infer);
	return ret;
}

static int run(const struct args *args)
{
	struct infer_wish guess = options_infer(args);
	struct wish wish = {
		.profile = args->value[OPT_PROFILE],
		.json = args->json,
		.infer = infer_wished(&guess),
	};
	int ret = read_wish(&wish, args->value[OPT_ACTION], args->value[OPT_ERRNO]);

	guess.live = true;
	if (!ret)
		ret = read_confirm(&wish, args->value[OPT_CONFIRM]);
	if (!ret)
		ret = options_reader(args, &wish.options);
	return ret ? ret : enforce_in(args, &wish, guess);
}

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

static const struct opt opt_confirm = {
	.id = OPT_CONFIRM, .name = "confirm", .arg = "TIME",
	.text = "Unless 'scmod confirm' comes within this time, what held before comes back: mode, allowed calls, values, errno and action. The kernel does that, so it happens even if this command, or the session that it was typed in, has ended. A policy that this command made is off then. TIME is a number and 's', 'm', 'h' or 'd', such as '60s'.",
};

static const struct clash clashes[] = { GIVEN_CLASHES, FOLLOW_CLASHES, { 0 } };

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
		&opt_once, &opt_absent, &opt_confirm, &opt_profile, &opt_errno, &opt_action,
		&opt_infer, &opt_families, &opt_userland, &opt_runtime, &opt_floor, &opt_args,
		&opt_cap, NULL,
	},
	.clashes = clashes,
	.run = run,
};
