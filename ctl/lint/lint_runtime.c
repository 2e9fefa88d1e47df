// SPDX-License-Identifier: GPL-2.0
/*
 * Checks whether container runtimes can start a program under a profile: which calls are refused
 * that they make themselves after they have loaded the filter.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/sysname.h"
#include "infer/runtime.h"
#include "lint/lint.h"

/*
 * It is a remark: a profile may be for one runtime only, or for a program that loads the filter
 * itself.
 */

/* The longest "RUNTIME VERSION" in runtimes.txt. */
#define NAME_MAX_LEN 64

/**
 * struct lacks - what is refused, in words
 * @list: "crun 1.8.1: close; runc 1.1.5, 1.3.6: statx", or NULL
 * @calls: the calls of the last runtime in it, or NULL
 * @runtime: the name of that runtime, without the version
 * @first: the first call that is refused
 */
struct lacks {
	char *list;
	char *calls;
	char *runtime;
	const struct verdict *first;
};

/* Whether @call stands between commas in @list. */
static bool is_listed(const char *list, const char *call)
{
	size_t len = strlen(call);

	for (; list; list = strchr(list, ','), list = list ? list + 2 : NULL)
		if (!strncmp(list, call, len) && (!list[len] || list[len] == ','))
			return true;
	return false;
}

/* The calls of a runtime that are refused, "statx, openat2"; NULL if there are none. */
static char *refused_calls(struct lacks *lacks, const struct verdicts *verdicts, const char *name)
{
	char *list = NULL, *call;

	for (size_t n = 0; (call = runtime_call(name, n)); n++, free(call)) {
		int nr = sysname_number(SCMOD_ABI_X86_64, call);
		const struct verdict *verdict = nr < 0 ? NULL :
						&verdicts->call[SCMOD_ABI_X86_64][nr];

		if (!verdict || !verdict->err || verdict->partly || is_listed(list, call))
			continue;
		mem_list(&list, "%s", call);
		if (!lacks->first)
			lacks->first = verdict;
	}
	return list;
}

/* Adds a version; if it lacks the same as the one before it, only its number. */
static void add(struct lacks *lacks, const char *name, char *calls)
{
	size_t len = strcspn(name, " ");
	bool same = lacks->calls && !strcmp(lacks->calls, calls) &&
		    strlen(lacks->runtime) == len && !strncmp(lacks->runtime, name, len);
	size_t kept = same ? strlen(lacks->list) - strlen(calls) - 2 : 0;
	char *longer = same ?
		mem_print("%.*s, %s: %s", (int)kept, lacks->list, name + len + 1, calls) :
		mem_print("%s%s%s: %s", lacks->list ? lacks->list : "", lacks->list ? "; " : "",
			  name, calls);

	free(lacks->list);
	free(lacks->calls);
	free(lacks->runtime);
	lacks->list = longer;
	lacks->calls = calls;
	lacks->runtime = mem_print("%.*s", (int)len, name);
}

void lint_runtime(struct lint *lint, const struct verdicts *verdicts)
{
	struct lacks lacks = { 0 };
	char name[NAME_MAX_LEN] = "";
	size_t at = 0;

	while (runtime_next(&at, name, sizeof(name))) {
		char *calls = refused_calls(&lacks, verdicts, name);

		if (calls)
			add(&lacks, name, calls);
	}
	if (lacks.list)
		lint_add(lint, MESSAGE_REMARK, verdict_place(lacks.first),
			 "allow the calls of the runtimes with which the profile is used",
			 "container runtimes make calls after they have loaded the filter that the profile refuses (%s)",
			 lacks.list);
	free(lacks.list);
	free(lacks.calls);
	free(lacks.runtime);
}
