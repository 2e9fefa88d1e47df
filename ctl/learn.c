// SPDX-License-Identifier: GPL-2.0
/*
 * scmod learn: begin to record, or go on. What tasks that run already did before
 * was not seen; what they are likely to call is allowed instead.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "cmd.h"
#include "error.h"
#include "imports.h"
#include "target.h"

/* Whether the record lacks, or will, what its tasks did before it began. */
static bool lacks_a_beginning(const struct target *target)
{
	const struct policy *policy = &target->policy;

	return !target->tracked || policy_partial(policy) ||
	       (policy->mode != SCMOD_MODE_LEARN && policy->mode != SCMOD_MODE_COMPLAIN);
}

/* The directory of a target that was named by its path below the mount or its id. */
static int open_dir(const struct target *target)
{
	const char *mount = cgroup_mount();
	char path[2 * PATH_MAX];
	uint64_t id;
	int fd;

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

static struct imports read_imports(const struct target *target)
{
	struct imports imports = { 0 };
	int fd = target->fd >= 0 ? target->fd : open_dir(target);

	if (fd >= 0)
		imports = imports_of_cgroup(fd);
	if (fd >= 0 && fd != target->fd)
		close(fd);
	return imports;
}

/* What was allowed stays so. */
static void add_likely(struct policy *policy, const struct imports *imports)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		bitmap_unite(&policy->abi[abi].allowed, &imports->likely[abi]);
		bitmap_subtract(&policy->abi[abi].soft, &imports->likely[abi]);
	}
}

static void report_likely(const struct policy *now, const struct imports *imports)
{
	unsigned int count = 0;

	if (!imports->processes)
		return;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		struct bitmap likely = imports->likely[abi];

		bitmap_subtract(&likely, &now->abi[abi].seen);
		count += bitmap_count(&likely);
	}
	if (imports->images)
		printf("  attached to running programs: %u calls that were not seen are allowed as likely, from what %u images import\n",
		       count, imports->images);
	else
		note("learn %s: its programs import nothing that could be read (they are static, or not in C), so no call is allowed as likely; have them reload and stop while it learns",
		     now->path);
}

static void report(const struct target *target, const struct policy *now)
{
	uint32_t before = target->tracked ? target->policy.mode : SCMOD_MODE_OFF;

	printf("%s: %slearning, id %" PRIu64 "\n", now->path,
	       before == SCMOD_MODE_LEARN ? "already " : "", now->id);
	if (before == SCMOD_MODE_ENFORCE)
		note("learn %s: it was enforced until now; nothing is refused any more",
		     now->path);
	if (policy_partial(now))
		note("learn %s: " POLICY_PARTIAL_WHY, now->path);
}

static int learn(struct target *target, bool infer)
{
	struct scmod_change change = target_change(target);
	struct imports imports = { 0 };
	struct policy now;
	int err;

	change.mode = SCMOD_MODE_LEARN;
	if (infer && lacks_a_beginning(target))
		imports = read_imports(target);
	if (imports.images) {
		add_likely(&target->policy, &imports);
		change.abi = target->policy.abi;
	}
	err = scmod_set(&change, &now);
	if (err)
		return scmod_fail("learn", target->name, err);
	report(target, &now);
	report_likely(&now, &imports);
	policy_release(&now);
	return EXIT_DONE;
}

int cmd_learn(int argc, char **argv)
{
	const char *cgroup, *infer = "likely";
	const struct opt opts[] = { { "--infer", .value = &infer }, { 0 } };
	int words = args_parse("learn", argc, argv, opts, &cgroup, 1, 1);
	struct target target;
	int ret;

	if (words < 0)
		return -words;
	if (strcmp(infer, "likely") && strcmp(infer, "none"))
		return fail(EXIT_USAGE, "learn: --infer '%s' is neither none nor likely; give one of them",
			    infer);
	ret = scmod_open();
	if (!ret)
		ret = target_find("learn", cgroup, TARGET_MAY_BE_NEW | TARGET_LIVE, &target);
	if (ret)
		return ret;
	ret = learn(&target, !strcmp(infer, "likely"));
	target_release(&target);
	return ret;
}
