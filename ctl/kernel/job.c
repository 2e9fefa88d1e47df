// SPDX-License-Identifier: GPL-2.0
/* Stands in for a child towards a shell: signals, stopping and continuing. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/job.h"

/* The child's pid, or 0; and a signal that came before there was a child. */
static volatile sig_atomic_t job, early;

static const int sent_on[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, SIGCONT, SIGWINCH
};

/* Signals of the terminal have si_code SI_KERNEL; the child gets these itself. */
static void on_signal(int sig, siginfo_t *info, void *context)
{
	int err = errno;

	(void)context;
	if (!job)
		early = sig;
	else if (info->si_code <= 0 && info->si_pid != job)
		kill(job, sig);
	errno = err;
}

/* A signal that is ignored, as under nohup, stays ignored, for the child as well. */
static void handle(int sig)
{
	struct sigaction action = {
		.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART,
	};
	struct sigaction before;

	if (!sigaction(sig, NULL, &before) && before.sa_handler != SIG_IGN)
		sigaction(sig, &action, NULL);
}

void job_begin(void)
{
	/* If the parent of this process ignored SIGCHLD, waitpid() would get no status. */
	signal(SIGCHLD, SIG_DFL);
	for (size_t i = 0; i < sizeof(sent_on) / sizeof(sent_on[0]); i++)
		handle(sent_on[i]);
}

/*
 * A shell that continues this process gives the terminal to its group. A child that is a shell
 * has a group of its own, and would wait for the terminal for ever.
 */
static void hand_over(pid_t child)
{
	pid_t group = getpgid(child);

	if (group > 0 && group != getpgrp() && tcgetpgrp(STDIN_FILENO) == getpgrp())
		tcsetpgrp(STDIN_FILENO, group);
}

/* Stops this process by the same signal. Returns when it is continued. */
static void stop(pid_t child, int sig)
{
	struct sigaction before, plain = { .sa_handler = SIG_DFL };

	sigaction(sig, &plain, &before);
	raise(sig);
	if (sig != SIGSTOP)
		sigaction(sig, &before, NULL);
	hand_over(child);
	kill(child, SIGCONT);
}

int job_wait(pid_t child)
{
	int status;

	job = child;
	if (early)
		kill(child, early);
	for (;;) {
		pid_t got = waitpid(child, &status, WUNTRACED);

		if (got < 0 && errno == EINTR)
			continue;
		if (got > 0 && WIFSTOPPED(status)) {
			stop(child, WSTOPSIG(status));
			continue;
		}
		job = 0;
		return got > 0 ? status : 0;
	}
}

void job_die(int sig)
{
	struct rlimit none = { 0 };
	sigset_t set;

	setrlimit(RLIMIT_CORE, &none);
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
}
