// SPDX-License-Identifier: GPL-2.0
/* Which of the calls that a policy refused may be allowed together, without being named. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/sysname.h"
#include "verbs/refused.h"

const struct scmod_record *refused_record(const struct policy *policy, unsigned int abi,
					  unsigned int nr)
{
	const struct scmod_record *record = policy_record(policy, abi, nr, SCMOD_RECORD_DENIED);

	return record && record->pid ? record : NULL;
}

enum refused refused_kind(const struct policy *policy, const struct families *families,
			  unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);

	if (!name)
		return REFUSED_NAMELESS;
	if (families_never(families, name))
		return REFUSED_NEVER;
	return refused_record(policy, abi, nr) ? REFUSED_PLAIN : REFUSED_UNKNOWN;
}

const char *refused_name(enum refused kind)
{
	static const char *const names[] = {
		[REFUSED_PLAIN] = "plain",
		[REFUSED_NEVER] = "never",
		[REFUSED_NAMELESS] = "nameless",
		[REFUSED_UNKNOWN] = "unknown",
	};

	return names[kind];
}

char *refused_why(enum refused kind, const struct families *families, unsigned int abi,
		  unsigned int nr)
{
	const struct rule *rule;

	switch (kind) {
	case REFUSED_NEVER:
		rule = families_never(families, sysname(abi, nr));
		return mem_print("never inferred: %s: %s", rule->name, rule->why);
	case REFUSED_NAMELESS:
		return mem_string("the number has no name that is known here, so nobody can tell what it does");
	case REFUSED_UNKNOWN:
		return mem_string("the record of who made the call is lost");
	default:
		return mem_string("");
	}
}

/* Whether a shell takes the path as it is. */
static bool is_plain(const char *path)
{
	for (const char *c = path; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= 'A' && *c <= 'Z') &&
		    !(*c >= '0' && *c <= '9') && !strchr("/._-@:+=,%", *c))
			return false;
	return true;
}

char *refused_remedy(const struct policy *policy, unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);
	char *cgroup, *call, *command;

	/* The command is to be copied, so a path that the shell would change is no good. */
	if (is_plain(policy->path))
		cgroup = mem_string(policy->path);
	else
		cgroup = mem_print("%" PRIu64, policy->id);
	call = name ? mem_string(name) : mem_print("%u", nr);
	command = mem_print("scmod allow %s %s%s%s", cgroup,
			    abi == SCMOD_ABI_X86_64 ? "" : abi_name(abi),
			    abi == SCMOD_ABI_X86_64 ? "" : ":", call);
	free(call);
	free(cgroup);
	return command;
}
