// SPDX-License-Identifier: GPL-2.0
/* What the workers use: counted cgroups and policies, and loops. */
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

/* A call more often than this in a row would keep others from the CPU. */
#define BURST	100
#define PAUSE_MS	20

struct soak *soak;

void bad(const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	add(ERRORS, 1);
	printf("soak: ERROR: %s\n", text);
	fflush(stdout);
}

unsigned int dice(unsigned int n)
{
	return rand() % n;
}

void nap(unsigned int ms)
{
	usleep(ms * 1000);
}

bool make_cg(struct cg *cg, const struct cg *parent, const char *name)
{
	int err = cg_make(cg, parent, name);

	if (err)
		bad("cannot make cgroup %s: %s", name, strerror(-err));
	else
		add(CGROUPS_MADE, 1);
	return !err;
}

void remove_cg(struct cg *cg)
{
	int err;

	if (cg->fd < 0)
		return;
	err = cg_remove(cg);
	if (err)
		bad("cannot remove %s: %s", cg->path, strerror(-err));
	else
		add(CGROUPS_REMOVED, 1);
}

bool make_policy(const struct cg *cg, int mode, const struct abi_sets *abi)
{
	int err;

	while (going()) {
		err = mode == SCMOD_MODE_ENFORCE ?
			set_enforce(cg, abi, SCMOD_ACTION_ERRNO, CHOSEN) : set_mode(cg, mode);
		if (!err) {
			add(POLICIES_MADE, 1);
			return true;
		}
		if (err != -ENOSPC) {
			bad("cannot make a policy for %s: %s", cg->path, scmod_reason(err));
			return false;
		}
		add(LIMIT_MET, 1);
		nap(50);
	}
	return false;
}

/* A policy whose cgroup has just been removed enforces until a worker looked at it. */
void forget_policy(uint64_t id)
{
	int err = -EBUSY;

	if (!id)
		return;
	for (int i = 0; i < 1000 && err == -EBUSY; i++) {
		err = drop_policy(id);
		if (err == -EBUSY)
			nap(10);
	}
	if (err)
		bad("cannot forget policy %lu: %s", (unsigned long)id, scmod_reason(err));
	else
		add(POLICIES_FORGOTTEN, 1);
}

void allow_most(struct abi_sets *abi, bool all)
{
	memset(abi, 0, NR_ABIS * sizeof(*abi));
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		if (all || nr != SYS_getppid)
			bitmap_add(&abi[SCMOD_ABI_X86_64].allowed, nr);
}

static void loop_call(struct loop *loop)
{
	unsigned int change = __atomic_load_n(&loop->change, __ATOMIC_SEQ_CST);
	enum must must = __atomic_load_n(&loop->must, __ATOMIC_SEQ_CST);
	long ret = raw_syscall(SYS_getppid, 0);

	__atomic_fetch_add(&loop->calls, 1, __ATOMIC_RELAXED);
	if (__atomic_load_n(&loop->change, __ATOMIC_SEQ_CST) != change)
		return;
	if (must == MUST_BE_REFUSED) {
		add(REFUSED, 1);
		if (ret != -CHOSEN)
			add(PASSED, 1);
	} else if (must == MUST_PASS && ret < 0) {
		add(REFUSED_WRONGLY, 1);
	}
}

static void loop_burst(struct loop *loop)
{
	for (int i = 0; i < BURST; i++)
		loop_call(loop);
}

static void *loop_thread(void *loop)
{
	for (;;) {
		loop_burst(loop);
		nap(PAUSE_MS);
	}
	return NULL;
}

bool loop_start(unsigned int i, const struct cg *cg, bool threads, bool children)
{
	struct loop *loop = &soak->loop[i];
	pthread_t thread;
	pid_t pid;

	loop->must = MUST_NOTHING;
	pid = cg_fork(cg);
	if (!pid && threads && pthread_create(&thread, NULL, loop_thread, loop))
		_exit(1);
	while (!pid) {
		pid_t child;

		loop_burst(loop);
		if (children && dice(8) == 0) {
			child = fork();
			if (!child) {
				loop_burst(loop);
				_exit(0);
			}
			waitpid(child, NULL, 0);
		}
		nap(PAUSE_MS);
	}
	if (pid < 0)
		bad("cannot start a loop: %s", strerror(-pid));
	__atomic_store_n(&loop->pid, pid < 0 ? 0 : pid, __ATOMIC_RELAXED);
	return pid > 0;
}

void loop_change(unsigned int i)
{
	__atomic_store_n(&soak->loop[i].must, MUST_NOTHING, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&soak->loop[i].change, 1, __ATOMIC_SEQ_CST);
}

void loop_expect(unsigned int i, enum must must)
{
	__atomic_store_n(&soak->loop[i].must, must, __ATOMIC_SEQ_CST);
	__atomic_fetch_add(&soak->loop[i].change, 1, __ATOMIC_SEQ_CST);
}

void loop_wait(unsigned int i)
{
	unsigned long calls = soak->loop[i].calls;

	for (int n = 0; n < 200 && going(); n++) {
		if (__atomic_load_n(&soak->loop[i].calls, __ATOMIC_RELAXED) > calls + 3)
			return;
		nap(2);
	}
}
