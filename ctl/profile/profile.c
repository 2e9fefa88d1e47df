// SPDX-License-Identifier: GPL-2.0
/* A profile: what it says about each call, and why. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/lifeline.h"
#include "calls/soft.h"
#include "calls/sysname.h"
#include "profile/profile.h"

static const char *const state_names[] = {
	[PROFILE_SILENT] = "silent",
	[PROFILE_ALLOW] = "allow",
	[PROFILE_SOFT] = "soft",
	[PROFILE_REFUSE] = "refuse",
};

const char *profile_state_name(enum profile_state state)
{
	return state_names[state];
}

int profile_state_by_name(const char *name)
{
	for (int i = 0; i < __PROFILE_STATE_MAX; i++)
		if (!strcmp(state_names[i], name))
			return i;
	return -1;
}

struct profile *profile_new(void)
{
	struct profile *profile = mem_alloc(sizeof(*profile));

	profile->action = -1;
	profile->err = -1;
	return profile;
}

static void call_release(struct profile_call *call)
{
	reason_release(&call->reason, &call->nr_reasons);
	*call = (struct profile_call){ 0 };
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			call_release(&profile->abi[abi][nr]);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		values_release(&profile->values[selector]);
	for (size_t i = 0; i < profile->nr_origins; i++) {
		free(profile->origin[i].file);
		free(profile->origin[i].path);
		free(profile->origin[i].tool);
		free(profile->origin[i].kernel);
	}
	free(profile->origin);
	executed_release(&profile->executed);
	free(profile);
}

/* NULL sorts before any text. */
static int compare_texts(const char *a, const char *b)
{
	if (!a || !b)
		return !!a - !!b;
	return strcmp(a, b);
}

static bool same_origin(const struct profile_origin *a, const struct profile_origin *b)
{
	return !compare_texts(a->file, b->file) && !compare_texts(a->path, b->path) &&
	       !compare_texts(a->tool, b->tool) && !compare_texts(a->kernel, b->kernel) &&
	       a->id == b->id && a->created == b->created && a->partial == b->partial;
}

unsigned int profile_add_origin(struct profile *profile, const struct profile_origin *origin)
{
	struct profile_origin *copy;

	for (size_t i = 0; i < profile->nr_origins; i++)
		if (same_origin(&profile->origin[i], origin))
			return i;
	profile->origin = mem_grow(profile->origin, profile->nr_origins + 1,
				   sizeof(*profile->origin));
	copy = &profile->origin[profile->nr_origins];
	*copy = *origin;
	copy->file = mem_string(origin->file);
	copy->path = mem_string(origin->path);
	copy->tool = mem_string(origin->tool);
	copy->kernel = mem_string(origin->kernel);
	return profile->nr_origins++;
}

void profile_drop(struct profile *profile, unsigned int abi, unsigned int nr)
{
	call_release(&profile->abi[abi][nr]);
}

void profile_set(struct profile *profile, unsigned int abi, unsigned int nr,
		 enum profile_state state, int err)
{
	profile->abi[abi][nr].state = state;
	profile->abi[abi][nr].err = err;
}

void profile_add_reason(struct profile *profile, unsigned int abi, unsigned int nr,
			const struct reason *reason)
{
	struct profile_call *call = &profile->abi[abi][nr];

	reason_add(&call->reason, &call->nr_reasons, reason);
}

static void say(struct profile *profile, unsigned int abi, unsigned int nr,
		enum reason_kind kind, const char *fmt, va_list args)
{
	char text[4096];
	struct reason reason = { .kind = kind, .text = text };

	vsnprintf(text, sizeof(text), fmt, args);
	profile_add_reason(profile, abi, nr, &reason);
}

void profile_say(struct profile *profile, unsigned int abi, unsigned int nr,
		 enum reason_kind kind, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(profile, abi, nr, kind, fmt, args);
	va_end(args);
}

/*
 * Whether the evidence does not suffice: clone3 can make namespaces, and nobody can see whether
 * it does, so that only a person, or a file, allows it.
 */
static bool only_by_person(const struct profile *profile, unsigned int abi, unsigned int nr,
			   enum reason_kind kind)
{
	return profile_at(profile, abi, nr)->state != PROFILE_ALLOW && kind != REASON_HAND &&
	       kind != REASON_FILE && nr == (unsigned int)sysname_number(abi, "clone3");
}

void profile_allow(struct profile *profile, unsigned int abi, unsigned int nr,
		   enum reason_kind kind, const char *fmt, ...)
{
	struct profile_call *call = &profile->abi[abi][nr];
	va_list args;

	/*
	 * The reasons so far explain why the call is refused; they are no reasons to allow
	 * it.
	 */
	if (only_by_person(profile, abi, nr, kind))
		profile_set(profile, abi, nr, PROFILE_SOFT, 0);
	else if (call->state == PROFILE_SOFT)
		call_release(call);
	if (call->state == PROFILE_SILENT)
		call->state = PROFILE_ALLOW;
	va_start(args, fmt);
	say(profile, abi, nr, kind, fmt, args);
	va_end(args);
}

void profile_add_lifelines(struct profile *profile)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap set = lifeline_set(abi);
		unsigned int nr;

		bitmap_for_each(nr, &set) {
			if (!profile_allows(profile, abi, nr))
				call_release(&profile->abi[abi][nr]);
			profile_allow(profile, abi, nr, REASON_LIFELINE, "%s",
				      lifeline_reason(sysname(abi, nr)));
		}
	}
}

/* The release with which the newest call came that the profile names; NULL if it names none. */
static const char *newest_named(const struct profile *profile)
{
	const char *newest = NULL;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			const char *name = sysname(abi, nr), *release;

			if (!name || profile_at(profile, abi, nr)->state == PROFILE_SILENT)
				continue;
			release = sysname_release(name);
			if (release && (!newest || soft_later(release, newest)))
				newest = release;
		}
	return newest;
}

/*
 * Whoever wrote the file did not know calls that came after all of those that it names. runc
 * answers them with ENOSYS, whatever defaultAction says (libcontainer/seccomp/patchbpf).
 */
static const char *unknown_after(const struct profile *profile)
{
	bool oci = profile->form && (!strcmp(profile->form, "oci") ||
				     !strcmp(profile->form, "docker"));

	return oci ? newest_named(profile) : NULL;
}

/* @after: calls that came after this release are soft, too; or NULL */
static void add_soft(struct profile *profile, unsigned int abi, unsigned int nr,
		     const char *after)
{
	const char *name = sysname(abi, nr);
	const char *reason = name ? soft_reason(name) : NULL;
	const char *release = name ? sysname_release(name) : NULL;
	bool newer = name && soft_newer(name);
	bool unknown = after && release && soft_later(release, after);

	if (!reason && !newer && !unknown)
		return;
	profile_set(profile, abi, nr, PROFILE_SOFT, 0);
	if (reason)
		profile_say(profile, abi, nr, REASON_SOFT, "%s", reason);
	else if (newer)
		profile_say(profile, abi, nr, REASON_SOFT,
			    "it came with Linux %s, and programs have to work on older kernels",
			    release);
	else
		profile_say(profile, abi, nr, REASON_SOFT,
			    "it came with Linux %s, and the newest call that the file names with %s; runc answers what is newer with ENOSYS",
			    release, after);
}

void profile_add_soft(struct profile *profile)
{
	const char *after = unknown_after(profile);

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			if (profile_at(profile, abi, nr)->state == PROFILE_SILENT)
				add_soft(profile, abi, nr, after);
}

int profile_fallback(const struct profile *profile)
{
	if (profile->action == SCMOD_ACTION_KILL)
		return PROFILE_KILLS;
	return profile->err < 0 ? EPERM : profile->err;
}

int profile_errno(const struct profile *profile)
{
	return profile->err < 0 && profile->action == SCMOD_ACTION_ERRNO ? EPERM : profile->err;
}

int profile_answer(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	const struct profile_call *call = profile_at(profile, abi, nr);
	int answer = profile_fallback(profile);

	if (call->state == PROFILE_ALLOW)
		answer = 0;
	else if (call->state == PROFILE_SOFT)
		answer = ENOSYS;
	else if (call->state == PROFILE_REFUSE && call->err)
		answer = call->err;
	return answer;
}

bool profile_add_value(struct profile *profile, unsigned int selector,
		       const struct scmod_value_rule *rule, enum reason_kind kind,
		       const char *fmt, ...)
{
	char text[4096];
	struct reason reason = { .kind = kind, .text = text };
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return values_add(&profile->values[selector], selector, rule, &reason);
}

bool profile_selects(const struct profile *profile, unsigned int selector)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = selector_number(abi, selector);

		if (nr >= 0 && profile_allows(profile, abi, nr))
			return true;
	}
	return false;
}

int profile_value_answer(const struct profile *profile, unsigned int abi,
			 unsigned int selector, uint64_t value)
{
	int nr = selector_number(abi, selector), answer;

	if (nr < 0 || !profile_allows(profile, abi, nr))
		return nr < 0 ? profile_fallback(profile) : profile_answer(profile, abi, nr);
	answer = values_answer(&profile->values[selector], value);
	return answer == VALUES_DEFAULT ? profile_fallback(profile) : answer;
}

const struct reason *profile_reason(const struct profile *profile, unsigned int abi,
				    unsigned int nr, enum reason_kind kind)
{
	const struct profile_call *call = profile_at(profile, abi, nr);

	for (size_t i = 0; i < call->nr_reasons; i++)
		if (call->reason[i].kind == kind)
			return &call->reason[i];
	return NULL;
}

struct bitmap profile_calls(const struct profile *profile, unsigned int abi,
			    enum profile_state state)
{
	struct bitmap set = { 0 };

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		if (profile->abi[abi][nr].state == state)
			bitmap_add(&set, nr);
	return set;
}

struct bitmap profile_added(const struct profile *profile, unsigned int abi)
{
	struct bitmap set = profile_calls(profile, abi, PROFILE_ALLOW);
	unsigned int nr;

	bitmap_for_each(nr, &set)
		if (profile_reason(profile, abi, nr, REASON_SEEN) ||
		    profile_reason(profile, abi, nr, REASON_FILE))
			bitmap_drop(&set, nr);
	return set;
}

bool profile_unknown(const struct profile *profile, unsigned int abi, unsigned int nr)
{
	return !sysname(abi, nr) && profile_at(profile, abi, nr)->state == PROFILE_SILENT;
}

void profile_sets(const struct profile *profile, struct abi_sets *sets)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		sets[abi] = (struct abi_sets){ 0 };
		sets[abi].allowed = profile_calls(profile, abi, PROFILE_ALLOW);
		sets[abi].soft = profile_calls(profile, abi, PROFILE_SOFT);
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			if (profile_unknown(profile, abi, nr))
				bitmap_add(&sets[abi].soft, nr);
	}
}

/* Whether the call has a reason other than being a lifeline. */
static bool has_own_reason(const struct profile_call *call)
{
	for (size_t i = 0; i < call->nr_reasons; i++)
		if (call->reason[i].kind != REASON_LIFELINE)
			return true;
	return false;
}

bool profile_uses(const struct profile *profile, unsigned int abi)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		if (profile_allows(profile, abi, nr) &&
		    has_own_reason(profile_at(profile, abi, nr)))
			return true;
	return false;
}

bool profile_empty(const struct profile *profile)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (profile_uses(profile, abi))
			return false;
	return true;
}

bool profile_partial(const struct profile *profile)
{
	for (size_t i = 0; i < profile->nr_origins; i++)
		if (profile->origin[i].partial)
			return true;
	return false;
}

bool profile_has_io_uring(const struct profile *profile)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = sysname_number(abi, "io_uring_setup");

		if (nr >= 0 && profile_allows(profile, abi, nr))
			return true;
	}
	return false;
}

/* Of a call of which more values were used than there was room for, any is allowed. */
static void warn_full(const struct profile *profile, struct messages *messages)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		const struct value_set *set = &profile->values[selector];

		for (size_t i = 0; !set->listed && i < set->nr_reasons; i++)
			if (set->reason[i].kind == REASON_FULL)
				messages_add(messages, MESSAGE_WARNING, NULL, NULL,
					     "%s may be used with any value: more values were used than the record has room for",
					     selector_name(selector));
	}
}

static void warn_clone3(const struct profile *profile, struct messages *messages)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = sysname_number(abi, "clone3");

		if (nr >= 0 && profile_at(profile, abi, nr)->state == PROFILE_SOFT &&
		    profile_reason(profile, abi, nr, REASON_SEEN))
			messages_add(messages, MESSAGE_NOTE, NULL, NULL,
				     "%s:clone3 was seen, but returns ENOSYS, so that its callers fall back on clone: nobody can see which namespaces clone3 makes",
				     abi_name(abi));
	}
}

void profile_warn(const struct profile *profile, struct messages *messages)
{
	warn_full(profile, messages);
	warn_clone3(profile, messages);
	if (profile_has_io_uring(profile))
		messages_add(messages, MESSAGE_WARNING, NULL, NULL, PROFILE_IO_URING_WHY);
}

const char *profile_action_name(uint32_t action)
{
	static const char *const name[] = {
		[SCMOD_ACTION_ERRNO] = "errno",
		[SCMOD_ACTION_KILL] = "kill",
	};

	return action <= SCMOD_ACTION_MAX ? name[action] : "unknown";
}
