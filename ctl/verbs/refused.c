// SPDX-License-Identifier: GPL-2.0
/* Which of the calls that a policy refused may be allowed together, without being named. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/output.h"
#include "base/timestamp.h"
#include "calls/dangerous_value.h"
#include "calls/sysname.h"
#include "calls/value_text.h"
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
	if (!strcmp(name, "clone3"))
		return REFUSED_HIDDEN;
	return refused_record(policy, abi, nr) ? REFUSED_PLAIN : REFUSED_UNKNOWN;
}

const char *refused_name(enum refused kind)
{
	static const char *const names[] = {
		[REFUSED_PLAIN] = "plain",
		[REFUSED_NEVER] = "never",
		[REFUSED_NAMELESS] = "nameless",
		[REFUSED_UNKNOWN] = "unknown",
		[REFUSED_HIDDEN] = "hidden",
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
	case REFUSED_HIDDEN:
		return mem_string("its flags are in memory, where nobody can see whether it makes namespaces; its callers fall back on clone");
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

/* The policy as a word of a command that is to be copied; to be freed. */
static char *policy_word(const struct policy *policy)
{
	/* A path that the shell would change is no good. */
	if (is_plain(policy->path))
		return mem_string(policy->path);
	return mem_print("%" PRIu64, policy->id);
}

char *refused_remedy(const struct policy *policy, unsigned int abi, unsigned int nr)
{
	const char *name = sysname(abi, nr);
	char *cgroup = policy_word(policy), *call, *command;

	call = name ? mem_string(name) : mem_print("%u", nr);
	command = mem_print("scmod allow %s %s%s%s", cgroup,
			    abi == SCMOD_ABI_X86_64 ? "" : abi_name(abi),
			    abi == SCMOD_ABI_X86_64 ? "" : ":", call);
	free(call);
	free(cgroup);
	return command;
}

enum refused refused_value_kind(const struct scmod_value_record *record)
{
	struct scmod_value_rule rule = selector_exact(record->selector, record->value);

	if (dangerous_value(record->selector, &rule))
		return REFUSED_NEVER;
	return record->pid ? REFUSED_PLAIN : REFUSED_UNKNOWN;
}

char *refused_value_why(enum refused kind, const struct scmod_value_record *record)
{
	struct scmod_value_rule rule = selector_exact(record->selector, record->value);

	if (kind == REFUSED_NEVER)
		return mem_print("never inferred: it %s",
				 dangerous_value(record->selector, &rule));
	return mem_string(kind == REFUSED_UNKNOWN ?
			  "the record of who used the value is lost" : "");
}

char *refused_value_remedy(const struct policy *policy, const struct scmod_value_record *record)
{
	char *cgroup = policy_word(policy), *text = value_text(record->selector, record->value);
	char *command = mem_print("scmod allow %s '%s'", cgroup, text);

	free(text);
	free(cgroup);
	return command;
}

void refused_print_who(uint32_t count, uint64_t time, const char *comm, uint32_t pid)
{
	if (!count) {
		out_null("count", NULL);
		out_null("first", NULL);
		out_null("comm", NULL);
		out_null("pid", NULL);
		return;
	}
	out_number("count", count == 1 ? ", denied %" PRIu64 " time" :
		   ", denied %" PRIu64 " times", count);
	out_string("first", ", first at %s", timestamp_text(time));
	out_string("comm", " by %s", comm);
	out_number("pid", "[%" PRIu64 "]", pid);
}
