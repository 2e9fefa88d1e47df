// SPDX-License-Identifier: GPL-2.0
/*
 * Tells that commands can't be executed in a container under its policy. Health checks are executed
 * so, and 'podman exec' and its like: if none came while the policy learned, they fail.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "calls/sysname.h"
#include "infer/runtime.h"
#include "kernel/called.h"
#include "verbs/container.h"

/* Named in the note; the others are counted. */
#define NAMED_MAX 6

/* The runtime that @kind of container has, for --runtime; NULL if it is no container. */
static const char *runtime_of(const char *kind)
{
	static const struct {
		const char *kind;
		const char *runtime;
	} known[] = {
		{ "crun", "crun" }, { "runc", "runc" }, { "docker", "runc" },
		{ "containerd", "runc" }, { "podman", "any" }, { "pod", "any" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].kind, kind))
			return known[i].runtime;
	return NULL;
}

static bool refuses(const struct policy *policy, unsigned int nr)
{
	const struct abi_sets *sets = &policy->abi[SCMOD_ABI_X86_64];

	return !bitmap_has(&sets->allowed, nr) && !bitmap_has(&sets->soft, nr);
}

/* What is refused, as "close_range, setgroups and 3 more"; NULL if nothing is. To be freed. */
static char *refused_calls(const struct policy *policy, const char *runtime)
{
	unsigned int count = 0;
	char *list = NULL;

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);

		if (name && refuses(policy, nr) &&
		    runtime_calls(runtime, RUNTIME_EXEC, name, NULL, 0) && count++ < NAMED_MAX)
			mem_list(&list, "%s", name);
	}
	if (count > NAMED_MAX) {
		char *longer = mem_print("%s and %u more", list, count - NAMED_MAX);

		free(list);
		list = longer;
	}
	return list;
}

void container_note(const char *verb, const struct policy *policy)
{
	const struct workload *one = policy_pattern(policy) ? NULL :
				     workload_at(called_all(), policy->path, true);
	const char *runtime = one ? runtime_of(one->kind) : NULL;
	char *calls = runtime ? refused_calls(policy, runtime) : NULL;

	if (calls)
		note("%s %s: commands can't be executed in this container, as health checks and 'exec' do: the runtime makes calls for that which are refused (%s); '--runtime %s' allows them",
		     verb, policy->path, calls, runtime);
	free(calls);
}
