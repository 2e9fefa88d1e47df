// SPDX-License-Identifier: GPL-2.0
/*
 * Files of any bytes as rules of inference, as functions or as exploits are read, or
 * refused with a reason. Of what was read, no part is missing.
 */
#include "fuzz.h"
#include "base/error.h"
#include "report/exploits.h"
#include "infer/families.h"
#include "infer/functions.h"

static void check_families(const char *path)
{
	struct families *families;
	int ret = families_read("fuzz", path, &families);

	must(ret == EXIT_DONE || ret == EXIT_FAILED);
	must((ret == EXIT_DONE) == !!families);
	for (size_t i = 0; families && i < families->count; i++) {
		const struct rule *rule = &families->rule[i];

		must(rule->name && rule->to && rule->why);
		must((rule->kind == RULE_FAMILY) == !!rule->from);
		must((rule->kind == RULE_BASE || rule->kind == RULE_START ||
		      rule->kind == RULE_USERLAND) == !!rule->language);
		must(!rule->to->call || *rule->why);
	}
	families_free(families);
}

static void check_item(const struct item *item, void *data)
{
	must(item->call && item->selector >= 0 && !item->same);
}

static void check_list(const struct function_list *list, struct functions *functions)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct function *function = &list->function[i];
		struct bitmap set = { 0 };

		must(*function->name && function->calls);
		must(!i || strcmp(list->function[i - 1].name, function->name) < 0);
		/* Whatever sets of sets there are, it ends. */
		functions_add(functions, &set, SCMOD_ABI_X86_64, function->name);
		functions_values(functions, function->name, check_item, NULL);
	}
}

static void check_functions(const char *path)
{
	struct functions *functions;
	int ret = functions_read("fuzz", path, &functions);

	must(ret == EXIT_DONE || ret == EXIT_FAILED);
	must((ret == EXIT_DONE) == !!functions);
	if (functions) {
		check_list(&functions->functions, functions);
		check_list(&functions->sets, functions);
	}
	functions_free(functions);
}

static void check_exploits(const char *path, const struct profile *profile)
{
	struct exploits *exploits;
	int ret = exploits_read("fuzz", path, &exploits);

	must(ret == EXIT_DONE || ret == EXIT_FAILED);
	must((ret == EXIT_DONE) == !!exploits);
	for (size_t i = 0; exploits && i < exploits->count; i++) {
		const struct exploit *exploit = &exploits->exploit[i];

		must(*exploit->id && *exploit->name && exploit->year && exploit->count);
		must(!strncmp(exploit->source, "http", 4));
		for (size_t step = 0; step < exploit->count; step++)
			must(exploit->step[step].count);
		/* It allows nothing. */
		must(exploit_blocked(exploit, profile));
	}
	exploits_free(exploits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile *profile;
	int fd = file_of(data, size);
	char path[32];

	if (!profile)
		profile = profile_new();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	check_families(path);
	must(!lseek(fd, 0, SEEK_SET));
	check_functions(path);
	must(!lseek(fd, 0, SEEK_SET));
	check_exploits(path, profile);
	close(fd);
	return 0;
}
