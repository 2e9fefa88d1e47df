// SPDX-License-Identifier: GPL-2.0
/* scmod save: writes all policies to a file, from which restore puts them back. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/output.h"
#include "kernel/cgroup.h"
#include "kernel/nl.h"
#include "verbs/each.h"
#include "verbs/kept.h"
#include "verbs/settle.h"
#include "write/saved.h"
#include "write/writer.h"

/**
 * struct saving - what is saved
 * @list: the policies, with their records
 * @saved: how many of them are in the file
 * @waiting: of how many of these a change waits to be confirmed
 */
struct saving {
	struct policy_list list;
	unsigned int saved;
	unsigned int waiting;
};

/* The name by which the policy can be made again; to be freed. */
static char *name_of(const struct policy *policy)
{
	if (policy_named(policy) && !policy_pattern(policy) && cgroup_is_pattern(policy->path))
		return cgroup_escaped(policy->path);
	return mem_string(policy->path);
}

/* The reasons of calls that are allowed. Those of other calls would make the file long. */
static struct profile *reasons_of(const struct policy *policy)
{
	struct profile *profile = kept_profile(policy);

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			if (!profile_allows(profile, abi, nr))
				profile_drop(profile, abi, nr);
	return profile;
}

static void take_seen(struct saved_selector *saved, const struct policy *policy,
		      unsigned int selector)
{
	const struct scmod_value_record *record;

	policy_for_each_value(record, policy, selector, SCMOD_RECORD_SEEN)
		if (saved->nr_seen < SCMOD_VALUE_RULES_MAX)
			saved->seen[saved->nr_seen++] = record->value;
}

static struct saved_selector *selectors_of(const struct policy *policy)
{
	struct saved_selector *selector = saved_selectors();

	for (unsigned int i = 0; i < NR_SELECTORS; i++) {
		const struct policy_selector *known = &policy->selector[i];

		if (known->listed)
			values_list(&selector[i].set);
		for (size_t k = 0; k < known->nr_rules; k++)
			values_append(&selector[i].set, i, &known->rule[k], NULL);
		if (policy_watches(policy, i) == selector_optional(i))
			selector[i].watch = policy_watches(policy, i);
		take_seen(&selector[i], policy, i);
	}
	return selector;
}

static void write_policy(const struct policy *policy)
{
	struct saved saved = {
		.name = name_of(policy), .once = settle_is_once(policy), .mode = policy->mode,
		.action = policy->action, .err = policy->err, .reasons = reasons_of(policy),
		.selector = selectors_of(policy),
	};

	memcpy(saved.abi, policy->abi, sizeof(saved.abi));
	saved_write(&saved);
	free(saved.name);
	profile_free(saved.reasons);
	saved_selectors_free(saved.selector);
}

static int write_all(FILE *to, void *data)
{
	struct saving *saving = data;
	char *boot = settle_boot();

	saved_begin(to, boot);
	for (size_t i = 0; i < saving->list.count; i++) {
		if (policy_gone(&saving->list.policy[i]))
			continue;
		write_policy(&saving->list.policy[i]);
		saving->saved++;
		saving->waiting += !!saving->list.policy[i].confirm_ms;
	}
	saved_end();
	free(boot);
	return EXIT_DONE;
}

/* Makes the directory of the standard file, which the package may not have made. */
static int make_dir(void)
{
	if (mkdir(SETTLE_FILE_DIR, 0700) && errno != EEXIST)
		return fail(exit_code_of(errno), "save %s: %s; give another file", SETTLE_FILE_DIR,
			    strerror(errno));
	return EXIT_DONE;
}

static void report(const struct saving *saving, const char *file, bool json)
{
	size_t gone = saving->list.count - saving->saved;

	if (!file_is_stream(file)) {
		out_start(stdout, json);
		out_object(NULL);
		out_string("file", "%s: ", file);
		out_number("saved", "%" PRIu64 " policies saved\n", saving->saved);
		out_object_end();
		out_finish();
	}
	if (saving->waiting)
		note("save: of %u policies a change waits to be confirmed; what held before it was saved",
		     saving->waiting);
	if (gone)
		note("save: left out %zu records of cgroups that are gone; 'scmod dump' writes each of them",
		     gone);
}

static int save(const char *file, bool json)
{
	struct messages messages = { 0 };
	struct saving saving = { 0 };
	int err = scmod_list_confirmed(&saving.list);
	int ret;

	if (err)
		return scmod_fail("save", NULL, err);
	writer_whole(&messages, file, write_all, &saving);
	ret = messages_tell(&messages, "save");
	if (!ret)
		report(&saving, file, json);
	policy_list_release(&saving.list);
	return ret;
}

static int run(const struct args *args)
{
	const char *file = args->count ? args->word[0] : SETTLE_FILE;
	int ret = scmod_open();

	if (!ret && !args->count)
		ret = make_dir();
	return ret ? ret : save(file, args->json);
}

const struct verb verb_save = {
	.name = "save", .group = GROUP_CONTROL,
	.summary = "write all policies to a file, for 'scmod restore'",
	.example = "scmod save policies.json", .mute = true,
	.words = (const struct word[]){
		{ .name = "FILE", .kind = KIND_OUTPUT, .optional = true },
		{ 0 },
	},
	.run = run,
};
