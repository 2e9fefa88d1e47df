// SPDX-License-Identifier: GPL-2.0
/*
 * Usage: rewrite CGROUP TIMES
 *
 * A process in CGROUP calls getppid() TIMES times; its tracer, outside of CGROUP, replaces
 * each call by getpid() at the entry stop. Then it calls getpid() as often without a
 * tracer. Prints how many calls were tried, how many getpid() were made, and how many
 * stops the tracer saw: "TRIES MADE STOPS". A policy must allow getppid and exit_group.
 */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define ORIG_RAX	offsetof(struct user_regs_struct, orig_rax)

struct tale {
	volatile long tries, made;
};

static long call0(long nr)
{
	long ret;

	asm volatile("syscall" : "=a"(ret) : "a"(nr) : "rcx", "r11", "memory");
	return ret;
}

static void __attribute__((noreturn)) tracee(struct tale *tale, long times)
{
	pid_t pid = getpid();

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	for (long i = 0; i < 2 * times; i++) {
		long ret = call0(i < times ? SYS_getppid : SYS_getpid);

		tale->made += ret == pid;
		tale->tries++;
	}
	for (;;)
		call0(SYS_exit_group);
}

static void into(const char *cgroup, pid_t pid)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	f = fopen(path, "w");
	if (!f || fprintf(f, "%d", pid) < 0 || fclose(f)) {
		perror(path);
		kill(pid, SIGKILL);
		exit(1);
	}
}

/* Traces until @times calls were tried. Returns how many stops there were. */
static long trace(pid_t pid, const struct tale *tale, long times)
{
	long stops = 0;
	int status;

	while (tale->tries < times) {
		ptrace(PTRACE_SYSCALL, pid, 0, 0);
		if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
			return -1;
		stops++;
		if (ptrace(PTRACE_PEEKUSER, pid, ORIG_RAX, 0) == SYS_getppid)
			ptrace(PTRACE_POKEUSER, pid, ORIG_RAX, SYS_getpid);
	}
	return stops;
}

int main(int argc, char *argv[])
{
	struct tale *tale = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long stops, times;
	int status;
	pid_t pid;

	if (argc != 3 || tale == MAP_FAILED)
		return 2;
	times = atol(argv[2]);
	pid = fork();
	if (!pid)
		tracee(tale, times);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		return 1;
	into(argv[1], pid);
	ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	stops = trace(pid, tale, times);
	ptrace(PTRACE_DETACH, pid, 0, 0);
	waitpid(pid, &status, 0);
	printf("%ld %ld %ld\n", tale->tries, tale->made, stops);
	return 0;
}
