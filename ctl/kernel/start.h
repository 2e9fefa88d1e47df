/* SPDX-License-Identifier: GPL-2.0 */
/* Starts a command in a cgroup. */
#ifndef CTL_START_H
#define CTL_START_H

#include <sys/types.h>

/**
 * enum start_step - where starting a command failed
 * @START_DONE: it did not
 */
enum start_step {
	START_DONE,
	START_MOUNTS,
	START_USER,
	START_FIND,
	START_CLONE,
	START_EXEC,
};

/**
 * struct start - a command that is started
 * @argv: its words, ended by NULL
 * @cgroup: descriptor of the cgroup's directory
 * @user: the user who runs it; NULL: the caller
 * @step, @err: where starting it failed, and with which errno
 */
struct start {
	const char *const *argv;
	int cgroup;
	const char *user;
	enum start_step step;
	int err;
};

/*
 * Starts a child that executes the command. The first system call that it makes in the cgroup is
 * execve(). It sees each mount of cgroup2 read-only. With a user it also can't gain privileges
 * (PR_SET_NO_NEW_PRIVS). Its signals are those of the caller; no other descriptor than the caller's
 * that are not closed on exec is handed to it. Returns the child's number; -1 if it could not be
 * started.
 */
pid_t start_command(struct start *start);

/* What @step means, such as "can't be executed". */
const char *start_failure(enum start_step step);

#endif /* CTL_START_H */
