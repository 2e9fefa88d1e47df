/* SPDX-License-Identifier: GPL-2.0 */
/* The verbs, and how they get their arguments. */
#ifndef CTL_CMD_H
#define CTL_CMD_H

#include <stdbool.h>

/**
 * struct cmd - one verb
 * @name: as typed
 * @usage: its arguments
 * @help: what it does, in one line
 * @run: gets what comes after the verb; returns an exit code
 */
struct cmd {
	const char *name;
	const char *usage;
	const char *help;
	int (*run)(int argc, char **argv);
};

extern const struct cmd cmds[];
extern const unsigned int nr_cmds;

const struct cmd *cmd_find(const char *name);
void cmd_print_usage(const struct cmd *cmd);

/**
 * struct opt - one option of a verb; the last of an array has no @name
 * @name: "--json", "-o"
 * @value: where its value goes, or
 * @flag: what is set if it is given
 */
struct opt {
	const char *name;
	const char **value;
	bool *flag;
};

/*
 * Sort the arguments of @verb into options and words. @words has room for
 * @max words; @min of them must be given: 0, or 1 for CGROUP. Returns how many
 * there are, or a negative exit code after saying what is wrong.
 */
int args_parse(const char *verb, int argc, char **argv, const struct opt *opts,
	       const char **words, int min, int max);

int cmd_learn(int argc, char **argv);
int cmd_complain(int argc, char **argv);
int cmd_enforce(int argc, char **argv);
int cmd_allow(int argc, char **argv);
int cmd_off(int argc, char **argv);
int cmd_forget(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_lint(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_version(int argc, char **argv);
int cmd_help(int argc, char **argv);

#endif /* CTL_CMD_H */
