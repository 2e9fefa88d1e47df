// SPDX-License-Identifier: GPL-2.0
/* At the end of a container: writes what was learned, and forgets its policy. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
#include "infer/infer.h"
#include "infer/runtime.h"
#include "kernel/nl.h"
#include "profile/union.h"
#include "verbs/kept.h"
#include "verbs/oci_note.h"
#include "verbs/oci_policy.h"
#include "verbs/refused.h"
#include "verbs/settle.h"
#include "verbs/source.h"
#include "write/extend.h"
#include "write/writer.h"

/* ---- what was learned */

/*
 * The record, with equivalents of the calls that were seen, and with those that the runtime makes
 * after it has loaded the profile. What its programs import can't be told any more.
 */
static int profile_of(const struct policy *policy, const char *runtime, struct profile **profile)
{
	struct infer_wish wish = { .level = "family", .usual_runtime = runtime };
	struct infer infer;
	int ret = infer_read("oci-hook", &wish, &infer);

	*profile = kept_profile(policy);
	if (!ret)
		ret = infer_load(&infer, false);
	if (!ret) {
		profile_add_lifelines(*profile);
		infer_add(&infer, *profile, NULL);
		profile_add_soft(*profile);
	}
	infer_release(&infer);
	return ret;
}

static int write_file(const struct oci_state *state, const struct oci_wish *wish,
		      const struct policy *policy, const char *runtime)
{
	struct messages messages = { 0 };
	struct output out = { .name = policy->path, .messages = &messages };
	int ret = profile_of(policy, runtime_takes(wish->format) ? runtime : NULL, &out.profile);

	if (!ret) {
		if (wish->base)
			extend_write(&out, wish->base, wish->file);
		else
			writer_write(&out, format_find(wish->format), wish->file);
		ret = messages_tell(&messages, "oci-hook %s", state->id);
	}
	profile_free(out.profile);
	return ret;
}

/* ---- the record of a name */

/* Holds the lock that keeps others from adding to a record meanwhile; -1 with errno set. */
static int lock_store(void)
{
	int fd;

	if ((mkdir(SETTLE_FILE_DIR, 0700) && errno != EEXIST) ||
	    (mkdir(OCI_STORE_DIR, 0700) && errno != EEXIST))
		return -1;
	fd = open(OCI_STORE_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* The union of the profile and the one in the file, which was learned before; to be freed. */
static struct profile *united(const struct profile *profile, const struct profile *before,
			      struct messages *messages)
{
	bool (*named)[SCMOD_NR_BITS] = mem_alloc(NR_ABIS * sizeof(*named));
	struct profile *all = profile_new();

	union_note_names(named, before);
	union_note_names(named, profile);
	union_add(all, before, named, messages);
	union_add(all, profile, named, messages);
	profile_add_lifelines(all);
	profile_add_soft(all);
	free(named);
	return all;
}

static int add_to_store(const struct oci_state *state, const char *path, struct profile **profile)
{
	const struct reader_options options = { 0 };
	struct profile *before = NULL, *all;
	struct messages messages = { 0 };
	struct output out = { .name = path, .messages = &messages };
	int ret = EXIT_DONE;

	if (!access(path, F_OK)) {
		ret = source_read_file("oci-hook", path, &options, &before);
		if (!ret) {
			all = united(*profile, before, &messages);
			messages_release(&messages);
			profile_free(*profile);
			*profile = all;
		}
		profile_free(before);
	}
	out.profile = *profile;
	if (!ret) {
		writer_write(&out, format_find("json"), path);
		ret = messages_tell(&messages, "oci-hook %s", state->id);
	}
	return ret;
}

static int store(const struct oci_state *state, const struct oci_wish *wish,
		 const struct policy *policy)
{
	char *path = mem_print(OCI_STORE_DIR "/%s.json", wish->name);
	struct profile *profile = NULL;
	int lock = lock_store();
	int ret;

	if (lock < 0)
		ret = fail(exit_code_of(errno), "oci-hook %s: " OCI_STORE_DIR ": %s", state->id,
			   strerror(errno));
	else
		ret = profile_of(policy, NULL, &profile);
	if (!ret)
		ret = add_to_store(state, path, &profile);
	if (lock >= 0)
		close(lock);
	profile_free(profile);
	free(path);
	return ret;
}

static int save_learned(const struct oci_state *state, const struct oci_wish *wish,
			const struct policy *policy, const char *runtime)
{
	int ret = EXIT_DONE, failed = EXIT_DONE;

	if (policy->awaits || !policy_count_of(policy, seen))
		return fail(EXIT_FAILED, "oci-hook %s: the container's program was never executed, so nothing was learned; see what the runtime says",
			    state->id);
	if (wish->file)
		ret = write_file(state, wish, policy, runtime);
	if (wish->name)
		failed = store(state, wish, policy);
	return ret ? ret : failed;
}

/* ---- what was refused */

static void warn_refused(const struct oci_state *state, const struct policy *policy,
			 unsigned int abi, unsigned int nr)
{
	const struct scmod_record *record = refused_record(policy, abi, nr);
	const char *name = sysname(abi, nr);

	warn("oci-hook %s: %s:%s (%u) was %s, %u times, first by %s", state->id, abi_name(abi),
	     name ? name : "?", nr, policy_enforces(policy) ? "refused" : "not allowed",
	     record ? record->count : 0, record ? record_comm(record) : "?");
}

static void warn_refused_value(const struct oci_state *state, const struct policy *policy,
			       const struct scmod_value_record *record)
{
	char *text = value_text(record->selector, record->value);

	warn("oci-hook %s: %s was %s, %u times, first by %s", state->id, text,
	     policy_enforces(policy) ? "refused" : "not allowed", record->count,
	     value_record_comm(record));
	free(text);
}

static void report_refused(const struct oci_state *state, const struct policy *policy)
{
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		const struct scmod_value_record *record;

		policy_for_each_value(record, policy, selector, SCMOD_RECORD_DENIED)
			warn_refused_value(state, policy, record);
	}
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		unsigned int nr;

		bitmap_for_each(nr, &policy->abi[abi].denied)
			warn_refused(state, policy, abi, nr);
	}
}

/* ---- the end */

static int drop(const struct oci_state *state, const struct policy *policy, bool keep)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	int err;

	change.id = policy->id;
	change.mode = SCMOD_MODE_OFF;
	/* Where the cgroup has been removed, this fails, and is not needed. */
	scmod_set(&change, NULL);
	if (keep)
		return EXIT_DONE;
	err = scmod_forget(policy->id);
	if (err)
		return scmod_fail("oci-hook", state->id, err);
	kept_drop(policy);
	return EXIT_DONE;
}

static int stop(const struct oci_state *state, const struct oci_wish *wish,
		const struct policy *policy, const char *runtime)
{
	int ret = EXIT_DONE, failed;

	if (wish->mode == SCMOD_MODE_LEARN)
		ret = save_learned(state, wish, policy, runtime);
	else
		report_refused(state, policy);
	failed = drop(state, policy, wish->keep);
	return ret ? ret : failed;
}

int oci_policy_stop(const struct oci_state *state, const struct oci_wish *wish)
{
	struct policy_list list;
	struct oci_note note;
	int err = oci_note_take(state, &note);
	int ret;

	if (err == -ENOENT)
		return fail(EXIT_FAILED, "oci-hook %s: no policy was made when the container started, so nothing was learned or refused; see what was logged when it started",
			    state->id);
	if (err)
		return fail(exit_code_of(-err), "oci-hook %s: " KEPT_DIR "/oci/%s: %s", state->id,
			    state->id, strerror(-err));
	ret = scmod_open();
	if (ret)
		return ret;
	err = scmod_list(note.policy, true, &list);
	if (err)
		return scmod_fail("oci-hook", state->id, err);
	ret = stop(state, wish, &list.policy[0], note.runtime);
	policy_list_release(&list);
	return ret;
}
