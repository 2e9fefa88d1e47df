// SPDX-License-Identifier: GPL-2.0
/* scmod help, and --help after a verb. */
#include <stdio.h>

#include "base/error.h"
#include "verbs/cmd.h"

static void print_line(const struct cmd *cmd)
{
	printf("scmod %s%s%s\n", cmd->name, *cmd->usage ? " " : "", cmd->usage);
}

void cmd_print_usage(const struct cmd *cmd)
{
	printf("usage: ");
	print_line(cmd);
	printf("\n%c%s.\n", cmd->help[0] - 'a' + 'A', cmd->help + 1);
	printf("The manual has more: man scmod\n");
}

static void print_all(void)
{
	printf("Learn and enforce, per cgroup, which system calls may be made.\n\n");
	for (unsigned int i = 0; i < nr_cmds; i++) {
		printf("  ");
		print_line(&cmds[i]);
		printf("      %s\n", cmds[i].help);
	}
	printf("\nCGROUP is a directory below the cgroup2 mount; or, for a policy that exists,\n");
	printf("its path from before the cgroup was removed, or its id.\n");
	printf("Exit codes: 0 done, 1 failed, 2 usage, 3 module not loaded, 4 not permitted.\n");
}

int cmd_help(int argc, char **argv)
{
	const struct cmd *cmd;
	const char *verb;
	int words = args_parse("help", argc, argv, NULL, &verb, 0, 1);

	if (words < 0)
		return -words;
	if (!words) {
		print_all();
		return EXIT_DONE;
	}
	cmd = cmd_find(verb);
	if (!cmd)
		return fail(EXIT_USAGE, "help: no verb is named '%s'; see 'scmod help'", verb);
	cmd_print_usage(cmd);
	return EXIT_DONE;
}
