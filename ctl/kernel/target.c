// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the policy that the word CGROUP on the command line means: a directory, the path of a
 * cgroup that may be gone, or an id. If a live cgroup and cgroups that are gone have the same
 * path, the live one is meant.
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
		    "%s %s: several cgroups had that path; give one of the ids:%s",
		    verb, text, ids);
}

/* Stores in @found whether any policy has that path. */
static int by_path(const char *verb, const char *text, struct policy_list *list,
		   struct target *target, bool *found)
{
	struct policy *match = NULL;
	size_t matches = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct policy *policy = &list->policy[i];

		if (!cgroup_path_matches(text, policy->path))
			continue;
		match = policy;
		matches++;
		if (!policy_gone(policy)) {
			matches = 1;
			break;
		}
	}
	*found = matches;
	if (matches > 1)
		return too_many(verb, text, list);
	if (match)
		take(target, match);
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

static int by_text(const char *verb, const char *text, unsigned int flags,
		   struct policy_list *list, struct target *target)
{
	enum cgroup_kind kind = cgroup_open(text, &target->fd, &target->id);
	struct policy *policy = kind == CGROUP_V2 ? by_id(list, target->id) : NULL;
	bool found;
	int ret;

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
	ret = by_path(verb, text, list, target, &found);
	if (ret || !found)
		return ret ? ret : not_found(verb, text, kind);
	/* If the directory exists, it belongs to a newer cgroup that got the same name. */
	if (target->fd >= 0 && policy_gone(&target->policy))
		note("%s %s: not tracked now; this is the record of the cgroup that had the name before, id %"
		     PRIu64, verb, text, target->id);
	if (target->fd >= 0)
		close(target->fd);
	target->fd = -1;
	return EXIT_DONE;
}

static int by_number(const char *verb, const char *text, struct policy_list *list,
		     struct target *target)
{
	struct policy *policy;

	errno = 0;
	policy = by_id(list, strtoull(text, NULL, 10));
	if (errno || !policy)
		return fail(EXIT_FAILED,
			    "%s %s: no policy has that id; 'scmod status' lists them", verb,
			    text);
	take(target, policy);
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
		ret = by_text(verb, text, flags, &list, target);
	policy_list_release(&list);
	if (!ret && flags & TARGET_LIVE && target->tracked && policy_gone(&target->policy))
		ret = fail(EXIT_FAILED,
			   "%s %s: that cgroup is gone; its record can only be dumped or forgotten",
			   verb, target->name);
	if (ret)
		target_release(target);
	return ret;
}

void target_release(struct target *target)
{
	if (target->fd >= 0)
		close(target->fd);
	policy_release(&target->policy);
}

/* Opens the directory by the cgroup's path, if it was named by a path or an id. */
int target_dir(const struct target *target)
{
	const char *mount = cgroup_mount();
	char path[2 * PATH_MAX];
	uint64_t id;
	int fd;

	if (target->fd >= 0)
		return fcntl(target->fd, F_DUPFD_CLOEXEC, 0);
	if (!mount)
		return -1;
	snprintf(path, sizeof(path), "%s%s", mount, target->name);
	if (cgroup_open(path, &fd, &id) != CGROUP_V2)
		return -1;
	if (id == target->id)
		return fd;
	close(fd);
	return -1;
}

struct scmod_change target_change(const struct target *target)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	change.fd = target->fd;
	change.id = target->id;
	return change;
}
