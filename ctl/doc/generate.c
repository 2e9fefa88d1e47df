// SPDX-License-Identifier: GPL-2.0
/* Makes the man page and the completions from templates and the verbs' tables. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "doc/generate.h"
#include "doc/man.h"
#include "doc/shells.h"
#include "verbs/help.h"

static const struct {
	const char *name;
	void (*all)(const struct verb *const *verbs);
	void (*one)(const struct verb *verb);
} parts[] = {
	{ "SYNOPSIS", .all = man_synopsis },
	{ "COMMON", .all = man_common },
	{ "OPTIONS", .one = man_options },
	{ "BASH", .all = shells_bash },
	{ "ZSH", .all = shells_zsh },
	{ "FISH", .all = shells_fish },
};

/*
 * @name is "SYNOPSIS", or "OPTIONS" with @verb. Returns false if there is no such part or
 * verb.
 */
static bool put_part(const struct verb *const *verbs, const char *name, const char *verb)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct verb *one = verb ? verb_find(verbs, verb) : NULL;

		if (strcmp(parts[i].name, name) || !verb != !parts[i].one || !verb != !one)
			continue;
		if (one)
			parts[i].one(one);
		else
			parts[i].all(verbs);
		return true;
	}
	return false;
}

static int put_line(const struct verb *const *verbs, char *line)
{
	char name[32], verb[32];
	int end = 0;

	if (sscanf(line, "@%31[A-Z] %31[a-z]@%n", name, verb, &end) == 2 && end)
		return put_part(verbs, name, verb) ? EXIT_DONE : EXIT_FAILED;
	if (sscanf(line, "@%31[A-Z]@%n", name, &end) == 1 && end)
		return put_part(verbs, name, NULL) ? EXIT_DONE : EXIT_FAILED;
	fputs(line, stdout);
	return EXIT_DONE;
}

int generate(const struct verb *const *verbs)
{
	char line[4096];

	while (fgets(line, sizeof(line), stdin))
		if (put_line(verbs, line))
			return fail(EXIT_FAILED, "--generate: '%s' is not a known part; correct the line",
				    strtok(line, "\n"));
	return flushed("--generate") ? EXIT_DONE : EXIT_FAILED;
}
