// SPDX-License-Identifier: GPL-2.0
/* At the start of a container: makes its policy. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "infer/runtime.h"
#include "kernel/cgroup.h"
#include "kernel/nl.h"
#include "kernel/restrict.h"
#include "verbs/given.h"
#include "verbs/kept.h"
#include "verbs/oci_note.h"
#include "verbs/oci_policy.h"
#include "verbs/options.h"
#include "verbs/priority.h"

#define PROC_MAX 65536

/* The path below the mount of the process' cgroup, to be freed; NULL with errno set. */
static char *cgroup_of(pid_t pid)
{
	char *file = mem_print("/proc/%d/cgroup", (int)pid);
	char *text = file_read_regular(file, PROC_MAX);
	char *line = text, *path = NULL;

	free(file);
	if (!text)
		return NULL;
	while (line && strncmp(line, "0::/", 4)) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (line)
		path = mem_print("%.*s", (int)strcspn(line + 3, "\n"), line + 3);
	else
		errno = ENOENT;
	free(text);
	return path;
}

static bool is_it(const char *path, uint64_t id, void *data)
{
	(void)path;
	return id == *(uint64_t *)data;
}

/* Whether the cgroup is one that a policy for the container can be made for. */
static int check_cgroup(const struct oci_state *state, const char *path, uint64_t id)
{
	struct policy_list list;

	if (!strcmp(path, "/") || cgroup_holds_us(is_it, &id))
		return fail(EXIT_FAILED, "oci-hook %s: the container has no cgroup of its own, it is in %s; start it with one",
			    state->id, path);
	if (scmod_list(id, false, &list))
		return EXIT_DONE;
	fail(EXIT_FAILED, "oci-hook %s: the policy '%s' is in force in the container's cgroup %s already; leave out the annotation, or forget that policy",
	     state->id, list.policy[0].path, path);
	policy_list_release(&list);
	return EXIT_FAILED;
}

static int open_cgroup(const struct oci_state *state, const char *path, int *fd)
{
	const char *mount = cgroup_mount();
	char *dir = mem_print("%s%s", mount ? mount : "", path);
	enum cgroup_kind kind;
	uint64_t id;
	int ret = EXIT_DONE;

	kind = mount ? cgroup_open(dir, fd, &id) : CGROUP_ABSENT;
	if (kind != CGROUP_V2)
		ret = fail(EXIT_FAILED, "oci-hook %s: the container's cgroup %s can't be opened; mount cgroup2 at /sys/fs/cgroup, and run the hook in the initial namespaces",
			   state->id, path);
	else
		ret = check_cgroup(state, path, id);
	free(dir);
	return ret;
}

static int find_cgroup(const struct oci_state *state, int *fd)
{
	char *path = cgroup_of(state->pid);
	int ret;

	*fd = -1;
	if (!path)
		return fail(EXIT_FAILED, "oci-hook %s: the cgroup v2 of process %d can't be found: %s; scmod needs cgroup2",
			    state->id, (int)state->pid, strerror(errno));
	ret = open_cgroup(state, path, fd);
	free(path);
	return ret;
}

/* The runtime, which has started this process, if it is one whose calls are known. */
static void name_runtime(struct oci_note *note)
{
	char *file = mem_print("/proc/%d/comm", (int)getppid());
	char *comm = file_read_regular(file, PROC_MAX);

	if (comm)
		comm[strcspn(comm, "\n")] = '\0';
	snprintf(note->runtime, sizeof(note->runtime), "%s",
		 comm && runtime_known(comm) ? comm : "any");
	free(comm);
	free(file);
}

/* Undoes oci_policy_start(): the container is not started, or is not learned. */
static void drop(const struct policy *policy)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	change.id = policy->id;
	change.mode = SCMOD_MODE_OFF;
	scmod_set(&change, NULL);
	if (!scmod_forget(policy->id))
		kept_drop(policy);
}

static int leave_note(const struct oci_state *state, const struct policy *policy)
{
	struct oci_note note = { .policy = policy->id };
	int err;

	name_runtime(&note);
	err = oci_note_write(state, &note);
	if (!err)
		return EXIT_DONE;
	drop(policy);
	return fail(exit_code_of(-err), "oci-hook %s: the id of the policy can't be kept in %s: %s",
		    state->id, KEPT_DIR "/oci", strerror(-err));
}

/* Makes the policy. @profile: what is allowed, NULL for mode learn. */
static int set(const struct oci_state *state, struct scmod_change *change, struct profile *profile)
{
	struct infer infer = { .verb = "oci-hook" };
	struct bitmap priority[NR_ABIS];
	struct policy now;
	int err, ret;

	change->from_exec = state->pid;
	change->priority = priority_calls(&infer, priority);
	err = scmod_set(change, &now);
	if (err)
		return scmod_fail("oci-hook", state->id, err);
	if (profile)
		kept_replace("oci-hook", &now, profile);
	ret = leave_note(state, &now);
	policy_release(&now);
	return ret;
}

/* The same with the calls, and the values of their arguments, that @profile allows. */
static int set_profile(const struct oci_state *state, struct scmod_change *change,
		       struct profile *profile)
{
	struct restriction *restriction = restriction_of(profile);
	struct abi_sets sets[NR_ABIS];
	int ret;

	if (!restriction)
		return fail(EXIT_FAILED,
			    "oci-hook %s: the profile has more rules for values than a policy can keep (%d of a call, %d of all calls); give one that allows any value of some of these calls",
			    state->id, SCMOD_VALUE_RULES_MAX, SCMOD_VALUE_RULES_TOTAL);
	profile_sets(profile, sets);
	change->abi = sets;
	change->selector = restriction->selector;
	ret = set(state, change, profile);
	free(restriction);
	return ret;
}

static int start_in(struct oci_state *state, const struct oci_wish *wish, int fd)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	struct reader_options options;
	struct profile *profile = NULL;
	char *caps;
	int ret;

	change.fd = fd;
	change.mode = wish->mode;
	if (wish->mode == SCMOD_MODE_LEARN)
		return set(state, &change, NULL);
	caps = oci_state_caps(state);
	ret = reader_parse_options("oci-hook", wish->args, caps, &options);
	free(caps);
	if (!ret)
		ret = given_policy("oci-hook", wish->profile, &options, &profile, &change);
	if (!ret)
		ret = set_profile(state, &change, profile);
	profile_free(profile);
	return ret;
}

int oci_policy_start(struct oci_state *state, const struct oci_wish *wish)
{
	int fd = -1;
	int ret = scmod_open();

	if (!ret)
		ret = find_cgroup(state, &fd);
	if (!ret)
		ret = start_in(state, wish, fd);
	if (fd >= 0)
		close(fd);
	return ret;
}
