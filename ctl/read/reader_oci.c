// SPDX-License-Identifier: GPL-2.0
/*
 * Turns the contents of an OCI seccomp profile into a profile. For what libseccomp can do and a
 * policy can't, the caller's settings decide; without a setting it is an error.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/memory.h"
#include "calls/caps.h"
#include "calls/selector.h"
#include "calls/sysname.h"
#include "read/oci_parts.h"

/* At most this many rules are listed in one message. */
#define ARGS_TOLD 32

/* ---- what a policy can't do */

static int read_default(struct reading *reading, const struct oci *oci)
{
	const struct oci_answer *answer = &oci->standard;

	if (answer->err == PROFILE_KILLS) {
		reading->profile->action = SCMOD_ACTION_KILL;
		return EXIT_DONE;
	}
	if (answer->action != OCI_ERRNO)
		return reading_reject(reading, "use SCMP_ACT_ERRNO or SCMP_ACT_KILL_PROCESS",
				      "defaultAction %s refuses nothing", answer->name);
	reading->profile->action = SCMOD_ACTION_ERRNO;
	if (answer->errno_given)
		reading->profile->err = answer->errno_given;
	return EXIT_DONE;
}

static size_t enter_rule(struct reading *reading, size_t index)
{
	size_t back = reading_enter(reading, "syscalls");

	reading_enter_at(reading, index);
	return back;
}

static int check_actions(struct reading *reading, const struct oci *oci)
{
	for (size_t i = 0; i < oci->nr_rules; i++) {
		const struct oci_answer *answer = &oci->rule[i].answer;

		if (!oci->rule[i].holds || (answer->action != OCI_TRAP &&
					    answer->action != OCI_TRACE &&
					    answer->action != OCI_NOTIFY))
			continue;
		enter_rule(reading, i);
		return reading_reject(reading, "allow or refuse the call",
				      "action %s of '%s' is not supported", answer->name,
				      oci->rule[i].name[0]);
	}
	return EXIT_DONE;
}

static int check_architectures(struct reading *reading, const struct oci *oci)
{
	bool other = false;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		other |= abi != SCMOD_ABI_X86_64 && oci->abi[abi];
	if (oci->unlisted && !other)
		return reading_reject(reading, "add SCMP_ARCH_X86_64",
				      "the profile is made for other architectures");
	return EXIT_DONE;
}

static int check_comparisons(struct reading *reading, const struct oci *oci)
{
	for (size_t i = 0; i < oci->nr_rules; i++) {
		if (!oci->rule[i].holds || oci->rule[i].bad_arg < 0)
			continue;
		enter_rule(reading, i);
		reading_enter(reading, "args");
		reading_enter_at(reading, oci->rule[i].bad_arg);
		return reading_reject(reading, "let 'scmod lint' tell what is wrong with it",
				      "this is no comparison of arguments");
	}
	return EXIT_DONE;
}

/* Names all such rules in one message, so that one look is enough to choose --args. */
static int check_args(struct reading *reading, const struct oci *oci)
{
	unsigned int count = 0;
	char *list = NULL, *before;
	int ret;

	for (size_t i = 0; i < oci->nr_rules; i++) {
		if (!oci->rule[i].holds || !oci_rule_beyond(oci, &oci->rule[i]) ||
		    count++ >= ARGS_TOLD)
			continue;
		before = list;
		list = mem_print("%s%ssyscalls[%zu] ('%s')", before ? before : "",
				 before ? ", " : "", i, oci->rule[i].name[0]);
		free(before);
	}
	if (!list || reading->options->args != READER_ARGS_FAIL) {
		free(list);
		return EXIT_DONE;
	}
	ret = reading_reject(reading, "give '--args widen' to allow such calls whatever their arguments are, or '--args narrow' to refuse them",
			     "these rules check arguments that a policy can't check: %s%s", list,
			     count > ARGS_TOLD ? " and others" : "");
	free(list);
	return ret;
}

/* ---- what there is to say of rules */

static void note_log(struct reading *reading, const struct oci *oci)
{
	for (size_t i = 0; i < oci->nr_rules; i++) {
		size_t back;

		if (!oci->rule[i].holds || oci->rule[i].answer.action != OCI_LOG)
			continue;
		back = enter_rule(reading, i);
		reading_note(reading, "SCMP_ACT_LOG of '%s' is treated as SCMP_ACT_ALLOW, because a policy does not log what it allows",
			     oci->rule[i].name[0]);
		reading_leave(reading, back);
	}
}

/* Whether an ABI of the profile has the call, or i386 can make it through a multiplexer. */
static bool is_call(const struct oci *oci, const char *name)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (oci->abi[abi] && sysname_number(abi, name) >= 0)
			return true;
	return oci->abi[SCMOD_ABI_I386] && sysname_multiplexer(SCMOD_ABI_I386, name);
}

static void note_name(struct reading *reading, const struct oci *oci, struct oci_ref ref)
{
	const char *name = oci_name(oci, ref);
	char place[64];
	size_t back;

	if (is_call(oci, name))
		return;
	back = reading_enter(reading, oci_place(oci, ref, place, sizeof(place)));
	if (sysname_known(name))
		reading_note(reading, "'%s' is a call of other architectures only; left out", name);
	else
		reading_note(reading, "'%s' is not a call that this tool knows, but may be one of a newer kernel; left out",
			     name);
	reading_leave(reading, back);
}

static void note_names(struct reading *reading, const struct oci *oci)
{
	for (size_t i = 0; i < oci->nr_rules; i++)
		for (size_t j = 0; oci->rule[i].holds && j < oci->rule[i].nr_names; j++)
			note_name(reading, oci, (struct oci_ref){ i, j });
}

static void note_clashes(struct reading *reading, const struct oci *oci)
{
	for (size_t i = 0; i < oci->nr_clashes; i++) {
		const struct oci_clash *clash = &oci->clash[i];
		char here[64], there[64];
		size_t back;

		if (clash->kind != OCI_CLASH_ORDER)
			continue;
		back = reading_enter(reading, oci_place(oci, clash->here, here, sizeof(here)));
		reading_note(reading, "'%s' is treated differently by %s; that rule comes first and wins, as in libseccomp",
			     oci_name(oci, clash->here),
			     oci_place(oci, clash->there, there, sizeof(there)));
		reading_leave(reading, back);
	}
}

/* ---- what becomes of each call */

/* Refuses a call for all arguments. A call that gets ENOSYS becomes soft. */
static void refuse(struct profile *profile, unsigned int abi, unsigned int nr, int err,
		   const char *fmt, int rule)
{
	if (err == ENOSYS)
		profile_set(profile, abi, nr, PROFILE_SOFT, 0);
	else
		profile_set(profile, abi, nr, PROFILE_REFUSE, err);
	profile_say(profile, abi, nr, REASON_FILE, fmt, rule);
}

static void note_lost(struct reading *reading, const struct oci *oci, unsigned int abi,
		      unsigned int nr, int from)
{
	bool widen = reading->options->args == READER_ARGS_WIDEN;
	const char *name = sysname(abi, nr);
	char *why = oci_lost_for(&oci->rule[from], name);

	reading_note(reading, "%s:%s: syscalls[%d] checks arguments; because of '--args %s' the call is %s whatever they are%s",
		     abi_name(abi), name, from, widen ? "widen" : "narrow",
		     widen ? "allowed" : "refused", why);
	free(why);
}

/* Decides about a call that is allowed for some arguments and refused for others. */
static void decide_args(struct reading *reading, const struct oci *oci, unsigned int abi,
			unsigned int nr)
{
	const struct oci_call *call = &oci->call[abi][nr];
	bool may_pass = oci_there(call->allow) || oci_there(call->allow_args);
	struct oci_ref from = oci_there(call->allow_args) ? call->allow_args : call->refuse_args;
	struct profile *profile = reading->profile;

	note_lost(reading, oci, abi, nr, from.rule);
	if (reading->options->args == READER_ARGS_WIDEN && may_pass) {
		profile_set(profile, abi, nr, PROFILE_ALLOW, 0);
		profile_say(profile, abi, nr, REASON_FILE, "allowed by syscalls[%d] for some arguments, and by '--args widen' for all",
			    oci_there(call->allow_args) ? call->allow_args.rule : call->allow.rule);
		return;
	}
	refuse(profile, abi, nr,
	       oci_there(call->refuse_args) ? oci_answer_of(oci, call->refuse_args)->err : 0,
	       "syscalls[%d] checks arguments; refused because of '--args narrow'", from.rule);
}

/* ---- calls of selectors */

static void note_values(struct reading *reading, const struct oci *oci,
			const struct oci_values *values, unsigned int abi, unsigned int nr)
{
	const struct oci_call *call = &oci->call[abi][nr];
	bool widen = reading->options->args == READER_ARGS_WIDEN;
	const char *name = sysname(abi, nr);

	if (values->lost != OCI_NO_RULE) {
		char *why = oci_lost_for(&oci->rule[values->lost], name);

		reading_note(reading, "%s:%s: syscalls[%d] checks more than the values that a policy can; because of '--args %s', what is beyond them %s%s",
			     abi_name(abi), name, values->lost, widen ? "widen" : "narrow",
			     widen ? "makes no difference" : "is refused", why);
		free(why);
	}
	if (oci_there(call->allow) && oci_there(call->refuse_args))
		reading_note(reading, "%s:%s: syscalls[%d] refuses some values, but runtimes ignore that, because syscalls[%d] allows the call whatever its arguments are; a policy refuses them",
			     abi_name(abi), name, call->refuse_args.rule, call->allow.rule);
	if (values->dropped)
		reading_note(reading, "%s:%s: the profile has more than %u ranges of values; the rest is refused",
			     abi_name(abi), name, SCMOD_VALUE_RULES_MAX);
}

/* Decides about a call that is allowed with some values of its arguments. */
static void decide_values(struct reading *reading, const struct oci *oci,
			  const struct oci_values *values, unsigned int abi, unsigned int nr)
{
	struct profile *profile = reading->profile;
	int from = OCI_NO_RULE;

	for (size_t i = 0; i < values->count && from == OCI_NO_RULE; i++)
		if (!values->value[i].rule.err)
			from = values->value[i].from;
	note_values(reading, oci, values, abi, nr);
	if (from == OCI_NO_RULE) {
		refuse(profile, abi, nr, profile_fallback(profile) == ENOSYS ? ENOSYS : 0,
		       "no rule allows any of its values; see syscalls[%d]",
		       values->count ? values->value[0].from : values->lost);
		return;
	}
	profile_set(profile, abi, nr, PROFILE_ALLOW, 0);
	profile_say(profile, abi, nr, REASON_FILE, "allowed by syscalls[%d] for some values", from);
}

static void set_values(struct profile *profile, unsigned int selector,
		       const struct oci_values *values)
{
	struct value_set *set = &profile->values[selector];

	if (!values->listed || !profile_selects(profile, selector))
		return;
	values_list(set);
	for (size_t i = 0; i < values->count; i++) {
		struct reason reason = {
			.kind = REASON_FILE,
			.text = mem_print("%s by syscalls[%d]",
					  values->value[i].rule.err ? "refused" : "allowed",
					  values->value[i].from),
		};

		values_append(set, selector, &values->value[i].rule, &reason);
		free(reason.text);
	}
}

static void allow(struct reading *reading, const struct oci_call *call, unsigned int abi,
		  unsigned int nr)
{
	profile_set(reading->profile, abi, nr, PROFILE_ALLOW, 0);
	profile_say(reading->profile, abi, nr, REASON_FILE, "allowed by syscalls[%d]",
		    call->allow.rule);
	if (oci_there(call->usual))
		reading_note(reading, "%s:%s: syscalls[%d] refuses the call just as defaultAction does, and runtimes ignore such a rule; syscalls[%d] allows it",
			     abi_name(abi), sysname(abi, nr), call->usual.rule, call->allow.rule);
}

static void decide(struct reading *reading, const struct oci *oci,
		   const struct oci_values *values, unsigned int abi, unsigned int nr)
{
	const struct oci_call *call = &oci->call[abi][nr];
	struct profile *profile = reading->profile;
	int selector = selector_of(abi, nr);
	/*
	 * A rule that refuses the call for all arguments overrides the others, as in
	 * libseccomp.
	 */
	bool args_matter = !oci_there(call->refuse) && (oci_there(call->refuse_args) ||
			   (oci_there(call->allow_args) && !oci_there(call->allow)));

	if (args_matter && selector >= 0 && values[selector].listed)
		decide_values(reading, oci, &values[selector], abi, nr);
	else if (args_matter)
		decide_args(reading, oci, abi, nr);
	else if (oci_there(call->allow))
		allow(reading, call, abi, nr);
	else if (oci_there(call->refuse))
		refuse(profile, abi, nr, oci_answer_of(oci, call->refuse)->err,
		       "refused by syscalls[%d]", call->refuse.rule);
	else if (oci_there(call->usual))
		refuse(profile, abi, nr, profile_fallback(profile) == ENOSYS ? ENOSYS : 0,
		       "refused by syscalls[%d]", call->usual.rule);
}

static void decide_all(struct reading *reading, const struct oci *oci)
{
	struct oci_values values[NR_SELECTORS];

	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		values[selector] = oci_values_of(oci, selector, reading->options->args);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		reading->profile->covers[abi] = oci->abi[abi];
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			decide(reading, oci, values, abi, nr);
	}
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		set_values(reading->profile, selector, &values[selector]);
		free(values[selector].value);
	}
}

/* ---- what there is to say of the whole */

static void note_architectures(struct reading *reading, const struct oci *oci)
{
	if (oci->foreign)
		reading_note(reading, "what the profile says about machines other than x86 is left out");
	if (oci->unlisted)
		reading_note(reading, "SCMP_ARCH_X86_64 is not listed, but runtimes always apply a profile to it, too");
}

/* The first allowed call that i386 can make through @multiplexer; or NULL. */
static const char *made_by(const struct oci *oci, const char *multiplexer)
{
	for (size_t i = 0; i < oci->nr_rules; i++)
		for (size_t j = 0; j < oci->rule[i].nr_names; j++) {
			const char *by = sysname_multiplexer(SCMOD_ABI_I386, oci->rule[i].name[j]);

			if (by && !strcmp(by, multiplexer) && oci->rule[i].holds &&
			    !oci->rule[i].answer.err)
				return oci->rule[i].name[j];
		}
	return NULL;
}

/* A policy can't check which call a multiplexer is asked to make. */
static void note_multiplexed(struct reading *reading, const struct oci *oci, const char *by)
{
	const char *name = oci->abi[SCMOD_ABI_I386] ? made_by(oci, by) : NULL;

	if (name && !profile_allows(reading->profile, SCMOD_ABI_I386,
				    sysname_number(SCMOD_ABI_I386, by)))
		reading_note(reading, "32-bit programs can make '%s' through %s, which runtimes allow for that purpose; a policy refuses %s, because it can't check which call is made through it",
			     name, by, by);
}

/* The name of the first action that ends only a thread, not the process; or NULL. */
static const char *thread_action(const struct oci *oci)
{
	if (oci->standard.action == OCI_KILL_THREAD)
		return oci->standard.name;
	for (size_t i = 0; i < oci->nr_rules; i++)
		if (oci->rule[i].holds && oci->rule[i].answer.action == OCI_KILL_THREAD)
			return oci->rule[i].answer.name;
	return NULL;
}

static void note_what_is_other(struct reading *reading, const struct oci *oci)
{
	note_multiplexed(reading, oci, "socketcall");
	note_multiplexed(reading, oci, "ipc");
	if (thread_action(oci))
		reading_note(reading, "%s ends only a thread; a policy ends the process instead",
			     thread_action(oci));
	if (oci->flags)
		reading_note(reading, "the profile's flags are left out: they are for seccomp filters, and a policy has none");
}

static void note_conditions(struct reading *reading, const struct oci *oci)
{
	struct utsname name = { 0 };
	char caps[1024] = "";
	size_t len = 0;

	if (!oci->conditions)
		return;
	uname(&name);
	for (int cap = 0; cap < 64 && len < sizeof(caps); cap++)
		if (oci->caps >> cap & 1 && caps_name(cap))
			len += snprintf(caps + len, sizeof(caps) - len, " %s", caps_name(cap));
	reading_note(reading, "%u rules have conditions; %u of them do not apply on " OCI_GO_ARCH ", kernel %s, with%s",
		     oci->conditions, oci->dropped, name.release,
		     len ? caps : "out capabilities; use --cap to give some");
}

int reading_oci(struct reading *reading, const struct oci *oci)
{
	const struct profile_origin origin = { .file = (char *)reading->path };
	int ret = read_default(reading, oci);

	profile_add_origin(reading->profile, &origin);
	reading->profile->form = oci->arch_map ? "docker" : "oci";
	if (!ret && oci->listener)
		ret = reading_reject(reading, "allow or refuse the calls that are sent to it",
				     "listenerPath is not supported");
	if (!ret)
		ret = check_architectures(reading, oci);
	if (!ret)
		ret = check_actions(reading, oci);
	if (!ret)
		ret = check_comparisons(reading, oci);
	if (!ret)
		ret = check_args(reading, oci);
	if (ret)
		return ret;
	note_log(reading, oci);
	note_names(reading, oci);
	note_clashes(reading, oci);
	decide_all(reading, oci);
	note_architectures(reading, oci);
	note_what_is_other(reading, oci);
	note_conditions(reading, oci);
	return EXIT_DONE;
}
