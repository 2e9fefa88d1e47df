// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the policy that the word CGROUP on the command line means: a directory, the path of a
 * cgroup that may be gone, the name of a policy, or an id. If a live cgroup and cgroups that are
 * gone have the same path, the live one is meant.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "kernel/called.h"
#include "kernel/cgroup.h"
#include "kernel/target.h"

bool target_is_id(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/* Moves the policy from the list to the target. */
static void take(struct target *target, struct policy *policy)
{
	target->policy = *policy;
	target->id = policy->id;
	target->tracked = true;
	*policy = (struct policy){ 0 };
	target->name = target->policy.path;
}

static struct policy *by_id(struct policy_list *list, uint64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->policy[i].id == id)
			return &list->policy[i];
	return NULL;
}

/* The id of the policy that is in force in a cgroup; 0 if there is none. */
static uint64_t in_force(uint64_t cgroup)
{
	struct policy_list list;
	uint64_t id;

	if (!cgroup || scmod_list(cgroup, false, &list))
		return 0;
	id = list.policy[0].id;
	policy_list_release(&list);
	return id;
}

/* The policy that was made for the cgroup, or is in force there by its name; or NULL. */
static struct policy *of_cgroup(struct policy_list *list, uint64_t cgroup)
{
	struct policy *policy = by_id(list, cgroup);

	return policy ? policy : by_id(list, in_force(cgroup));
}

static int only_one(const char *verb, struct policy_list *list, struct target *target)
{
	if (!list->count)
		return fail(EXIT_FAILED, "%s: no cgroup is tracked; run 'scmod learn CGROUP' to begin",
			    verb);
	if (list->count > 1)
		return fail(EXIT_USAGE,
			    "%s: %zu cgroups are tracked; name one ('scmod status' lists them)",
			    verb, list->count);
	take(target, &list->policy[0]);
	return EXIT_DONE;
}

static int too_many(const char *verb, const char *text, struct policy_list *list)
{
	char ids[1024] = "";
	size_t len = 0;

	for (size_t i = 0; i < list->count && len < sizeof(ids); i++)
		if (cgroup_path_matches(text, list->policy[i].path))
			len += snprintf(ids + len, sizeof(ids) - len, " %" PRIu64,
					list->policy[i].id);
	return fail(EXIT_FAILED,
		    "%s %s: several policies have that path; give one of the ids:%s",
		    verb, text, ids);
}

/* Counts in @matches the policies of that path that are @gone, or not; returns one of them. */
static struct policy *match(const char *text, struct policy_list *list, bool gone,
			    size_t *matches)
{
	struct policy *match = NULL;

	*matches = 0;
	for (size_t i = 0; i < list->count; i++) {
		struct policy *policy = &list->policy[i];

		if (policy_gone(policy) != gone || !cgroup_path_matches(text, policy->path))
			continue;
		match = policy;
		++*matches;
	}
	return match;
}

/* Stores in @found whether any policy has that path. */
static int by_path(const char *verb, const char *text, struct policy_list *list,
		   struct target *target, bool *found)
{
	size_t matches;
	struct policy *policy = match(text, list, false, &matches);

	if (!policy)
		policy = match(text, list, true, &matches);
	*found = matches;
	if (matches > 1)
		return too_many(verb, text, list);
	if (policy)
		take(target, policy);
	return EXIT_DONE;
}

static int not_found(const char *verb, const char *text, enum cgroup_kind kind)
{
	switch (kind) {
	case CGROUP_V1:
		return fail(EXIT_FAILED,
			    "%s %s: a cgroup v1 directory; give one below a cgroup2 mount",
			    verb, text);
	case CGROUP_NOT:
		return fail(EXIT_FAILED,
			    "%s %s: not a cgroup directory; give one below %s", verb, text,
			    cgroup_mount() ? cgroup_mount() : "a cgroup2 mount");
	case CGROUP_UNREADABLE:
		return fail(EXIT_NOT_PERMITTED,
			    "%s %s: can't open the directory; run this as root", verb, text);
	case CGROUP_V2:
		return fail(EXIT_FAILED,
			    "%s %s: that cgroup is not tracked; run 'scmod learn %s' to begin",
			    verb, text, text);
	default:
		return fail(EXIT_FAILED,
			    "%s %s: neither a cgroup nor a record of one; 'scmod status' lists the records",
			    verb, text);
	}
}

/* The policy is to be made by its name: no cgroup is there, or others may have the name, too. */
static int by_name(const char *verb, const char *text, struct target *target)
{
	char name[SCMOD_PATH_MAX];
	const char *fault = cgroup_name(text, name, sizeof(name));

	if (fault)
		return fail(EXIT_USAGE, "%s %s: %s", verb, text, fault);
	target->made = mem_string(name);
	target->name = target->made;
	target->id = 0;
	return EXIT_DONE;
}

/* A word that is neither a path of a cgroup nor what a workload is called. */
static int nothing_called(const char *verb, const char *text)
{
	char *hint = called_hint(text);

	fail(EXIT_FAILED, "%s %s: no cgroup, unit, container or pod has that name, and no record has it; %s",
	     verb, text, hint);
	free(hint);
	return EXIT_FAILED;
}

/*
 * No policy has that path. A path that is misspelt must not become a policy that waits for ever,
 * so only a pattern, which nobody writes by mistake, is taken for a name unasked.
 */
static int untracked(const char *verb, const char *text, unsigned int flags,
		     enum cgroup_kind kind, struct target *target)
{
	if (kind == CGROUP_ABSENT && !(flags & TARGET_MAY_BE_NEW) && *text && !strchr(text, '/'))
		return nothing_called(verb, text);
	if (kind != CGROUP_ABSENT || !(flags & TARGET_MAY_BE_NEW))
		return not_found(verb, text, kind);
	if (flags & TARGET_MAY_BE_ABSENT || cgroup_is_pattern(text))
		return by_name(verb, text, target);
	if (!strchr(text, '/'))
		return nothing_called(verb, text);
	return fail(EXIT_FAILED,
		    "%s %s: neither a cgroup nor a record of one; check the path, or give --absent for a policy that waits until a cgroup is made there",
		    verb, text);
}

/* Opens a cgroup's directory; it may be given by its path below the mount, too. */
static enum cgroup_kind open_dir(const char *text, struct target *target)
{
	enum cgroup_kind kind = cgroup_open(text, &target->fd, &target->id);
	const char *mount = cgroup_mount();
	enum cgroup_kind below;
	char *path;

	if (kind != CGROUP_ABSENT || *text != '/' || !mount)
		return kind;
	path = mem_print("%s%s", mount, text);
	below = cgroup_open(path, &target->fd, &target->id);
	free(path);
	return below == CGROUP_V2 ? below : kind;
}

static void close_dir(struct target *target)
{
	if (target->fd >= 0)
		close(target->fd);
	target->fd = -1;
}

/*
 * A policy that is made for the cgroup has precedence over @pattern. It is made by its name: the
 * descriptor would mean the policy that is in force now.
 */
static int by_own_name(const char *verb, const char *text, const struct policy *pattern,
		       struct target *target)
{
	char link[48], path[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", target->fd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len < 0)
		return fail(EXIT_FAILED, "%s %s: %s: %s; mount /proc", verb, text, link,
			    strerror(errno));
	path[len] = '\0';
	if (cgroup_is_pattern(path))
		return fail(EXIT_FAILED,
			    "%s %s: the policy '%s' is in force there, and the path would be a pattern, too; forget that policy, and make it again after that of this cgroup",
			    verb, text, pattern->path);
	note("%s %s: the policy '%s' is in force there until now; this makes one of its own for the cgroup",
	     verb, text, pattern->path);
	return by_name(verb, path, target);
}

/* @policy is in force in the cgroup because its name is a pattern. */
static int by_pattern(const char *verb, const char *text, unsigned int flags,
		      struct policy *policy, struct target *target)
{
	if (flags & TARGET_MAY_BE_NEW)
		return by_own_name(verb, text, policy, target);
	note("%s %s: this is about the policy '%s', which is in force in %u cgroups", verb, text,
	     policy->path, policy->cgroups);
	close_dir(target);
	take(target, policy);
	return EXIT_DONE;
}

/* No policy is in force there; those that wait, or whose cgroup is gone, have paths, too. */
static int by_former(const char *verb, const char *text, unsigned int flags,
		     enum cgroup_kind kind, struct policy_list *list, struct target *target)
{
	bool found;
	int ret = by_path(verb, text, list, target, &found);

	if (ret || !found)
		return ret ? ret : untracked(verb, text, flags, kind, target);
	/* If the directory exists, it belongs to a newer cgroup that got the same name. */
	if (target->fd >= 0 && policy_gone(&target->policy))
		note("%s %s: not tracked now; this is the record of the cgroup that had the name before, id %"
		     PRIu64, verb, text, target->id);
	close_dir(target);
	return EXIT_DONE;
}

static int by_text(const char *verb, const char *text, unsigned int flags,
		   struct policy_list *list, struct target *target)
{
	enum cgroup_kind kind = open_dir(text, target);
	struct policy *policy = kind == CGROUP_V2 ? of_cgroup(list, target->id) : NULL;

	if (policy && policy_pattern(policy))
		return by_pattern(verb, text, flags, policy, target);
	if (policy) {
		take(target, policy);
		return EXIT_DONE;
	}
	if (kind == CGROUP_V2 && flags & TARGET_MAY_BE_NEW)
		return EXIT_DONE;
	/*
	 * Where v1 is mounted at /sys/fs/cgroup, a v1 directory may have the same path
	 * as a policy's cgroup has below the cgroup2 mount.
	 */
	if (kind == CGROUP_V1)
		return not_found(verb, text, kind);
	return by_former(verb, text, flags, kind, list, target);
}

static int by_number(const char *verb, const char *text, struct policy_list *list,
		     struct target *target)
{
	struct policy *policy;
	uint64_t id;

	errno = 0;
	id = strtoull(text, NULL, 10);
	policy = errno ? NULL : of_cgroup(list, id);
	if (!policy)
		return fail(EXIT_FAILED,
			    "%s %s: no policy has that id; 'scmod status' lists them", verb,
			    text);
	take(target, policy);
	return EXIT_DONE;
}

/*
 * A name of a workload stands for the path of its cgroup. The workload is known, so if it does not
 * run, the policy may wait for it.
 */
static int by_word(const char *verb, const char *text, unsigned int flags,
		   struct policy_list *list, struct target *target)
{
	char *path;
	int ret = called_path(verb, text, list, &path);

	if (ret || !path)
		return ret ? ret : by_text(verb, text, flags, list, target);
	target->called = mem_print("%s%s", cgroup_mount() ? cgroup_mount() : "", path);
	free(path);
	target->name = target->called;
	if (flags & TARGET_MAY_BE_NEW)
		flags |= TARGET_MAY_BE_ABSENT;
	return by_text(verb, target->called, flags, list, target);
}

/* Reads the policy once more, with its records, among them the values that were used. */
static int read_records(const char *verb, struct target *target)
{
	struct policy_list list;
	int err = scmod_list(target->policy.id, true, &list);

	if (err)
		return scmod_fail(verb, target->name, err);
	if (!list.count) {
		policy_list_release(&list);
		return scmod_fail(verb, target->name, -ENOENT);
	}
	if (target->name == target->policy.path)
		target->name = list.policy[0].path;
	policy_release(&target->policy);
	target->policy = list.policy[0];
	list.policy[0] = (struct policy){ 0 };
	policy_list_release(&list);
	return EXIT_DONE;
}

int target_find(const char *verb, const char *text, unsigned int flags,
		struct target *target)
{
	struct policy_list list;
	int ret;

	*target = (struct target){ .name = text, .fd = -1 };
	ret = scmod_list(0, false, &list);
	if (ret)
		return scmod_fail(verb, text, ret);
	if (!text)
		ret = only_one(verb, &list, target);
	else if (target_is_id(text))
		ret = by_number(verb, text, &list, target);
	else
		ret = by_word(verb, text, flags, &list, target);
	policy_list_release(&list);
	if (!ret && flags & TARGET_LIVE && target->tracked && policy_gone(&target->policy))
		ret = fail(EXIT_FAILED,
			   "%s %s: that cgroup is gone; its record can only be dumped or forgotten",
			   verb, target->name);
	if (!ret && target->tracked)
		ret = read_records(verb, target);
	if (ret)
		target_release(target);
	return ret;
}

void target_release(struct target *target)
{
	close_dir(target);
	free(target->made);
	free(target->called);
	policy_release(&target->policy);
}

/* Whether the policy is, or will be, in force in the cgroup, and not another one. */
static bool is_in(const struct target *target, uint64_t cgroup)
{
	if (target->made)
		return !in_force(cgroup);
	if (cgroup == target->id)
		return true;
	return target->tracked && policy_named(&target->policy) && in_force(cgroup) == target->id;
}

/* Opens the cgroup's directory; -1 if the policy is not in force there. */
static int open_in(const struct target *target, const char *path)
{
	uint64_t id;
	int fd;

	if (cgroup_open(path, &fd, &id) != CGROUP_V2)
		return -1;
	if (is_in(target, id))
		return fd;
	close(fd);
	return -1;
}

/* The directories of the cgroups that have the target's name; returns how many there are. */
static size_t named_dirs(const struct target *target, char **paths)
{
	const char *mount = cgroup_mount();

	if (!mount)
		return 0;
	if (target->made ? cgroup_is_pattern(target->made) : policy_pattern(&target->policy))
		return cgroup_named(target->name, paths, TARGET_DIRS_MAX);
	paths[0] = mem_print("%s%s", mount, target->name);
	return 1;
}

size_t target_dirs(const struct target *target, int *fds)
{
	char *paths[TARGET_DIRS_MAX];
	size_t nr_paths, count = 0;

	if (target->fd >= 0) {
		fds[0] = fcntl(target->fd, F_DUPFD_CLOEXEC, 0);
		return fds[0] >= 0;
	}
	nr_paths = named_dirs(target, paths);
	for (size_t i = 0; i < nr_paths; i++) {
		fds[count] = open_in(target, paths[i]);
		count += fds[count] >= 0;
		free(paths[i]);
	}
	return count;
}

static bool is_around_us(const char *path, uint64_t id, void *data)
{
	const struct target *target = data;

	return target->made ? cgroup_has_name(path, target->made) : is_in(target, id);
}

bool target_holds_us(const struct target *target)
{
	return cgroup_holds_us(is_around_us, (void *)target);
}

struct scmod_change target_change(const struct target *target)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	change.name = target->made;
	change.fd = target->tracked ? -1 : target->fd;
	change.id = target->id;
	change.follow = target->follow;
	return change;
}
