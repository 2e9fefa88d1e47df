// SPDX-License-Identifier: GPL-2.0
/*
 * Shared by enforce and complain: sets the allowed and soft calls and the mode in one
 * message.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/errname.h"
#include "base/error.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "kernel/around.h"
#include "kernel/outside.h"
#include "kernel/restrict.h"
#include "profile/added.h"
#include "verbs/apply.h"
#include "verbs/container.h"
#include "verbs/follow.h"
#include "verbs/kept.h"
#include "verbs/late_values.h"

static void report_added(const struct profile *profile, const char *name)
{
	char *text = added_text(profile, name);

	if (text)
		out_string("added", "  %s\n", text);
	else
		out_null("added", NULL);
	free(text);
}

static void report_refusal(const struct policy *now)
{
	bool kills = now->action == SCMOD_ACTION_KILL;

	out_string("action", kills ? "others end the process with SIGSYS" : NULL,
		   profile_action_name(now->action));
	out_string("errno", kills ? NULL : "others return %s", errname(now->err));
}

/* In an ABI that is not used, only lifelines are allowed; don't count these. */
static bool worth_telling(const struct profile *profile, unsigned int abi)
{
	return abi == SCMOD_ABI_X86_64 || profile_uses(profile, abi);
}

static void report_sets(const struct policy *now, const struct profile *profile)
{
	unsigned int allowed = 0, soft = 0;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap set = policy_soft(now, abi);

		if (!worth_telling(profile, abi))
			continue;
		allowed += bitmap_count(&now->abi[abi].allowed);
		soft += bitmap_count(&set);
	}
	out_number("allowed", ", %" PRIu64 " calls allowed", allowed);
	out_number("soft", ", %" PRIu64 " answered with ENOSYS, ", soft);
	report_refusal(now);
}

/* How long the change waits to be confirmed, and what is to be done. */
static void report_waiting(const struct policy *now)
{
	if (!now->confirm_ms) {
		out_null("confirm_ms", NULL);
		return;
	}
	out_number("confirm_ms", NULL, now->confirm_ms);
	out_text("  waits for 'scmod confirm %s'; unless that comes within %u s, what held before comes back\n",
		 now->path, now->confirm_ms / 1000 + 1);
}

static void report(const struct policy *now, const struct profile *profile, bool json)
{
	out_start(stdout, json);
	out_object(NULL);
	out_string("path", "%s: ", now->path);
	out_number("id", NULL, now->id);
	out_string("mode", "%s", policy_mode_name(now->mode));
	out_bool("partial", NULL, policy_partial(now));
	if (profile)
		report_sets(now, profile);
	follow_report(now);
	out_text("\n");
	if (profile)
		report_added(profile, now->path);
	report_waiting(now);
	out_object_end();
	out_finish();
}

/*
 * Stores in @late what @now has seen but @sets don't allow. clone3 is not allowed for being seen,
 * see record_clone3(). Returns the number of calls.
 */
static unsigned int seen_late(const struct policy *now, const struct abi_sets *sets,
			      struct bitmap *late)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int clone3 = sysname_number(abi, "clone3");

		late[abi] = now->abi[abi].seen;
		if (clone3 >= 0)
			bitmap_drop(&late[abi], clone3);
	}
	return policy_leave_new(sets, late);
}

/* Adds to @sets what the record has seen by now. Returns the number of calls. */
static unsigned int catch_up(const struct target *target, struct abi_sets *sets)
{
	struct bitmap late[NR_ABIS];
	struct policy_list list;
	unsigned int count;

	/* If there is no record, or it can't be read, the change itself will report that. */
	if (!target->tracked || scmod_list(target->id, false, &list))
		return 0;
	count = seen_late(&list.policy[0], sets, late);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		bitmap_unite(&sets[abi].allowed, &late[abi]);
		bitmap_subtract(&sets[abi].soft, &late[abi]);
	}
	policy_list_release(&list);
	return count;
}

/*
 * Calls made during the change: @allowed of them were allowed; @refused were not, because of
 * @err.
 */
struct late {
	unsigned int allowed;
	unsigned int refused;
	int err;
	struct late_values values;
};

/* Allows what @now has seen but @sets don't allow. If this fails, the policy stays as it is. */
static void set_late(struct policy *now, const struct abi_sets *sets, struct late *late)
{
	struct scmod_change second = SCMOD_CHANGE_NONE;
	struct bitmap more[NR_ABIS];
	unsigned int count = seen_late(now, sets, more);
	struct policy after;

	if (!count)
		return;
	second.id = now->id;
	second.more = more;
	late->err = scmod_set(&second, &after);
	if (late->err) {
		late->refused = count;
		return;
	}
	late->allowed += count;
	policy_release(now);
	*now = after;
}

/*
 * Programs go on making calls while their imports are read and rules are applied. So the
 * record is read once more just before the change. Calls that are made even after that are in
 * the answer to the change, and are added by a second change.
 */
static int set_record(const struct target *target, const struct profile *profile,
		      struct abi_sets *sets, struct scmod_change *change, struct policy *now,
		      struct late *late)
{
	int err;

	late->allowed = catch_up(target, sets);
	err = scmod_set(change, now);
	if (!err)
		set_late(now, sets, late);
	if (!err)
		late->values = late_values(now, profile);
	return err;
}

/* Where the sets come from: the policy itself, the profile, or the profile and the record. */
enum source_of_sets { KEEP, PROFILE, RECORD };

static int apply(const char *verb, const struct target *target, struct profile *profile,
		 struct scmod_change *change, enum source_of_sets source, bool json)
{
	struct abi_sets sets[NR_ABIS];
	struct messages messages = { 0 };
	struct restriction *restriction = NULL;
	struct late late = { 0 };
	struct policy now;
	int ret = EXIT_DONE;
	int err;

	if (source != KEEP) {
		profile_sets(profile, sets);
		change->abi = sets;
		restriction = restriction_of(profile);
		if (!restriction)
			return fail(EXIT_FAILED,
				    "%s %s: more rules for values than a policy can keep (%d of a call, %d of all calls); allow any value of some of these calls with 'scmod allow'",
				    verb, target->name, SCMOD_VALUE_RULES_MAX,
				    SCMOD_VALUE_RULES_TOTAL);
		change->selector = restriction->selector;
	}
	if (source == RECORD)
		err = set_record(target, profile, sets, change, &now, &late);
	else
		err = scmod_set(change, &now);
	free(restriction);
	if (err)
		return scmod_fail(verb, target->name, err);
	if (source != KEEP && change->confirm_ms)
		kept_try(verb, target->tracked ? &target->policy : NULL, &now, profile);
	else if (source != KEEP)
		kept_replace(verb, &now, profile);
	report(&now, profile, json);
	follow_note(verb, &now);
	if (late.allowed)
		note("%s %s: %u calls were made for the first time during this command, and are allowed, too",
		     verb, now.path, late.allowed);
	if (late.refused)
		ret = fail(EXIT_FAILED,
			   "%s %s: the policy is in force, but %u calls that were made for the first time during this command are not allowed: %s; allow them with 'scmod allow'",
			   verb, now.path, late.refused, scmod_reason(late.err));
	late_values_tell(verb, &now, &late.values);
	if (profile) {
		profile_warn(profile, &messages);
		around_warn(&now, &messages);
	}
	if (policy_enforces(&now)) {
		outside_warn(target, &now, &messages);
		container_note(verb, &now);
	}
	messages_tell(&messages, "%s %s", verb, now.path);
	if (policy_partial(&now) && policy_enforces(&now))
		note("%s %s: " PROFILE_PARTIAL_WHY, verb, now.path);
	policy_release(&now);
	return ret;
}

int apply_profile(const char *verb, const struct target *target, struct profile *profile,
		  struct scmod_change *change, bool json)
{
	return apply(verb, target, profile, change, PROFILE, json);
}

int apply_record(const char *verb, const struct target *target, struct profile *profile,
		 struct scmod_change *change, bool json)
{
	return apply(verb, target, profile, change, profile ? RECORD : KEEP, json);
}

int apply_tried(const char *verb, const struct target *target, struct profile *profile,
		struct scmod_change *change, bool json)
{
	return apply(verb, target, profile, change, KEEP, json);
}
