// SPDX-License-Identifier: GPL-2.0
/* scmod: the table of verbs, and what is common to all of them. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "kernel/nl.h"
#include "verbs/cmd.h"

const struct cmd cmds[] = {
	{ "learn", "CGROUP [--infer none|family|likely] [--families FILE]",
	  "record which system calls the tasks of a cgroup and those below it make", cmd_learn },
	{ "complain", "CGROUP [--infer none|family|likely] [--families FILE] [--runtime NAME]",
	  "go on recording, and report what enforce would refuse", cmd_complain },
	{ "enforce", "CGROUP [--profile FILE] [--errno NAME] [--action errno|kill] [--infer none|family|likely] [--families FILE] [--runtime NAME] [--args fail|widen|narrow] [--cap NAMES]",
	  "refuse every call that was not learned, or that a profile doesn't allow", cmd_enforce },
	{ "allow", "CGROUP CALL...|--denied",
	  "allow more calls, or all that were refused so far", cmd_allow },
	{ "off", "CGROUP",
	  "neither record nor refuse any more; keep the record", cmd_off },
	{ "forget", "CGROUP|--all",
	  "drop a policy and its record", cmd_forget },
	{ "status", "[CGROUP] [--json]",
	  "show one policy or all", cmd_status },
	{ "dump", "[CGROUP|FILE] [-o FILE] [--format oci|docker|spo|systemd|bpf|pfc|list|json] [--infer none|family|likely] [--families FILE] [--runtime NAME] [--args fail|widen|narrow] [--cap NAMES]",
	  "write what was learned, or a profile's file, as a seccomp profile", cmd_dump },
	{ "explain", "[CGROUP|FILE] [CALL] [--infer none|family|likely] [--families FILE] [--runtime NAME] [--json]",
	  "say why each call is allowed or refused: who made it, or which rule adds it",
	  cmd_explain },
	{ "merge", "CGROUP|FILE... [-o FILE] [--format oci|docker|spo|systemd|bpf|pfc|list|json] [--infer none|family|likely] [--runtime NAME] [--args fail|widen|narrow] [--cap NAMES]",
	  "make one profile of several", cmd_merge },
	{ "diff", "CGROUP|FILE CGROUP|FILE [--json] [--infer none|family|likely] [--args fail|widen|narrow] [--cap NAMES]",
	  "show what one profile does that another does not", cmd_diff },
	{ "lint", "FILE [--json]",
	  "find mistakes in a profile", cmd_lint },
	{ "report", "[CGROUP|FILE] [--json|--html] [-o FILE] [--default FILE] [--exploits FILE] [--infer none|family|likely] [--families FILE] [--runtime NAME]",
	  "show how much of the kernel a profile leaves within reach, and which exploits it stops",
	  cmd_report },
	{ "doctor", "[--json]",
	  "check that all is in place, with a live test in a throw-away cgroup", cmd_doctor },
	{ "version", "",
	  "print the version of this tool", cmd_version },
	{ "help", "[VERB]",
	  "explain a verb or list them all", cmd_help },
};

const unsigned int nr_cmds = sizeof(cmds) / sizeof(cmds[0]);

const struct cmd *cmd_find(const char *name)
{
	for (unsigned int i = 0; i < nr_cmds; i++)
		if (!strcmp(cmds[i].name, name))
			return &cmds[i];
	return NULL;
}

static const char *canonical(const char *name)
{
	if (!strcmp(name, "--help") || !strcmp(name, "-h"))
		return "help";
	return !strcmp(name, "--version") ? "version" : name;
}

static bool asks_for_help(int argc, char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	return false;
}

static int run(const struct cmd *cmd, int argc, char **argv)
{
	int ret;

	if (asks_for_help(argc, argv)) {
		cmd_print_usage(cmd);
		ret = EXIT_DONE;
	} else {
		ret = cmd->run(argc, argv);
	}
	scmod_close();
	if (!flushed(cmd->name) && !ret)
		ret = EXIT_FAILED;
	return ret;
}

/*
 * Where a standard stream is closed, no file or socket may take its number, and with it
 * what is printed. What is printed there fails, as it would have.
 */
static void hold_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0)
			return;
}

int main(int argc, char **argv)
{
	const struct cmd *cmd;

	hold_streams();
	if (argc < 2)
		return fail(EXIT_USAGE, "no verb is given; see 'scmod help'");
	cmd = cmd_find(canonical(argv[1]));
	if (!cmd)
		return fail(EXIT_USAGE, "no verb is named '%s'; see 'scmod help'", argv[1]);
	return run(cmd, argc - 2, argv + 2);
}
