// SPDX-License-Identifier: GPL-2.0
/*
 * Lists the possible words of a kind for the completions of the shells: 'scmod --complete
 * KIND'.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/errname.h"
#include "base/error.h"
#include "calls/caps.h"
#include "calls/sysname.h"
#include "doc/complete.h"
#include "base/memory.h"
#include "infer/runtime.h"
#include "kernel/called.h"
#include "kernel/nl.h"
#include "kernel/policy.h"
#include "verbs/usage.h"

static void print_calls(void)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			const char *name = sysname(abi, nr);

			if (name && abi == SCMOD_ABI_X86_64)
				printf("%s\n", name);
			else if (name)
				printf("%s:%s\n", abi_name(abi), name);
		}
}

static void print_caps(void)
{
	for (int i = 0; caps_name(i); i++)
		printf("%s\n", caps_name(i));
	printf("ALL\n");
}

static void print_errnos(void)
{
	for (int err = 1; err <= SCMOD_ERRNO_MAX; err++) {
		const char *name = errname(err);

		if (*name == 'E')
			printf("%s\n", name);
	}
}

static int print_policy(struct policy *policy, void *arg)
{
	(void)arg;
	printf("%s\n", policy->path);
	return 0;
}

/* Units, containers and pods that run; a slice is seldom meant. */
static void print_workloads(void)
{
	const struct workloads *all = called_all();

	for (size_t i = 0; i < all->count; i++) {
		char *word;

		if (all->one[i].again || strstr(all->one[i].name, ".slice"))
			continue;
		word = workload_word(&all->one[i]);
		printf("%s\n", printable(word));
		free(word);
	}
}

static void print_valued(const struct opt *opt, void *data)
{
	(void)data;
	if ((!opt->arg && !opt->values) || opt->maybe)
		return;
	printf("--%s\n", opt->name);
	if (opt->letter)
		printf("-%c\n", opt->letter);
}

static void print_verbs(const struct verb *const *verbs)
{
	for (; *verbs; verbs++)
		printf("%s\n", (*verbs)->name);
}

/* Splits the text of runtime_names(): "none, any, crun, runc". */
static void print_runtimes(void)
{
	char list[1024], *save;

	snprintf(list, sizeof(list), "%s", runtime_names());
	for (char *name = strtok_r(list, ", ", &save); name; name = strtok_r(NULL, ", ", &save))
		printf("%s\n", name);
}

int complete(const struct verb *const *verbs, const char *kind)
{
	if (!strcmp(kind, "calls"))
		print_calls();
	else if (!strcmp(kind, "caps"))
		print_caps();
	else if (!strcmp(kind, "errnos"))
		print_errnos();
	else if (!strcmp(kind, "runtimes"))
		print_runtimes();
	else if (!strcmp(kind, "valued"))
		for (; *verbs; verbs++)
			usage_each_opt(*verbs, print_valued, NULL);
	else if (!strcmp(kind, "verbs"))
		print_verbs(verbs);
	else if (!strcmp(kind, "workloads"))
		print_workloads();
	else if (strcmp(kind, "policies"))
		return EXIT_USAGE;
	else if (!scmod_find())
		scmod_each(false, print_policy, NULL);
	scmod_close();
	return EXIT_DONE;
}
