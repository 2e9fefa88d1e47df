// SPDX-License-Identifier: GPL-2.0
/*
 * If the kernel could run no usermode helper when the module was loaded, the module proves its
 * hook with a process of the tool: a child that calls getppid() until it is killed. See
 * SCMOD_A_PROVE_PID.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/prove.h"

/*
 * This filter returns EXDEV for call -1. The module looks for that errno, to see that seccomp
 * runs after the hook.
 */
static int filter_install(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, -1, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EXDEV),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	static const struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* Make no other call in this loop: the module counts the calls. */
static _Noreturn void call_for_ever(void)
{
	unsigned long count = 0;
	long ret = 0;

	for (;;) {
		long arg = ret;

		count++;
		__asm__ volatile("syscall"
				 : "=a"(ret)
				 : "0"((long)SYS_getppid), "D"(arg), "S"(count)
				 : "rcx", "r11", "memory");
	}
}

/* Writes a byte to @ready when everything is set up; on failure, exits without writing one. */
static _Noreturn void child_run(int ready, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* If the parent has died before prctl(), no signal will come. */
	if (getppid() != parent || filter_install() || write(ready, "r", 1) != 1)
		_exit(1);
	call_for_ever();
}

pid_t prover_start(void)
{
	pid_t parent = getpid(), child;
	int ready[2];
	char byte;

	if (pipe(ready))
		return -1;
	child = fork();
	if (!child) {
		close(ready[0]);
		child_run(ready[1], parent);
	}
	close(ready[1]);
	/*
	 * A child that failed wrote no byte. Ask the module all the same: its error says what
	 * is missing.
	 */
	if (child > 0 && read(ready[0], &byte, 1) < 0)
		byte = 0;
	close(ready[0]);
	return child;
}

void prover_end(pid_t child)
{
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}
