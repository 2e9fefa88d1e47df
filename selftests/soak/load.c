// SPDX-License-Identifier: GPL-2.0
/* Workers that keep the kernel busy in tracked cgroups. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

/* Children of a fork storm that are there at once, and in all. */
#define STORM_WIDTH	4
#define STORM_FORKS	40

static void *thread_nothing(void *arg)
{
	return arg;
}

/* A child of a storm, which ends in one of several ways. */
static void __attribute__((noreturn)) storm_child(void)
{
	char *argv[] = { "caller64", "any", "39", "102", NULL };
	pthread_t thread;
	pid_t pid;

	switch (dice(5)) {
	case 0:
		execv(BUILD "/selftests/caller64", argv);
		break;
	case 1:
		pid = vfork();
		if (!pid) {
			execv(BUILD "/selftests/caller64", argv);
			_exit(1);
		}
		waitpid(pid, NULL, 0);
		break;
	case 2:
		if (!pthread_create(&thread, NULL, thread_nothing, NULL))
			pthread_join(thread, NULL);
		break;
	case 3:
		/* A grandchild for which no process waits. */
		if (!fork())
			_exit(0);
		break;
	}
	_exit(0);
}

static void __attribute__((noreturn)) storm(void)
{
	unsigned int now = 0;

	for (unsigned int i = 0; i < STORM_FORKS; i++) {
		pid_t pid = fork();

		if (!pid) {
			srand(getpid());
			storm_child();
		}
		if (pid > 0)
			add(FORKS, 1);
		if (pid > 0 && ++now == STORM_WIDTH) {
			wait(NULL);
			now--;
		}
	}
	while (wait(NULL) > 0)
		;
	_exit(0);
}

/* Fork storms, the policy's mode changing under them. */
void load_forks(void)
{
	struct abi_sets abi[NR_ABIS];
	struct cg cg = { .fd = -1 };

	allow_most(abi, true);
	if (!make_cg(&cg, NULL, "soak-forks"))
		return;
	if (make_policy(&cg, SCMOD_MODE_LEARN, NULL)) {
		while (going()) {
			pid_t pid = cg_fork(&cg);

			if (!pid)
				storm();
			nap(dice(50));
			if (dice(3) == 0 ? set_enforce(&cg, abi, SCMOD_ACTION_ERRNO, CHOSEN) :
			    set_mode(&cg, dice(SCMOD_MODE_ENFORCE)))
				bad("cannot change the mode under a fork storm");
			add(FLIPS, 1);
			waitpid(pid, NULL, 0);
			nap(100);
		}
	}
	remove_cg(&cg);
	forget_policy(cg.id);
}

/*
 * Stressors of processes and system calls, with bounds where their own would
 * make more runnable tasks than two emulated CPUs bear, or take all the memory.
 */
static const char *const stressors[] = {
	"--clone 1 --clone-max 8", "--fork 1 --fork-max 2", "--vfork 1 --vfork-max 2",
	"--exec 1 --exec-max 2", "--pthread 1 --pthread-max 8", "--daemon 1", "--wait 1",
	"--signal 1", "--sigrt 1", "--sigq 1", "--sigsuspend 1", "--kill 1",
	"--futex 1", "--pipe 1", "--poll 1", "--epoll 1", "--eventfd 1", "--sockpair 1",
	"--timer 1 --timer-freq 500", "--timerfd 1 --timerfd-freq 500", "--nanosleep 1",
	"--switch 1 --switch-freq 500", "--schedpolicy 1", "--session 1", "--dup 1",
	"--memfd 1 --memfd-bytes 8m", "--mmap 1 --mmap-bytes 8m", "--mprotect 1", "--getdent 1",
};

#define NR_STRESSORS	(sizeof(stressors) / sizeof(stressors[0]))
#define STRESS_SECONDS	4

static void stress(const struct cg *cg, const char *stressor)
{
	pid_t pid = cg_fork(cg);
	char command[256];

	if (!pid) {
		snprintf(command, sizeof(command),
			 "exec stress-ng --quiet --temp-path /tmp --timeout %d %s "
			 ">/dev/null 2>&1", STRESS_SECONDS, stressor);
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	while (going() && !waitpid(pid, NULL, WNOHANG))
		nap(100);
	if (going())
		add(STRESS_RUNS, 1);
}

/* Each stressor learned, then complained about, then under what it was learned. */
void load_stress(void)
{
	while (going()) {
		const char *stressor = stressors[dice(NR_STRESSORS)];
		struct cg cg = { .fd = -1 };

		if (!make_cg(&cg, NULL, "soak-stress"))
			return;
		if (make_policy(&cg, SCMOD_MODE_LEARN, NULL)) {
			stress(&cg, stressor);
			if (set_mode(&cg, SCMOD_MODE_COMPLAIN_LEARN))
				bad("cannot complain about stress-ng");
			stress(&cg, stressor);
			if (sh("scmod enforce %s --once >/dev/null 2>/tmp/soak-enforce", cg.path)) {
				bad("scmod enforce, after %s", stressor);
				sh("cat /tmp/soak-enforce");
			}
			add(TOOL_RUNS, 1);
			stress(&cg, stressor);
		}
		remove_cg(&cg);
		forget_policy(cg.id);
	}
}

/* Policies of removed cgroups that are remembered for a while. */
#define KEPT_MAX	(MAX_POLICIES + 1)

static uint64_t kept[KEPT_MAX];
static unsigned int nr_kept;

static void forget_kept(unsigned int leave)
{
	while (nr_kept > leave) {
		unsigned int i = dice(nr_kept);

		forget_policy(kept[i]);
		kept[i] = kept[--nr_kept];
	}
}

/* The first policy of @cg; at the limit, some that are remembered make room. */
static bool churn_policy(const struct cg *cg, int mode, int action, const struct abi_sets *abi)
{
	int err;

	do {
		err = mode == SCMOD_MODE_ENFORCE ? set_enforce(cg, abi, action, CHOSEN) :
			set_mode(cg, mode);
		if (err != -ENOSPC)
			break;
		add(LIMIT_MET, 1);
		forget_kept(nr_kept / 4);
		nap(10);
	} while (going());
	if (err && err != -ENOSPC)
		bad("cannot make a policy for %s: %s", cg->path, scmod_reason(err));
	if (!err)
		add(POLICIES_MADE, 1);
	return !err;
}

/* A process makes calls in the cgroup, and checks which of them enforce refuses. */
static void churn_task(const struct cg *cg, int mode, int action, struct calls *calls)
{
	int status = calls_run(cg, calls);

	add(FORKS, 1);
	if (status < 0) {
		bad("cannot fork: %s", strerror(-status));
		return;
	}
	if (mode != SCMOD_MODE_ENFORCE) {
		if (calls->ret[0] < 0)
			add(REFUSED_WRONGLY, 1);
		return;
	}
	add(REFUSED, 1);
	if (action == SCMOD_ACTION_KILL ? !WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS :
	    calls->ret[0] != -CHOSEN)
		add(PASSED, 1);
}

static void churn_round(struct calls *calls, const struct abi_sets *abi, unsigned int *serial)
{
	struct cg cg[4];
	unsigned int n = 1 + dice(4), made = 0;

	for (; made < n && going(); made++) {
		int mode = dice(SCMOD_MODE_MAX + 1), action = dice(2);
		bool below = made && dice(2);
		char name[32];

		/* A policy that enforces would refuse calls in cgroups below, so it gets a leaf. */
		snprintf(name, sizeof(name), "soak-churn-%u", (*serial)++);
		cg[made] = (struct cg){ .fd = -1 };
		if (!make_cg(&cg[made], below ? &cg[0] : NULL, name))
			break;
		if (!made && mode == SCMOD_MODE_ENFORCE)
			mode = SCMOD_MODE_LEARN;
		if (!churn_policy(&cg[made], mode, action, abi))
			continue;
		churn_task(&cg[made], mode, action, calls);
		kept[nr_kept++] = cg[made].id;
	}
	while (made--)
		remove_cg(&cg[made]);
}

/* Cgroups come and go, with policies of all kinds, that are kept and forgotten. */
void load_churn(void)
{
	struct calls *calls = calls_new(ENTRY_SYSCALL);
	struct abi_sets abi[NR_ABIS];
	unsigned int serial = 0;

	allow_most(abi, false);
	calls->arg = 0;
	calls_add(calls, SYS_getppid);
	while (going()) {
		if (nr_kept > KEPT_MAX - 5)
			forget_kept(0);
		else if (dice(20) == 0)
			forget_kept(nr_kept / 2);
		churn_round(calls, abi, &serial);
		nap(10);
	}
	forget_kept(0);
	calls_free(calls);
}
