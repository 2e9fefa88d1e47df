// SPDX-License-Identifier: GPL-2.0
/*
 * Which calls may be inferred at all: those to which the code of the programs leads. That only
 * holds if all of their code was looked at and understood; if there is any doubt, any call may be.
 */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "calls/sysname.h"
#include "infer/reachable.h"
#include "infer/runtime.h"

/*
 * Whether something else than the programs may have made the call in their cgroup: the runtime that
 * started them, or the kernel, which makes restart_syscall for them.
 */
static bool made_by_others(const char *name)
{
	return !name || !strcmp(name, "restart_syscall") ||
	       runtime_calls("any", RUNTIME_START, name, NULL, 0);
}

/* A call that was seen and is out of reach shows that some of the code is missing. */
static void check_seen(struct reachable *reachable, const struct profile *profile)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);

		if (bitmap_has(&reachable->calls, nr) ||
		    !profile_reason(profile, SCMOD_ABI_X86_64, nr, REASON_SEEN) ||
		    made_by_others(name))
			continue;
		reachable->state = CEILING_SEEN;
		snprintf(reachable->what, sizeof(reachable->what), "%s", name);
		return;
	}
}

static void add_rule(struct bitmap *calls, const struct rule *rule)
{
	for (const struct item *item = rule->to; item->call; item++) {
		int nr = sysname_number(SCMOD_ABI_X86_64, item->call);

		if (nr >= 0)
			bitmap_add(calls, nr);
	}
}

/* The files of programs that are started later are not known, so their usual calls count. */
static void add_userland(struct reachable *reachable, const struct families *families)
{
	for (size_t i = 0; i < families->count; i++)
		if (families->rule[i].kind == RULE_USERLAND)
			add_rule(&reachable->calls, &families->rule[i]);
}

void reachable_find(struct reachable *reachable, const struct profile *profile,
		    const struct imports *imports, const struct families *families, bool later)
{
	*reachable = (struct reachable){ .state = CEILING_NONE };
	if (!imports)
		return;
	reachable->ceiling = &imports->ceiling;
	reachable->state = imports->ceiling.state;
	reachable->calls = imports->ceiling.calls;
	snprintf(reachable->what, sizeof(reachable->what), "%s", imports->ceiling.what);
	if (reachable->state != CEILING_COMPLETE)
		return;
	check_seen(reachable, profile);
	if (later && imports->ceiling.starts)
		add_userland(reachable, families);
}

bool reachable_lacks(const struct reachable *reachable, unsigned int abi, unsigned int nr)
{
	return reachable && reachable->state == CEILING_COMPLETE && abi == SCMOD_ABI_X86_64 &&
	       !bitmap_has(&reachable->calls, nr);
}

void reachable_say_ways(const struct reachable *reachable, struct profile *profile)
{
	unsigned int nr;

	if (!reachable->ceiling || reachable->state == CEILING_NONE)
		return;
	bitmap_for_each(nr, &reachable->ceiling->calls) {
		const struct profile_call *call = profile_at(profile, SCMOD_ABI_X86_64, nr);

		if (call->state != PROFILE_SILENT || call->nr_reasons)
			profile_say(profile, SCMOD_ABI_X86_64, nr, REASON_REACH, "%s > %s",
				    reachable->ceiling->way[nr], sysname(SCMOD_ABI_X86_64, nr));
	}
}

void reachable_tell(const struct reachable *reachable, const char *verb, const char *name)
{
	/* Where there is no format, other notes say what is missing. */
	static const char *const formats[] = {
		[CEILING_FOREIGN] = "%s %s: calls that the programs can't reach are not left out: %.512s holds code, and is no ELF file for x86-64",
		[CEILING_UNSOUND] = "%s %s: calls that the programs can't reach are not left out: %.512s is not a valid ELF file",
		[CEILING_LARGE] = "%s %s: calls that the programs can't reach are not left out: there is more code than scmod looks at; the limit was reached in %.512s",
		[CEILING_MISSING] = "%s %s: calls that the programs can't reach are not left out: the library %.512s is needed, and no process has mapped it",
		[CEILING_NUMBER] = "%s %s: calls that the programs can't reach are not left out: there is a way to a system call whose number is not known before: %.512s",
		[CEILING_OTHER_ABI] = "%s %s: calls that the programs can't reach are not left out: there is a way to a system call of another ABI: %.512s",
		[CEILING_ANY] = "%s %s: calls that the programs can't reach are not left out: by %.512s, scripts can call any function of a library",
		[CEILING_GO] = "%s %s: calls that the programs can't reach are not left out: %.512s is a Go program, in which they can't be told",
		[CEILING_MADE] = "%s %s: calls that the programs can't reach are not left out: %.512s has machine code in its memory that is in no file",
		[CEILING_LATE] = "%s %s: calls that the programs can't reach are not left out: looking at their code took too long%.512s",
		[CEILING_DIED] = "%s %s: calls that the programs can't reach are not left out: the process that looked at their code died%.512s",
		[CEILING_SEEN] = "%s %s: calls that the programs can't reach are not left out: %.512s was seen, and no code of the programs that run now leads to it, so other programs ran before",
		[__CEILING_STATE_MAX] = NULL,
	};
	const char *format = formats[reachable->state];

	if (reachable->ceiling && format)
		note(format, verb, name, reachable->what);
}
