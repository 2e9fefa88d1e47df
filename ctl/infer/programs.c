// SPDX-License-Identifier: GPL-2.0
/*
 * Infers from the programs that run in the cgroups of a policy, and says what is not known of
 * them, and what is refused although they import it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "calls/sysname.h"
#include "floor/held.h"
#include "infer/examine.h"
#include "infer/infer.h"

/* One format for each reason, because notes with the same format are counted together. */
static void tell_unread(const struct unread *unread, const char *verb, const char *name)
{
	static const char *const formats[] = {
		[UNREAD_LEASED] = "%s %s: the imports of %.512s could not be read: a process holds a lease on it, so opening it would block",
		[UNREAD_SILENT] = "%s %s: the imports of %.512s could not be read: its file system did not answer in time",
		[UNREAD_UNSOUND] = "%s %s: the imports of %.512s could not be read: it is not a valid ELF file",
		[UNREAD_REFUSED] = "%s %s: the imports of %.512s could not be read: opening it failed",
		[UNREAD_FATAL] = "%s %s: the imports of %.512s could not be read: the process that read it died",
		[UNREAD_LEFT] = "%s %s: the imports of %.512s could not be read: the time limit was reached",
		[UNREAD_GONE] = "%s %s: the imports of %.512s could not be read: it was executed while the policy learned, and is not there any more",
		[UNREAD_MANY] = "%s %s: the imports of %.512s could not be read: more files are mapped in the cgroup than scmod reads",
	};

	note(formats[unread->reason], verb, name, unread->path);
}

struct imports *infer_imports(const struct infer *infer, const char *verb,
			      const struct target *target, const struct executed_list *executed)
{
	struct imports *imports = imports_new(infer->functions);
	int dirs[TARGET_DIRS_MAX];
	size_t nr_dirs = target_dirs(target, dirs);

	imports->reach = infer->level >= INFER_REACHABLE;
	if (nr_dirs || (executed && executed->count))
		examine_cgroups(imports, dirs, nr_dirs, executed);
	for (size_t i = 0; i < nr_dirs; i++)
		close(dirs[i]);
	if (nr_dirs == TARGET_DIRS_MAX)
		note("%s %s: the imports of programs were read in at most %d cgroups; give a name that fewer cgroups have, so that more is inferred",
		     verb, target->name, TARGET_DIRS_MAX);
	for (size_t i = 0; i < imports->nr_unread; i++)
		tell_unread(&imports->unread[i], verb, target->name);
	if (imports->cut_short)
		note("%s %s: the imports of its programs could not all be read in %u s; name a cgroup with fewer programs, or find out why reading them takes so long",
		     verb, target->name, imports->milliseconds / 1000);
	if (imports->stuck)
		note("%s %s: a child process of scmod is blocked in a file system that does not answer; it ends when the file system answers, and nothing else waits for it",
		     verb, target->name);
	return imports;
}

static void tell(const struct imports *imports, const char *verb, const char *name)
{
	if (!imports->processes && imports->executed)
		note("%s %s: no program runs in the cgroup now, so only the imports of %u programs that have ended were read, without their libraries; repeat this while programs run there, so that more is inferred",
		     verb, name, imports->executed);
	else if (!imports->processes)
		note("%s %s: no program runs in the cgroup now, so no imports could be read; repeat this while programs run there, so that more is inferred",
		     verb, name);
	if (imports->filtered)
		note("%s %s: %u of %u programs in the cgroup have a seccomp filter of their own; calls that it refuses are recorded, too, with hook=kprobe on kernels up to 6.12, and not otherwise",
		     verb, name, imports->filtered, imports->processes);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		char *const *program = imports->program[abi];

		if (program[PROGRAM_STATIC])
			note("%s %s: %s is linked statically and has no imports; the rules for families and for static programs are used instead",
			     verb, name, program[PROGRAM_STATIC]);
		if (program[PROGRAM_GO_UNNAMED])
			note("%s %s: %s is a Go program, and the names of its functions could not be read; the rules for families and for Go programs are used instead",
			     verb, name, program[PROGRAM_GO_UNNAMED]);
	}
}

/* At most this many calls are named in one message. */
#define MOST_NAMED 8

void infer_tell_refused(const char *verb, const char *name, const struct profile *profile,
			const struct imports *imports)
{
	char text[1024] = "";
	unsigned int count = 0, nr;
	size_t len = 0;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		bitmap_for_each(nr, &imports->likely[abi]) {
			const struct evidence *evidence = &imports->evidence[abi][nr];

			if (evidence->holder < HOLDER_PROGRAM || profile_allows(profile, abi, nr) ||
			    !profile_reason(profile, abi, nr, REASON_NEVER) ||
			    count++ >= MOST_NAMED || len >= sizeof(text))
				continue;
			len += snprintf(text + len, sizeof(text) - len, "%s%s (%.64s)",
					len ? ", " : "", sysname(abi, nr), evidence->file);
		}
	}
	if (count > MOST_NAMED && len < sizeof(text))
		snprintf(text + len, sizeof(text) - len, ", and %u more", count - MOST_NAMED);
	if (count)
		note("%s %s: the program imports calls that are never inferred, because they reach too far, and that are refused unless they are seen: %s; 'scmod explain' says why, 'scmod allow' allows one",
		     verb, name, text);
}

/* What is started later can't be known, so what is assumed of it is said. */
static void tell_userland(const struct infer *infer, const char *verb, const char *name,
			  const struct imports *imports)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		const char *shell = imports->program[abi][PROGRAM_SHELL];
		const char *starter = imports->program[abi][PROGRAM_STARTER];

		if (infer->userland == USERLAND_WITH_SHELL && shell)
			warn("%s %s: %s is a shell, so the calls that the tools of a userland make are allowed; '--userland none' leaves them out, if they were all run while learning",
			     verb, name, shell);
		else if (infer->userland == USERLAND_WITH_SHELL && starter)
			note("%s %s: %s can start other programs; their calls are refused unless they were seen; '--userland base' allows those that the tools of a userland make",
			     verb, name, starter);
	}
}

static void tell_reachable(const struct infer *infer, const char *verb, const char *name,
			   const struct profile *profile, const struct imports *imports)
{
	struct reachable reachable;

	infer_reachable(infer, profile, imports, &reachable);
	reachable_tell(&reachable, verb, name);
}

static void tell_beyond(const struct infer *infer, const char *verb, const char *name,
			const struct profile *profile)
{
	char *list = infer->floor ? floor_beyond(infer->floor, profile, true) : NULL;

	if (list)
		note("%s %s: allowed, because it was seen, although the default profile of containers refuses it: %s",
		     verb, name, list);
	free(list);
}

void infer_for_target(struct infer *infer, const struct target *target)
{
	struct held held;

	if (infer->caps_given)
		return;
	held = held_of_target(target);
	infer->caps = held_caps(&held, infer->caps);
}

int infer_add_target(struct infer *infer, const char *verb, struct profile *profile,
		     const struct target *target)
{
	struct imports *imports = NULL;
	int ret;

	if (profile_empty(profile))
		return EXIT_DONE;
	infer_for_target(infer, target);
	ret = infer_load(infer, infer->level >= INFER_LIKELY);
	if (ret)
		return ret;
	if (infer->level >= INFER_LIKELY) {
		imports = infer_imports(infer, verb, target, &profile->executed);
		tell(imports, verb, target->name);
		tell_userland(infer, verb, target->name, imports);
		tell_reachable(infer, verb, target->name, profile, imports);
	}
	infer_add(infer, profile, imports);
	tell_beyond(infer, verb, target->name, profile);
	if (imports)
		infer_tell_refused(verb, target->name, profile, imports);
	imports_free(imports);
	return EXIT_DONE;
}
