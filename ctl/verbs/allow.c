// SPDX-License-Identifier: GPL-2.0
/* scmod allow: allows more calls in a policy, by name or those that it refused. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "kernel/target.h"
#include "verbs/allow_values.h"
#include "verbs/each.h"
#include "verbs/options.h"
#include "verbs/refused.h"

/**
 * struct choice - what to allow, and what was refused but must be named to be allowed
 * @list: holds the policy as it was before, with its records
 * @policy: that policy
 * @families: the rules that say which calls are never inferred; NULL without --denied
 * @more: calls to allow
 * @left: refused calls that are left out
 * @values: values of calls to allow
 * @denied: whether --denied was given
 */
struct choice {
	struct policy_list list;
	const struct policy *policy;
	struct families *families;
	struct bitmap more[NR_ABIS];
	struct bitmap left[NR_ABIS];
	struct value_choice values;
	bool denied;
};

static bool json, dry_run;

static int add_value(struct choice *choice, const char *text)
{
	int ret = value_choice_word(&choice->values, text);

	if (!ret)
		value_choice_calls(&choice->values, choice->more);
	return ret;
}

static int add_words(struct choice *choice, const char **calls, int count)
{
	for (int i = 0; i < count; i++) {
		unsigned int abi;
		int nr = sysname_parse(calls[i], &abi);
		int ret = value_is_text(calls[i]) ? add_value(choice, calls[i]) : EXIT_DONE;

		if (ret)
			return ret;
		if (value_is_text(calls[i]))
			continue;
		if (nr < 0)
			return fail(EXIT_USAGE,
				    "allow: no system call is named '%s'; give a name such as openat or i386:open, or a number",
				    calls[i]);
		bitmap_add(&choice->more[abi], nr);
		value_choice_call(&choice->values, abi, nr);
	}
	return EXIT_DONE;
}

static void add_refused(struct choice *choice, unsigned int abi)
{
	const struct policy *policy = choice->policy;
	unsigned int nr;

	bitmap_for_each(nr, &policy->abi[abi].denied) {
		if (refused_kind(policy, choice->families, abi, nr) == REFUSED_PLAIN)
			bitmap_add(&choice->more[abi], nr);
		else
			bitmap_add(&choice->left[abi], nr);
	}
}

/* ---- what is printed */

static void print_call(unsigned int abi, unsigned int nr, const char *what)
{
	const char *name = sysname(abi, nr);

	out_text("  %s ", what);
	out_string("abi", "%s:", abi_name(abi));
	out_string_or_null("name", "%s", name);
	out_number("nr", name ? NULL : "%" PRIu64, nr);
}

/* Who made the call when it was refused; null in JSON if it was not, or if nobody knows. */
static void print_who(const struct policy *policy, unsigned int abi, unsigned int nr)
{
	const struct scmod_record *record = refused_record(policy, abi, nr);

	if (record)
		refused_print_who(record->count, record->time_ns, record_comm(record), record->pid);
	else
		refused_print_who(0, 0, NULL, 0);
}

static void print_added(const struct choice *choice, unsigned int abi, unsigned int nr)
{
	out_object(json_item);
	print_call(abi, nr, dry_run ? "would add" : "added");
	print_who(choice->policy, abi, nr);
	out_text("\n");
	out_object_end();
}

static void print_left(const struct choice *choice, unsigned int abi, unsigned int nr)
{
	enum refused kind = refused_kind(choice->policy, choice->families, abi, nr);
	char *why = refused_why(kind, choice->families, abi, nr);
	char *remedy = refused_remedy(choice->policy, abi, nr);

	out_object(json_item);
	print_call(abi, nr, "left out");
	print_who(choice->policy, abi, nr);
	out_string("reason", NULL, refused_name(kind));
	out_string("why", ": %s", why);
	out_string("do", "; '%s' allows it\n", remedy);
	out_object_end();
	free(remedy);
	free(why);
}

static void print_each(const char *key, const struct choice *choice, const struct bitmap *set,
		       void (*print)(const struct choice *, unsigned int, unsigned int))
{
	out_array(key);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		unsigned int nr;

		bitmap_for_each(nr, &set[abi])
			print(choice, abi, nr);
	}
	out_array_end();
}

static void report(const struct choice *choice, unsigned int count)
{
	out_start(stdout, json);
	out_object(NULL);
	print_each("added", choice, choice->more, print_added);
	print_each("left_out", choice, choice->left, print_left);
	value_choice_print(&choice->values, choice->policy, choice->denied, dry_run);
	out_string("path", "%s: ", choice->policy->path);
	out_number("count", dry_run ? "%" PRIu64 " more would be allowed\n" :
		   "%" PRIu64 " more allowed\n", count);
	out_bool("dry_run", NULL, dry_run);
	out_object_end();
	out_finish();
}

/* ---- what is done */

static int allow(const struct target *target, struct choice *choice)
{
	struct scmod_change change = target_change(target);
	unsigned int count = policy_leave_new(choice->policy->abi, choice->more);
	unsigned int left = policy_leave_new(choice->policy->abi, choice->left);
	int err;

	left += choice->values.left;
	count += value_choice_change(&choice->values, choice->policy, choice->more);
	if (count && !dry_run) {
		change.more = choice->more;
		change.selector = choice->values.change;
		err = scmod_set(&change, NULL);
		if (err)
			return scmod_fail("allow", target->name, err);
	}
	report(choice, count);
	if (left)
		warn("allow %s --denied: left out %u of the calls and values that were denied, because any process in the cgroup can have a call denied; allow by name those that are needed",
		     target->name, left);
	return EXIT_DONE;
}

/* Reads what the choice depends on; it must be released even if that failed. */
static int read_policy(const struct target *target, struct choice *choice, bool denied)
{
	int ret = denied ? families_read("allow", NULL, &choice->families) : EXIT_DONE;
	int err;

	if (ret)
		return ret;
	err = scmod_list(target->id, true, &choice->list);
	if (err)
		return scmod_fail("allow", target->name, err);
	choice->policy = choice->list.policy;
	return EXIT_DONE;
}

static void choice_release(struct choice *choice)
{
	value_choice_release(&choice->values);
	policy_list_release(&choice->list);
	families_free(choice->families);
}

static int run(const struct args *args)
{
	/* Too large for the stack, with the rules of all selectors. */
	static struct choice choice;
	struct target target;
	int ret = add_words(&choice, args->word + 1, args->count - 1);

	choice.denied = args->value[OPT_DENIED];
	json = args->json;
	dry_run = args->value[OPT_DRY_RUN];
	if (!ret)
		ret = scmod_open();
	if (!ret)
		ret = target_find("allow", args->word[0], TARGET_LIVE, &target);
	if (ret)
		return ret;
	ret = read_policy(&target, &choice, args->value[OPT_DENIED]);
	for (unsigned int abi = 0; !ret && args->value[OPT_DENIED] && abi < NR_ABIS; abi++)
		add_refused(&choice, abi);
	if (!ret && choice.denied)
		value_choice_denied(&choice.values, choice.policy);
	if (!ret)
		ret = allow(&target, &choice);
	choice_release(&choice);
	target_release(&target);
	return ret;
}

static const struct opt opt_denied = {
	.id = OPT_DENIED, .name = "denied",
	.text = "Allow the calls, and values of calls, that were refused so far, or would have been refused in mode complain. Any process in the cgroup can have a call refused, so some are left out: those that are never inferred, such as 'mount' and 'socket(AF_PACKET)'; 'clone3'; numbers without a name; and calls of which the record of who made them is lost. For each of these, the command that allows it is printed. Use '--dry-run' first.",
};

static const struct opt opt_dry_run = {
	.id = OPT_DRY_RUN, .name = "dry-run",
	.text = "Change nothing; show which calls would be allowed, how often each was refused, and who made it first.",
};

const struct verb verb_allow = {
	.name = "allow", .group = GROUP_CONTROL,
	.summary = "allow more calls, or values of calls, or what was refused so far",
	.example = "scmod allow /sys/fs/cgroup/web openat i386:open", .mute = true,
	.words = (const struct word[]){
		{ .name = "CGROUP", .kind = KIND_CGROUP },
		{ .name = "CALL", .kind = KIND_CALL, .many = true, .instead = &opt_denied },
		{ 0 },
	},
	.opts = (const struct opt *const[]){ &opt_dry_run, NULL },
	.run = run,
};
