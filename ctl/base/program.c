// SPDX-License-Identifier: GPL-2.0
/* Runs another program and reads what it prints. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/program.h"
#include "base/timestamp.h"

#define PRINTED_MAX (64 * 1024)

static _Noreturn void run(const char *const argv[], int to)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* A group of its own, so that its children can be ended with it. */
	setpgid(0, 0);
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0 &&
	    dup2(to, STDOUT_FILENO) >= 0)
		execvp(argv[0], (char *const *)argv);
	_exit(127);
}

/* Reads up to the end of what is printed; false if that does not come in time. */
static bool read_all(int from, char *text, int64_t end)
{
	size_t len = 0;

	for (;;) {
		struct pollfd ready = { .fd = from, .events = POLLIN };
		int64_t left = end - timestamp_monotonic();
		ssize_t got;

		if (left <= 0 || len == PRINTED_MAX)
			return false;
		if (poll(&ready, 1, left) <= 0)
			continue;
		got = read(from, text + len, PRINTED_MAX - len);
		if (got < 0 && errno != EINTR)
			return false;
		if (!got)
			return strlen(text) == len;
		len += got > 0 ? got : 0;
	}
}

/* Waits until the process ends; false if that is not before @end. */
static bool await(pid_t pid, int64_t end)
{
	struct pollfd process = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	bool ended = false;
	int64_t left;

	while (process.fd >= 0 && !ended && (left = end - timestamp_monotonic()) > 0)
		ended = poll(&process, 1, left) > 0;
	if (process.fd >= 0)
		close(process.fd);
	return ended;
}

/* Kills the group if the time is over. Returns whether the program succeeded. */
static bool end(pid_t pid, bool in_time)
{
	int status = -1;

	if (!in_time)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return in_time && WIFEXITED(status) && !WEXITSTATUS(status);
}

char *program_read(const char *const argv[], int ms)
{
	int64_t until = timestamp_monotonic() + ms;
	char *text = mem_alloc(PRINTED_MAX + 1);
	bool done = false;
	int ends[2];
	pid_t pid;

	if (!pipe2(ends, O_CLOEXEC)) {
		pid = fork();
		if (!pid)
			run(argv, ends[1]);
		close(ends[1]);
		if (pid > 0) {
			/* Parent and child do this, so the group exists whichever runs first. */
			setpgid(pid, pid);
			done = end(pid, read_all(ends[0], text, until) && await(pid, until));
		}
		close(ends[0]);
	}
	if (done)
		return text;
	free(text);
	return NULL;
}
