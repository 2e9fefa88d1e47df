// SPDX-License-Identifier: GPL-2.0
/*
 * What getppid() costs under scmod and under seccomp, in guest instructions.
 * Runs in a VM with --icount --no-module; prints one JSON object per figure.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "lib.h"

static struct cg cg;
static struct abi_sets allow_all[NR_ABIS], deny_getppid[NR_ABIS];
static char kernel[64];
static const char *engine;

static void getppid_once(void)
{
	raw_syscall(SYS_getppid, 0);
}

static void die(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static void must(int err, const char *what)
{
	if (err)
		die(what);
}

static void set_none(void)
{
}

static void set_learn(void)
{
	must(set_mode(&cg, SCMOD_MODE_LEARN), "learn");
}

static void set_complain(void)
{
	must(set_enforce(&cg, allow_all, SCMOD_ACTION_ERRNO, 0), "enforce");
	must(set_mode(&cg, SCMOD_MODE_COMPLAIN), "complain");
}

static void set_allowed(void)
{
	must(set_enforce(&cg, allow_all, SCMOD_ACTION_ERRNO, 0), "enforce");
}

static void set_denied(void)
{
	must(set_enforce(&cg, deny_getppid, SCMOD_ACTION_ERRNO, 0), "enforce");
}

#define ALLOWED	60

/*
 * In the measured process itself: an allow-list of 60 numbers that looks at
 * nothing but the number and the architecture, so that the kernel answers from
 * its cache without running it.
 */
static void filter_cached(void)
{
	struct sock_filter code[4 + 2 * ALLOWED + 1] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog prog = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	static const unsigned int last[] = { SYS_getppid, SYS_clock_gettime, SYS_exit_group };
	struct sock_filter *next = code + 4;

	for (unsigned int i = 0; i < ALLOWED; i++) {
		unsigned int nr = i < ALLOWED - 3 ? i : last[i - (ALLOWED - 3)];

		*next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1);
		*next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	*next = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog), "seccomp");
}

/* Before the module is loaded. */
static const struct column {
	const char *name;
	/* Whether the measured process is in the tracked cgroup. */
	bool inside;
	void (*set)(void);
	void (*self)(void);
} before[] = {
	{ "none", false, set_none, NULL },
	{ "seccomp allow-list, answered from its cache", false, set_none, filter_cached },
};

static const struct column after[] = {
	{ "untracked, another cgroup enforced", false, set_allowed, NULL },
	{ "learn", true, set_learn, NULL },
	{ "complain", true, set_complain, NULL },
	{ "enforce", true, set_allowed, NULL },
	{ "denied", true, set_denied, NULL },
	{ "seccomp, untracked, another cgroup enforced", false, set_allowed, filter_cached },
};

/* Each figure is taken in a process of its own. */
static void measure(const struct column *column)
{
	int status;
	pid_t pid;

	column->set();
	pid = column->inside ? cg_fork(&cg) : fork();
	if (!pid) {
		long cost;

		if (column->self)
			column->self();
		cost = cost_of(getppid_once);
		printf("{\"kernel\":\"%s\",\"engine\":\"%s\",\"workload\":\"getppid\","
		       "\"column\":\"%s\",\"value\":%s,\"unit\":\"instructions\"}\n",
		       kernel, engine, column->name, cost_text(cost));
		fflush(stdout);
		raw_syscall(SYS_exit_group, 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		die(column->name);
}

int main(int argc, char **argv)
{
	snprintf(kernel, sizeof(kernel), "%s", argc > 1 ? argv[1] : "");
	engine = getenv("SCMOD_HOOK");
	if (!engine)
		engine = "kprobe";
	memset(allow_all, 0, sizeof(allow_all));
	memset(&allow_all[SCMOD_ABI_X86_64].allowed, 0xff, sizeof(struct bitmap));
	memcpy(deny_getppid, allow_all, sizeof(allow_all));
	bitmap_drop(&deny_getppid[SCMOD_ABI_X86_64].allowed, SYS_getppid);
	must(cg_make(&cg, NULL, "bench"), "no cgroup");
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		measure(&before[i]);
	must(sh(INSMOD), "the module does not load");
	must(scmod_connect(), "no module");
	for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++) {
		measure(&after[i]);
		must(drop_policy(cg.id), "forget");
	}
	return cg_remove(&cg) ? 1 : 0;
}
