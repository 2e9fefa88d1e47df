// SPDX-License-Identifier: GPL-2.0
/*
 * scmod learn: starts or continues recording. Calls that running tasks made earlier were not
 * seen, so the calls that their programs import are allowed as likely.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/output.h"
#include "infer/infer.h"
#include "verbs/each.h"
#include "verbs/follow.h"
#include "verbs/given.h"
#include "verbs/kept.h"
#include "verbs/learn_values.h"
#include "verbs/options.h"
#include "verbs/priority.h"
#include "verbs/stable.h"

/* The options on the command line. */
struct wish {
	const char *profile;
	bool json;
	bool watch_prot;
	struct reader_options options;
};

/* The policy that learns, for what follows. */
struct learning {
	uint64_t id;
	char *path;
};

#define LIKELY_TEXT \
	"  the programs were already running: %" PRIu64 " calls that were not seen are allowed as likely"
#define IMAGES_TEXT ", because %" PRIu64 " programs and libraries import them\n"

/* Whether the record lacks, or is going to lack, what its tasks did before recording began. */
static bool lacks_a_beginning(const struct target *target)
{
	const struct policy *policy = &target->policy;

	return !target->tracked || policy_partial(policy) ||
	       (policy->mode != SCMOD_MODE_LEARN && policy->mode != SCMOD_MODE_COMPLAIN &&
		policy->mode != SCMOD_MODE_COMPLAIN_LEARN);
}

/*
 * Stores the allowed calls in @likely (one bitmap per ABI). Returns how many of them were not
 * seen.
 */
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
	out_number("likely", imports->images ? LIKELY_TEXT : NULL, count);
	out_number("images", imports->images ? IMAGES_TEXT : NULL, imports->images);
	if (imports->processes && !imports->images)
		note("learn %s: no imports of its programs could be read (they are linked statically, or not written in C), so no call is allowed as likely; reload and stop the programs while learning, so that these calls are seen",
		     now->path);
}

static void report(const struct target *target, const struct policy *now,
		   const struct imports *imports, unsigned int likely, bool json)
{
	uint32_t before = target->tracked ? target->policy.mode : SCMOD_MODE_OFF;

	out_start(stdout, json);
	out_object(NULL);
	out_string("path", "%s: ", now->path);
	out_bool("already", "already ", before == SCMOD_MODE_LEARN);
	out_string("mode", NULL, policy_mode_name(now->mode));
	out_text("learning");
	out_number("id", ", id %" PRIu64, now->id);
	follow_report(now);
	out_text("\n");
	out_bool("partial", NULL, policy_partial(now));
	report_likely(now, imports, likely);
	out_object_end();
	out_finish();
	if (before == SCMOD_MODE_ENFORCE)
		note("learn %s: the policy was enforced until now; no call is refused any more",
		     now->path);
	follow_note("learn", now);
	if (policy_partial(now))
		note("learn %s: " PROFILE_PARTIAL_WHY, now->path);
}

/* Allows what the file's profile allows, too: it is where learning starts from. */
static void add_given(const struct profile *given, struct scmod_change *change,
		      struct bitmap *more)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap allowed = profile_calls(given, abi, PROFILE_ALLOW);

		bitmap_unite(&more[abi], &allowed);
	}
	change->more = more;
}

/* Why the calls are allowed that @profile and @given (or NULL) have brought. */
static void keep(const struct policy *now, struct profile *profile, const struct profile *given)
{
	/* A policy that is made by its name has no id before. */
	profile->origin[0].id = now->id;
	kept_add("learn", now, profile);
	if (given)
		kept_add("learn", now, given);
}

/* What the running programs import, if what they did before recording began is not seen. */
static struct imports *read_imports(const struct target *target, const struct infer *infer)
{
	if (infer->level >= INFER_LIKELY && lacks_a_beginning(target))
		return infer_imports(infer, "learn", target, NULL);
	return imports_new(infer->functions);
}

/* @given: the profile of a file to start from, or NULL. */
static int start(const struct target *target, const struct infer *infer,
		 const struct profile *given, const struct wish *wish,
		 struct learning *learning)
{
	/*
	 * Marked partial, so that rules for a program's start apply: these tasks have started
	 * already.
	 */
	const struct profile_origin origin = { .id = target->id, .partial = true };
	struct scmod_change change = target_change(target);
	struct imports *imports = read_imports(target, infer);
	struct bitmap more[NR_ABIS] = { 0 }, priority[NR_ABIS];
	struct profile *profile = profile_new();
	unsigned int count = 0;
	struct policy now;
	int err;

	profile_add_origin(profile, &origin);
	change.mode = SCMOD_MODE_LEARN;
	change.priority = priority_calls(infer, priority);
	if (imports->images) {
		infer_add(infer, profile, imports);
		count = take_likely(&target->policy, profile, more);
		change.more = more;
	}
	if (given)
		add_given(given, &change, more);
	change.selector = learn_values(&target->policy, given ? given : profile, change.more,
				       wish->watch_prot);
	err = scmod_set(&change, &now);
	learn_values_free(change.selector);
	if (!err) {
		if (change.more)
			keep(&now, profile, given);
		report(target, &now, imports, count, wish->json);
		*learning = (struct learning){ now.id, mem_string(now.path) };
		policy_release(&now);
	}
	imports_free(imports);
	profile_free(profile);
	return err ? scmod_fail("learn", target->name, err) : EXIT_DONE;
}

static int learn(const struct target *target, const struct infer *infer, const struct wish *wish,
		 struct learning *learning)
{
	struct profile *given = NULL;
	int ret = EXIT_DONE;

	if (wish->profile)
		ret = given_read("learn", wish->profile, &wish->options, &given);
	if (!ret)
		ret = start(target, infer, given, wish, learning);
	profile_free(given);
	return ret;
}

static int run(const struct args *args)
{
	struct wish wish = { .profile = args->value[OPT_PROFILE], .json = args->json,
			     .watch_prot = args->value[OPT_WATCH_PROT] };
	struct infer_wish guess = options_infer(args);
	struct learning learning = { 0 };
	struct target target;
	struct infer infer = { 0 };
	int ret = options_reader(args, &wish.options);

	if (!ret)
		ret = stable_check(args);
	if (!ret)
		ret = infer_read("learn", &guess, &infer);
	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = follow_find(args, &target);
	if (!ret) {
		infer_for_target(&infer, &target);
		ret = infer.level >= INFER_LIKELY && lacks_a_beginning(&target) ?
		      infer_load(&infer, true) : EXIT_DONE;
		if (!ret)
			ret = learn(&target, &infer, &wish, &learning);
		target_release(&target);
	}
	infer_release(&infer);
	if (!ret)
		ret = stable_wait(args, learning.id, learning.path);
	free(learning.path);
	return ret;
}

static const struct opt opt_infer_start = {
	.id = OPT_INFER, .name = "infer", .values = "none|family|likely|reachable", .standard = "likely",
	.text = "What to do if tasks are running already, so that their earlier calls were not seen. 'likely': allow the calls that their programs import. 'reachable': of these, only those to which their code leads, if all of it could be read. 'none' and 'family': allow nothing.",
};

static const struct opt opt_profile_start = {
	.id = OPT_PROFILE, .name = "profile", .arg = "FILE", .kind = KIND_INPUT,
	.text = "Start from a profile: allow what it allows, beside what is learned, as 'scmod allow' would ('-' is standard input).",
};

static const struct opt opt_watch_prot = {
	.id = OPT_WATCH_PROT, .name = "watch-prot",
	.text = "Record the protections of memory that 'mmap', 'mprotect' and 'pkey_mprotect' are called with, too, so that 'enforce' refuses others, such as memory that is writable and executable. These are frequent calls, and each of them costs more then.",
};

static const struct clash clashes[] = { GIVEN_NEEDS, FOLLOW_CLASHES, STABLE_CLASHES, { 0 } };

const struct verb verb_learn = {
	.name = "learn", .group = GROUP_CONTROL,
	.summary = "record which system calls the tasks of a cgroup and those below it make",
	.example = "scmod learn /sys/fs/cgroup/system.slice/nginx.service", .mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP },
		{ .name = "FILE", .kind = KIND_OUTPUT, .optional = true },
		{ 0 },
	},
	.opts = (const struct opt *const[]){
		&opt_once, &opt_absent, &opt_profile_start, &opt_infer_start, &opt_families,
		&opt_floor, &opt_args, &opt_cap, &opt_until_stable, &opt_max, &opt_then,
		&opt_watch_prot, NULL,
	},
	.clashes = clashes,
	.run = run,
};
