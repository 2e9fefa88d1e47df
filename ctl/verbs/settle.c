// SPDX-License-Identifier: GPL-2.0
/*
 * Puts the policies of files in force. Each is set by one message, so that no policy is ever
 * half of what its file says, and none is set that is so already.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/output.h"
#include "kernel/cgroup.h"
#include "kernel/nl.h"
#include "read/saved.h"
#include "verbs/kept.h"
#include "verbs/priority.h"
#include "verbs/settle.h"
#include "verbs/settle_values.h"

const struct opt opt_dry_run_files = {
	.id = OPT_DRY_RUN, .name = "dry-run",
	.text = "Change nothing; show what would change.",
};

bool settle_is_once(const struct policy *policy)
{
	/* The root cgroup has no name, but is never removed. */
	return !policy_named(policy) && strcmp(policy->path, "/");
}

char *settle_boot(void)
{
	char *id = file_read_regular("/proc/sys/kernel/random/boot_id", 64);

	if (id)
		id[strcspn(id, "\n")] = '\0';
	return id;
}

/* ---- the file */

/* Checks the name, and brings it into the form that the module expects. */
static int check_name(const char *verb, const char *path, struct saved *saved)
{
	char name[SCMOD_PATH_MAX];
	const char *fault = cgroup_name(saved->name, name, sizeof(name));

	if (fault)
		return fail(EXIT_FAILED, "%s %s: name '%s': %s", verb, path, saved->name, fault);
	/* cgroup_name() returns "" for the root cgroup; keep its "/". */
	if (!saved->once && *name) {
		free(saved->name);
		saved->name = mem_string(name);
	}
	return EXIT_DONE;
}

int settle_read(const char *verb, const char *path, struct saved_file *file)
{
	struct messages messages = { 0 };
	int ret;

	saved_read(path, &messages, file);
	ret = messages_tell(&messages, "%s %s", verb, path);
	for (size_t i = 0; !ret && i < file->count; i++)
		ret = check_name(verb, path, &file->policy[i]);
	if (ret)
		saved_release(file);
	return ret;
}

/* ---- what is there */

/* Whether the saved policy's name refers to this policy. */
static bool has_name(const struct policy *policy, const struct saved *saved)
{
	char *escaped;
	bool same;

	if (!strcmp(policy->path, saved->name))
		return policy_pattern(policy) == (!saved->once && cgroup_is_pattern(saved->name));
	if (policy_pattern(policy) || saved->once || !cgroup_is_pattern(saved->name))
		return false;
	escaped = cgroup_escaped(policy->path);
	same = !strcmp(escaped, saved->name);
	free(escaped);
	return same;
}

static const struct policy *find(const struct policy_list *list, const struct saved *saved)
{
	const struct policy *found = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct policy *policy = &list->policy[i];

		if (policy_gone(policy) || !has_name(policy, saved))
			continue;
		if (settle_is_once(policy) == saved->once)
			return policy;
		found = policy;
	}
	return found;
}

/* ---- what is to change */

enum outcome { CREATED, CHANGED, SAME, KEPT, ENDED, FAILED };

/**
 * struct step - one policy of a file
 * @settle: the run that it belongs to
 * @path: the file
 * @saved: the policy in the file
 * @now: the policy that is there, or NULL
 * @priority: which refusals are to have priority, one set per ABI
 * @more: how many calls are to be allowed that are not now
 * @fewer: how many are allowed now, and are not to be
 * @waiting: no cgroup has the name
 * @outcome: what was done
 */
struct step {
	const struct settle *settle;
	const char *path;
	const struct saved *saved;
	const struct policy *now;
	struct bitmap priority[NR_ABIS];
	unsigned int more;
	unsigned int fewer;
	bool waiting;
	enum outcome outcome;
};

static unsigned int count_beyond(const struct bitmap *set, const struct bitmap *other)
{
	struct bitmap beyond = *set;

	bitmap_subtract(&beyond, other);
	return bitmap_count(&beyond);
}

static bool equal(const struct bitmap *a, const struct bitmap *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static void take_priority(struct step *step)
{
	const struct infer rules = { .verb = step->settle->verb };

	if (!step->saved->has_priority) {
		priority_calls(&rules, step->priority);
		return;
	}
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		step->priority[abi] = step->saved->abi[abi].priority;
}

static void count_calls(struct step *step)
{
	static const struct policy none;
	const struct policy *now = step->now ? step->now : &none;

	if (!step->saved->has_sets)
		return;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		const struct bitmap *allowed = &step->saved->abi[abi].allowed;

		step->more += count_beyond(allowed, &now->abi[abi].allowed);
		step->fewer += count_beyond(&now->abi[abi].allowed, allowed);
	}
}

static bool same_abi(const struct step *step, unsigned int abi)
{
	const struct abi_sets *saved = &step->saved->abi[abi], *now = &step->now->abi[abi];

	if (step->saved->has_sets && (!equal(&saved->allowed, &now->allowed) ||
				      !equal(&saved->soft, &now->soft)))
		return false;
	return equal(&step->priority[abi], &now->priority) &&
	       !count_beyond(&saved->seen, &now->seen) &&
	       !count_beyond(&saved->denied, &now->denied);
}

static bool same(const struct step *step)
{
	const struct saved *saved = step->saved;
	const struct policy *now = step->now;

	/* Set it anew, or what held before would come back. */
	if (now->confirm_ms || (uint32_t)saved->mode != now->mode ||
	    (saved->action >= 0 && (uint32_t)saved->action != now->action) ||
	    (saved->err >= 0 && (uint32_t)saved->err != now->err) ||
	    (!saved->once && settle_is_once(now)))
		return false;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (!same_abi(step, abi))
			return false;
	return settle_same_values(saved, now);
}

/* Whether the policy that is there refuses what the saved one would not. */
static bool loosens(const struct step *step)
{
	if (!policy_enforces(step->now))
		return false;
	return step->saved->mode != SCMOD_MODE_ENFORCE || step->more ||
	       settle_more_values(step->saved, step->now) ||
	       (step->now->action == SCMOD_ACTION_KILL &&
		step->saved->action == SCMOD_ACTION_ERRNO);
}

/* ---- the change */

/* Opens the directory of a cgroup that has no name for its policy; -1 if there is none. */
static int open_dir(const struct step *step)
{
	const char *mount = cgroup_mount();
	char *path;
	uint64_t id;
	int fd = -1;

	if (!mount)
		return -1;
	path = mem_print("%s%s", mount, step->saved->name);
	if (cgroup_open(path, &fd, &id) != CGROUP_V2)
		fd = -1;
	free(path);
	return fd;
}

static bool by_dir(const struct step *step)
{
	return !step->now && (step->saved->once || !strcmp(step->saved->name, "/"));
}

static struct scmod_change change_of(const struct step *step, int fd)
{
	const struct saved *saved = step->saved;
	struct scmod_change change = SCMOD_CHANGE_NONE;

	if (step->now)
		change.id = step->now->id;
	else if (by_dir(step))
		change.fd = fd;
	else
		change.name = saved->name;
	change.follow = step->now && !saved->once && settle_is_once(step->now);
	change.mode = saved->mode;
	change.action = saved->action;
	change.err = saved->err;
	change.abi = saved->has_sets ? saved->abi : NULL;
	change.priority = step->priority;
	change.record = saved->abi;
	/* A policy that is there has its own; the module would add them again. */
	change.executed = !step->now && saved->reasons ? &saved->reasons->executed : NULL;
	return change;
}

static bool is_around_us(const char *path, uint64_t id, void *data)
{
	const struct saved *saved = data;

	(void)id;
	return cgroup_has_name(path, saved->name);
}

static void warn_around_us(const struct step *step)
{
	const struct saved *saved = step->saved;

	if (saved->mode == SCMOD_MODE_ENFORCE && cgroup_holds_us(is_around_us, (void *)saved))
		warn("%s %s: %s: this command runs inside the cgroup, and now only a process outside of it can undo this",
		     step->settle->verb, step->path, saved->name);
}

/*
 * The policy continues the saved record, so its reasons are given the policy's own record as their
 * origin, unless one of the two is partial and the other is not.
 */
static void adopt(struct profile *reasons, const struct policy *now)
{
	struct profile_origin *origin = reasons->origin;

	if (!reasons->nr_origins || !origin->path || strcmp(origin->path, now->path) ||
	    origin->partial != policy_partial(now))
		return;
	origin->id = now->id;
	origin->created = now->created;
}

static void keep_reasons(const struct step *step, const struct policy *now)
{
	struct profile *reasons = step->saved->reasons;

	if (!reasons)
		return;
	adopt(reasons, now);
	kept_replace(step->settle->verb, now, reasons);
}

static int send(struct step *step, int fd)
{
	struct selector_change *selector = settle_values(step->saved);
	struct scmod_change change = change_of(step, fd);
	struct policy after;
	char *name;
	int err, ret;

	change.selector = selector;
	err = scmod_set(&change, &after);
	settle_values_free(selector);
	if (!err) {
		warn_around_us(step);
		step->waiting = policy_waiting(&after);
		keep_reasons(step, &after);
		policy_release(&after);
		return EXIT_DONE;
	}
	name = mem_print("%s: %s", step->path, step->saved->name);
	ret = scmod_fail(step->settle->verb, name, err);
	free(name);
	return ret;
}

static int keep_stricter(const struct step *step)
{
	return fail(EXIT_FAILED,
		    "%s %s: %s: the policy that is there refuses what the saved one would not, so it stays; give --replace to loosen it",
		    step->settle->verb, step->path, step->saved->name);
}

static bool is_this_boot(const struct settle *settle, const struct saved_file *file)
{
	return file->boot && settle->boot && !strcmp(file->boot, settle->boot);
}

/* Does what is to be done. Returns an exit code. */
static int take(struct step *step, const struct saved_file *file)
{
	enum outcome *outcome = &step->outcome;
	const struct settle *settle = step->settle;
	int fd = by_dir(step) ? open_dir(step) : -1;
	int ret = EXIT_DONE;

	*outcome = step->now ? CHANGED : CREATED;
	if (by_dir(step) && (fd < 0 || (step->saved->once && !is_this_boot(settle, file)))) {
		*outcome = ENDED;
	} else if (step->now && same(step)) {
		*outcome = SAME;
	} else if (step->now && !settle->loosen && loosens(step)) {
		*outcome = KEPT;
		ret = keep_stricter(step);
	} else if (!settle->dry_run) {
		ret = send(step, fd);
	}
	if (fd >= 0)
		close(fd);
	if (ret && *outcome != KEPT)
		*outcome = FAILED;
	return ret;
}

/* ---- what is printed */

static void print_was(const struct step *step)
{
	enum outcome outcome = step->outcome;
	const char *mode = policy_mode_name(step->saved->mode);

	if (!step->now || outcome == KEPT || (uint32_t)step->saved->mode == step->now->mode)
		out_text("%s", outcome == KEPT ? policy_mode_name(step->now->mode) : mode);
	else
		out_text("%s -> %s", policy_mode_name(step->now->mode), mode);
	out_string("mode", NULL, mode);
	if (step->now)
		out_string("was", NULL, policy_mode_name(step->now->mode));
	else
		out_null("was", NULL);
}

static void print_step(const struct step *step)
{
	static const char *const names[] = {
		[CREATED] = "new", [CHANGED] = "changed", [SAME] = "unchanged", [KEPT] = "kept",
		[ENDED] = "ended", [FAILED] = "failed",
	};
	enum outcome outcome = step->outcome;
	bool counts = outcome == CREATED || outcome == CHANGED;

	out_object(json_item);
	out_text("%s", step->settle->dry_run ? "dry run: " : "");
	out_string("path", "%s: ", step->saved->name);
	out_string("file", NULL, step->path);
	print_was(step);
	out_string("change", ", %s", names[outcome]);
	out_number("more", counts && step->more ? ", %" PRIu64 " calls more allowed" : NULL,
		   step->more);
	out_number("fewer", counts && step->fewer ? ", %" PRIu64 " calls fewer allowed" : NULL,
		   step->fewer);
	out_bool("waiting", ", waiting", step->waiting);
	out_text("\n");
	out_object_end();
}

/*
 * What is done is printed at the end: keeping the reasons of a policy writes JSON to another
 * stream, and only one can be written at a time.
 */
void settle_report(const struct settle *settle, bool json)
{
	out_start(stdout, json);
	out_object(NULL);
	out_array("policies");
	for (size_t i = 0; i < settle->count; i++)
		print_step(&settle->step[i]);
	out_array_end();
	out_bool("dry_run", NULL, settle->dry_run);
	out_object_end();
	out_finish();
}

static int settle_one(struct settle *settle, const char *path, const struct saved_file *file,
		      const struct saved *saved)
{
	struct step *step;

	settle->step = mem_grow(settle->step, settle->count + 1, sizeof(*settle->step));
	step = &settle->step[settle->count++];
	*step = (struct step){
		.settle = settle, .path = path, .saved = saved, .now = find(&settle->list, saved),
	};
	take_priority(step);
	count_calls(step);
	step->waiting = step->now && policy_waiting(step->now);
	return take(step, file);
}

int settle_file(struct settle *settle, const char *path, const struct saved_file *file)
{
	int ret = EXIT_DONE;

	for (size_t i = 0; i < file->count; i++) {
		int failed = settle_one(settle, path, file, &file->policy[i]);

		if (failed)
			ret = failed;
	}
	return ret;
}

int settle_begin(struct settle *settle)
{
	int ret = scmod_open();
	int err = ret ? 0 : scmod_list(0, true, &settle->list);

	if (err)
		return scmod_fail(settle->verb, NULL, err);
	settle->boot = settle_boot();
	return ret;
}

void settle_end(struct settle *settle)
{
	policy_list_release(&settle->list);
	free(settle->step);
	free(settle->boot);
}
