// SPDX-License-Identifier: GPL-2.0
/* Workers that come and go beside the others: tracers, the tool, listeners. */
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "genl.h"
#include "soak.h"

#define TRACING	"/sys/kernel/tracing/"

/* The kernel's own tracer of system calls on and off. */
void visit_tracing(void)
{
	static const char *const events[] = { "sys_enter", "sys_exit" };

	sh("echo 128 >" TRACING "buffer_size_kb");
	while (going()) {
		const char *event = events[dice(2)];

		if (sh("echo 1 >" TRACING "events/raw_syscalls/%s/enable", event))
			bad("cannot trace %s", event);
		nap(dice(300));
		if (sh("echo 0 >" TRACING "events/raw_syscalls/%s/enable", event))
			bad("cannot stop tracing %s", event);
		add(TRACER_FLIPS, 2);
		nap(dice(500));
	}
	sh("echo >" TRACING "trace");
}

/* strace attaches to one of the loops and leaves it. */
void visit_strace(void)
{
	while (going()) {
		pid_t target = __atomic_load_n(&soak->loop[dice(MAX_LOOPS)].pid, __ATOMIC_RELAXED);
		char text[16];
		pid_t pid;

		nap(20);
		if (!target)
			continue;
		snprintf(text, sizeof(text), "%d", target);
		pid = fork();
		if (!pid) {
			execlp("strace", "strace", "-qqfo", "/dev/null", "-p", text, NULL);
			_exit(127);
		}
		/* Long enough to have attached, mostly; when it leaves does not matter. */
		nap(200 + dice(500));
		kill(pid, SIGINT);
		waitpid(pid, NULL, 0);
		add(STRACES, 1);
		nap(dice(500));
	}
}

void visit_tool(void)
{
	/* The moved tasks' learning cgroup is there all the time, and has a record. */
	static const char *const commands[] = {
		"status", "status --json", "dump /sys/fs/cgroup/soak-place-learn",
		"status /sys/fs/cgroup/soak-place-enforce", "dump /sys/fs/cgroup/soak-place-learn --format json",
	};
	unsigned int n = sizeof(commands) / sizeof(commands[0]);

	while (going()) {
		const char *command = commands[dice(n)];

		if (access("/sys/fs/cgroup/soak-place-free", F_OK)) {
			nap(50);
			continue;
		}
		if (sh("scmod %s >/dev/null 2>/tmp/soak-tool", command) && going()) {
			bad("scmod %s", command);
			sh("cat /tmp/soak-tool");
		}
		add(TOOL_RUNS, 1);
		nap(100 + dice(300));
	}
}

static bool listen_begin(struct genl *ear)
{
	static struct msg m;
	int err = genl_socket(ear);

	if (!err)
		err = genl_resolve(ear, &m);
	if (!err)
		err = genl_listen(ear, &m);
	if (err)
		bad("cannot listen: %s", strerror(-err));
	else
		add(LISTENERS, 1);
	return !err;
}

/* Listens for a while, at times not at all, and goes; then the next. */
void visit_listener(void)
{
	static unsigned char data[RECV_BYTES];

	while (going()) {
		unsigned int reads = dice(100);
		struct genl ear;

		if (!listen_begin(&ear))
			return;
		for (unsigned int i = 0; i < reads && going(); i++) {
			struct pollfd poll_fd = { .fd = ear.fd, .events = POLLIN };

			if (poll(&poll_fd, 1, 100) == 1 &&
			    recv(ear.fd, data, sizeof(data), MSG_DONTWAIT) > 0)
				add(EVENTS_SEEN, 1);
		}
		genl_close(&ear);
		nap(dice(300));
	}
}

/* Never reads, and is still there when the module is not. */
void visit_deaf(void)
{
	struct genl ear;

	if (listen_begin(&ear))
		while (!__atomic_load_n(&soak->unloaded, __ATOMIC_RELAXED))
			nap(100);
}
