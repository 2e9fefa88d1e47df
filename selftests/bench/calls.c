// SPDX-License-Identifier: GPL-2.0
/* Single calls, and pairs that belong together, over and over. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/futex.h>

#include "bench.h"

static int zero_fd;
static uint32_t word;

static void run_getppid(unsigned int n)
{
	while (n--)
		raw_syscall(SYS_getppid, 0);
}

static void open_zero(void)
{
	zero_fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
}

static void run_read(unsigned int n)
{
	char byte;

	while (n--)
		syscall(SYS_read, zero_fd, &byte, 1);
}

static void run_openat(unsigned int n)
{
	while (n--) {
		int fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY);

		if (fd >= 0)
			syscall(SYS_close, fd);
	}
}

static void run_futex(unsigned int n)
{
	while (n--)
		syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void run_fork(unsigned int n)
{
	while (n--) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
}

/*
 * A child that becomes a program which becomes itself, so often; where that is
 * refused, the child is refused so often.
 */
static void run_execve(unsigned int n)
{
	char left[] = "00000";
	char *const args[] = { DIR "/chain", left, NULL };
	pid_t pid = fork();

	if (!pid) {
		snprintf(left, sizeof(left), "%05u", n - 1);
		while (n--)
			execve(args[0], args, NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

/* Away from the host's file system, which answers when it likes. */
void calls_prepare(void)
{
	must(sh("cp " BUILD "/selftests/chain " DIR "/chain"), "no program to become");
}

static void *thread_nothing(void *arg)
{
	return arg;
}

static void run_thread(unsigned int n)
{
	pthread_t thread;

	while (n--)
		if (!pthread_create(&thread, NULL, thread_nothing, NULL))
			pthread_join(thread, NULL);
}

/*
 * Runs are so short that most meet neither a timer interrupt nor a slab that is
 * used up: so the shortest time comes back.
 */
const struct workload call_workloads[] = {
	{ "getppid", "call", NULL, run_getppid, NULL, 1, 101, 1, 64, { SYS_getppid, -1 } },
	{ "read of 1 byte", "call", open_zero, run_read, NULL, 1, 101, 1, 64, { SYS_read, -1 } },
	{ "openat+close", "pair", NULL, run_openat, NULL, 1, 6, 1, 100, { SYS_openat, -1 } },
	{ "futex wake", "call", NULL, run_futex, NULL, 1, 101, 1, 64, { SYS_futex, -1 } },
	{ "fork+exit", "child", NULL, run_fork, NULL, 1, 11, 1, 21,
	  { SYS_clone, SYS_clone3, SYS_fork, SYS_vfork, -1 } },
	{ "execve", "call", NULL, run_execve, NULL, 1, 11, 1, 21, { SYS_execve, -1 } },
	{ "thread create", "thread", NULL, run_thread, NULL, 1, 11, 1, 21,
	  { SYS_clone, SYS_clone3, -1 } },
};

const size_t nr_call_workloads = ARRAY_SIZE(call_workloads);
