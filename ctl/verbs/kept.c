// SPDX-License-Identifier: GPL-2.0
/* Keeps why a policy allows what was not seen. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "kernel/record.h"
#include "read/reader.h"
#include "verbs/kept.h"
#include "write/output.h"
#include "write/writer.h"

static char *path_of(const struct policy *policy)
{
	return mem_print(KEPT_DIR "/%" PRIu64 "-%" PRIu64 ".json", policy->id, policy->created);
}

static char *path_before(const struct policy *policy)
{
	return mem_print(KEPT_DIR "/%" PRIu64 "-%" PRIu64 ".before.json", policy->id,
			 policy->created);
}

/* The file that holds for the policy as it is now. */
static char *path_now(const struct policy *policy)
{
	char *path = policy->rolled_back ? path_before(policy) : NULL;

	if (path && !access(path, R_OK))
		return path;
	free(path);
	return path_of(policy);
}

/* Whether nobody but root can write there. Returns 0 or an errno value. */
static int check_dir(void)
{
	struct stat st;

	if (lstat(KEPT_DIR, &st))
		return errno;
	return S_ISDIR(st.st_mode) && !st.st_uid && !(st.st_mode & 022) ? 0 : EPERM;
}

/* What was kept for the policy, or NULL. */
static struct profile *read_kept(const struct policy *policy)
{
	struct messages messages = { 0 };
	struct reader_options options = { 0 };
	struct profile *profile = NULL;
	char *path = path_now(policy);

	if (!check_dir() && !access(path, R_OK))
		profile_read(path, &options, &messages, &profile);
	messages_release(&messages);
	free(path);
	return profile;
}

/* Whether evidence of the origin @from is evidence of the record that @own tells of. */
static bool is_own(const struct profile_origin *own, const struct profile_origin *from)
{
	/* Before its policy is made, 'learn' knows of a record nothing but the id. */
	return own->id == from->id && (!from->path || own->created == from->created);
}

static unsigned int origin_in(struct profile *to, const struct profile_origin *origin)
{
	return is_own(&to->origin[0], origin) ? 0 : profile_add_origin(to, origin);
}

/* Adds the reasons that @from has for allowing the call. @to is made of a record. */
static void add_reasons(struct profile *to, const struct profile *from, unsigned int abi,
			unsigned int nr)
{
	const struct profile_call *call = profile_at(from, abi, nr);

	for (size_t i = 0; i < call->nr_reasons; i++) {
		struct reason reason = call->reason[i];

		if (from->nr_origins)
			reason.origin = origin_in(to, &from->origin[reason.origin]);
		profile_add_reason(to, abi, nr, &reason);
	}
}

/* Whether all that is known is that the policy allows the call. */
static bool by_hand(const struct profile_call *call)
{
	return call->state == PROFILE_ALLOW && call->nr_reasons == 1 &&
	       call->reason[0].kind == REASON_HAND;
}

/* Whether the call was seen, but the module does not know by whom: the record was restored. */
static bool by_nobody(const struct profile_call *call)
{
	/* The reasons are sorted; behind it may be that the call is a lifeline. */
	return call->state == PROFILE_ALLOW && call->nr_reasons &&
	       call->reason[0].kind == REASON_SEEN && !call->reason[0].first;
}

static void explain_call(struct profile *profile, const struct profile *kept, unsigned int abi,
			 unsigned int nr)
{
	const struct profile_call *call = profile_at(profile, abi, nr);

	if ((!by_hand(call) && !by_nobody(call)) || !profile_allows(kept, abi, nr))
		return;
	profile_drop(profile, abi, nr);
	profile_set(profile, abi, nr, PROFILE_ALLOW, 0);
	add_reasons(profile, kept, abi, nr);
}

/* Whether all that is known of the rule is that the policy has it, or that the value was seen. */
static bool value_by_hand(const struct value_entry *entry)
{
	const struct reason *reason = entry->reason;

	return entry->nr_reasons == 1 &&
	       (reason->kind == REASON_HAND ||
		(reason->kind == REASON_SEEN && !reason->first));
}

static void take_reasons(struct profile *to, const struct profile *from, struct reason **list,
			 size_t *count, const struct reason *reasons, size_t nr_reasons)
{
	reason_release(list, count);
	for (size_t i = 0; i < nr_reasons; i++) {
		struct reason reason = reasons[i];

		if (from->nr_origins)
			reason.origin = origin_in(to, &from->origin[reason.origin]);
		reason_add(list, count, &reason);
	}
}

static void explain_values(struct profile *profile, const struct profile *kept,
			   unsigned int selector)
{
	struct value_set *set = &profile->values[selector];
	const struct value_set *known = &kept->values[selector];

	if (!set->listed && set->nr_reasons && !known->listed && known->nr_reasons)
		take_reasons(profile, kept, &set->reason, &set->nr_reasons, known->reason,
			     known->nr_reasons);
	for (size_t i = 0; i < set->count; i++) {
		struct value_entry *entry = &set->entry[i];
		const struct value_entry *other = values_find(known, &entry->rule);

		if (value_by_hand(entry) && other && other->nr_reasons)
			take_reasons(profile, kept, &entry->reason, &entry->nr_reasons,
				     other->reason, other->nr_reasons);
	}
}

static struct profile *explained(struct profile *profile, const struct policy *policy)
{
	struct profile *kept = read_kept(policy);

	if (!kept)
		return profile;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			explain_call(profile, kept, abi, nr);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		explain_values(profile, kept, selector);
	profile_free(kept);
	return profile;
}

struct profile *kept_profile(const struct policy *policy)
{
	return explained(record_profile(policy), policy);
}

struct profile *kept_tried(const struct policy *policy)
{
	return explained(record_tried(policy), policy);
}

static int write_own(FILE *to, void *data)
{
	struct output *out = data;

	out->to = to;
	return format_write_own(out);
}

static void drop_before(const struct policy *policy)
{
	char *path = path_before(policy);

	if (!check_dir())
		unlink(path);
	free(path);
}

static void replace(const char *verb, const struct policy *policy, struct profile *profile)
{
	struct messages messages = { 0 };
	struct output out = { .profile = profile, .name = policy->path, .messages = &messages };
	char *path = path_of(policy);
	int err = mkdir(KEPT_DIR, 0700) && errno != EEXIST ? errno : check_dir();

	if (!err && writer_whole(&messages, path, write_own, &out))
		err = EIO;
	if (err)
		warn("%s %s: done, but why each call is allowed could not be kept in %s (%s); later verbs will say 'allowed-by-hand'",
		     verb, policy->path, path, strerror(err));
	messages_release(&messages);
	free(path);
}

void kept_replace(const char *verb, const struct policy *policy, struct profile *profile)
{
	replace(verb, policy, profile);
	drop_before(policy);
}

/* Without a file to keep, the reasons of what comes back are unknown, and said to be so. */
static void keep_before(const struct policy *old)
{
	char *now = path_of(old), *before = path_before(old);

	/* In these cases that file holds already. */
	if (!old->confirm_ms && (!old->rolled_back || access(before, F_OK))) {
		drop_before(old);
		if (!check_dir() && link(now, before) && errno != ENOENT)
			warn("%s: %s; if the change is undone, why each call was allowed before is not known",
			     before, strerror(errno));
	}
	free(now);
	free(before);
}

void kept_try(const char *verb, const struct policy *old, const struct policy *policy,
	      struct profile *profile)
{
	if (old)
		keep_before(old);
	replace(verb, policy, profile);
}

void kept_add(const char *verb, const struct policy *policy, const struct profile *profile)
{
	struct profile *kept = kept_profile(policy);

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			explain_call(kept, profile, abi, nr);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		explain_values(kept, profile, selector);
	kept_replace(verb, policy, kept);
	profile_free(kept);
}

void kept_drop(const struct policy *policy)
{
	char *path = path_of(policy);

	if (!check_dir())
		unlink(path);
	free(path);
	drop_before(policy);
}
