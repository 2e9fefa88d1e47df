// SPDX-License-Identifier: GPL-2.0
/* Entry point of the tool: parses the command line and runs the verb that it names. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/output.h"
#include "doc/complete.h"
#include "doc/generate.h"
#include "kernel/nl.h"
#include "verbs/args.h"
#include "verbs/help.h"
#include "verbs/usage.h"
#include "verbs/verbs.h"

static void set_loudness(const struct args *args)
{
	if (!args->value[OPT_VERBOSE])
		messages_by_kind();
	if (!args->value[OPT_QUIET])
		return;
	messages_quiet();
	if (args->verb->mute)
		out_mute();
}

static int run(int argc, char **argv, struct args *args)
{
	int ret = args_parse(argc, argv, args);

	if (!ret && args->value[OPT_HELP]) {
		usage_explain(args->verb);
	} else if (!ret) {
		set_loudness(args);
		ret = args->verb->run(args);
		notes_end();
	}
	args_release(args);
	scmod_close();
	if (!flushed(args->verb->name) && !ret)
		ret = EXIT_FAILED;
	return ret;
}

/* The command line names no verb: show the status, or say what to do first. */
static int run_alone(struct args *args)
{
	char *argv[] = { "status", NULL };

	if (access("/sys/module/scmod", F_OK))
		return fail(EXIT_NO_MODULE,
			    "the kernel module is not loaded; run 'modprobe scmod' as root, then 'scmod learn CGROUP'; 'scmod help' lists the verbs");
	args->verb = verb_find(verbs, "status");
	return run(1, argv, args);
}

/* The command line has options only: --help and --version stand for the verbs of that name. */
static int run_option(struct args *args)
{
	char *argv[] = { args->value[OPT_VERSION] ? "version" : "help", NULL };

	if (!args->value[OPT_HELP] && !args->value[OPT_VERSION])
		return run_alone(args);
	args->value[OPT_HELP] = NULL;
	args->verb = verb_find(verbs, argv[0]);
	return run(1, argv, args);
}

/*
 * If a standard stream is closed, open /dev/null in its place. Otherwise the next file or
 * socket that is opened would get its number, and what the tool prints would end up there.
 * /dev/null is opened for reading only, so printing to it fails, as it did on the closed
 * stream.
 */
static void hold_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0)
			return;
}

int main(int argc, char **argv)
{
	struct args args = { .verbs = verbs };
	int at;

	hold_streams();
	/* Used by the build and by the shell completions; not part of the interface. */
	if (argc == 2 && !strcmp(argv[1], "--generate"))
		return generate(verbs);
	if (argc == 3 && !strcmp(argv[1], "--complete"))
		return complete(verbs, argv[2]);
	at = args_parse_common(argc, argv, &args);
	if (at < 0)
		return -at;
	if (at >= argc || args.value[OPT_VERSION])
		return run_option(&args);
	args.verb = verb_find(verbs, argv[at]);
	if (!args.verb)
		return fail(EXIT_USAGE, "no verb is named '%s'; see 'scmod help'", argv[at]);
	return run(argc - at, argv + at, &args);
}
