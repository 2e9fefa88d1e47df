// SPDX-License-Identifier: GPL-2.0
/* Command lines: exact names only, options before or after the words. */
#include <string.h>

#include "base/error.h"
#include "verbs/cmd.h"

static const struct opt *opt_find(const struct opt *opts, const char *arg, size_t len)
{
	for (; opts && opts->name; opts++)
		if (strlen(opts->name) == len && !memcmp(opts->name, arg, len))
			return opts;
	return NULL;
}

/* Returns how many arguments it took, or a negative exit code. */
static int take_option(const char *verb, const struct opt *opts, int argc, char **argv)
{
	const char *equals = strncmp(argv[0], "--", 2) ? NULL : strchr(argv[0], '=');
	size_t len = equals ? (size_t)(equals - argv[0]) : strlen(argv[0]);
	const struct opt *opt = opt_find(opts, argv[0], len);

	if (!opt)
		return -fail(EXIT_USAGE, "%s: no option is named '%.*s'; see 'scmod help %s'",
			     verb, (int)len, argv[0], verb);
	if (opt->flag && equals)
		return -fail(EXIT_USAGE, "%s: %s takes no value; leave it out", verb, opt->name);
	if (opt->flag) {
		*opt->flag = true;
		return 1;
	}
	if (equals) {
		*opt->value = equals + 1;
		return 1;
	}
	if (argc < 2)
		return -fail(EXIT_USAGE, "%s: %s lacks its value; see 'scmod help %s'", verb,
			     opt->name, verb);
	*opt->value = argv[1];
	return 2;
}

int args_parse(const char *verb, int argc, char **argv, const struct opt *opts,
	       const char **words, int min, int max)
{
	bool only_words = false;
	int count = 0;

	while (argc) {
		int taken = 1;

		if (!only_words && !strcmp(*argv, "--")) {
			only_words = true;
		} else if (!only_words && argv[0][0] == '-' && argv[0][1]) {
			taken = take_option(verb, opts, argc, argv);
			if (taken < 0)
				return taken;
		} else if (count == max) {
			return -fail(EXIT_USAGE, "%s: '%s' is one word too many; see 'scmod help %s'",
				     verb, *argv, verb);
		} else {
			words[count++] = *argv;
		}
		argc -= taken;
		argv += taken;
	}
	if (count < min)
		return -fail(EXIT_USAGE, "%s: CGROUP is missing; see 'scmod help %s'", verb, verb);
	return count;
}
