// SPDX-License-Identifier: GPL-2.0
/* Known random sets of calls; see generate.h. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generate.h"
#include "calls/sysname.h"

#define CALLS		12
/* A minute of sleep alone; a busy machine takes longer over it. */
#define ENDED_TRIES	60000
#define ENDED_US	1000

/* One task's calls; in memory that all share. */
struct job {
	unsigned int count;
	unsigned int nr[CALLS];
	volatile int done;
};

/*
 * What one process does: its own calls, those of a thread, of a child, and of a
 * program that another child executes.
 */
struct work {
	struct job own, thread, child, program;
	bool has_thread, has_child, has_program;
	char text[CALLS][8];
	char *argv[CALLS + 3];
	char stack[16384] __attribute__((aligned(16)));
};

static unsigned int usable[SCMOD_NR_BITS], nr_usable;

/* Excluded beside the special ones: calls that fork, execute or take long. */
static bool is_odd(const char *name)
{
	static const char *const odd[] = {
		"clone", "clone3", "execve", "execveat", "sync", "vhangup",
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		if (!strcmp(name, odd[i]))
			return true;
	return false;
}

static void __attribute__((noreturn)) finish(int nr)
{
	for (;;)
		raw_syscall(nr, 0);
}

static inline __attribute__((always_inline)) void make(struct job *job)
{
	for (unsigned int i = 0; i < job->count; i++)
		raw_syscall(job->nr[i], -1);
	job->done = 1;
}

static void __attribute__((noreturn, used)) thread_run(struct job *job)
{
	make(job);
	finish(SYS_exit);
}

/* A thread without the C library's own calls: clone() onto @stack. */
static long start_thread(void *stack, struct job *job)
{
	register long r10 asm("r10") = 0;
	register long r8 asm("r8") = 0;
	void **top = stack;
	long ret;

	*--top = job;
	asm volatile("syscall\n"
		     "	test %%rax, %%rax\n"
		     "	jnz 1f\n"
		     "	pop %%rdi\n"
		     "	call thread_run\n"
		     "1:"
		     : "=a"(ret)
		     : "a"(SYS_clone), "D"(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
		       CLONE_THREAD | CLONE_SYSVSEM), "S"(top), "d"(0), "r"(r10), "r"(r8)
		     : "rcx", "r11", "memory");
	return ret;
}

static inline __attribute__((always_inline)) long raw_fork(void)
{
	register long r10 asm("r10") = 0;
	register long r8 asm("r8") = 0;
	long ret;

	asm volatile("syscall" : "=a"(ret)
		     : "a"(SYS_clone), "D"(SIGCHLD), "S"(0), "d"(0), "r"(r10), "r"(r8)
		     : "rcx", "r11", "memory");
	return ret;
}

static void __attribute__((noreturn)) execute(struct work *work)
{
	long ret;

	asm volatile("syscall" : "=a"(ret)
		     : "a"(SYS_execve), "D"(BUILD "/selftests/caller64"), "S"(work->argv), "d"(0)
		     : "rcx", "r11", "memory");
	finish(SYS_exit_group);
}

static void __attribute__((noreturn)) run(struct work *work)
{
	if (work->has_thread)
		start_thread(work->stack + sizeof(work->stack), &work->thread);
	if (work->has_child && !raw_fork()) {
		make(&work->child);
		finish(SYS_exit_group);
	}
	if (work->has_program && !raw_fork())
		execute(work);
	make(&work->own);
	while (work->has_thread && !work->thread.done)
		;
	finish(SYS_exit_group);
}

static void draw(struct job *job, struct bitmap *want)
{
	job->done = 0;
	job->count = 1 + rand() % CALLS;
	for (unsigned int i = 0; i < job->count; i++) {
		job->nr[i] = usable[rand() % nr_usable];
		bitmap_add(want, job->nr[i]);
	}
}

static void draw_work(struct work *work, struct bitmap *want)
{
	work->has_thread = rand() % 2;
	work->has_child = rand() % 2;
	work->has_program = rand() % 4 == 0;
	draw(&work->own, want);
	bitmap_add(want, SYS_exit_group);
	if (work->has_thread || work->has_child || work->has_program)
		bitmap_add(want, SYS_clone);
	if (work->has_thread) {
		draw(&work->thread, want);
		bitmap_add(want, SYS_exit);
	}
	if (work->has_child)
		draw(&work->child, want);
	if (!work->has_program)
		return;
	draw(&work->program, want);
	bitmap_add(want, SYS_execve);
	work->argv[0] = "caller64";
	work->argv[1] = "any";
	for (unsigned int i = 0; i < work->program.count; i++) {
		snprintf(work->text[i], sizeof(work->text[i]), "%u", work->program.nr[i]);
		work->argv[i + 2] = work->text[i];
	}
	work->argv[work->program.count + 2] = NULL;
}

static void find_usable(void)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);

		if (name && !is_odd(name) && !call_is_special(SCMOD_ABI_X86_64, nr))
			usable[nr_usable++] = nr;
	}
}

struct work *generate_new(unsigned int count)
{
	struct work *work = shared_new(count * sizeof(*work));

	if (!nr_usable)
		find_usable();
	return work;
}

void generate_free(struct work *work, unsigned int count)
{
	munmap(work, count * sizeof(*work));
}

void generate_draw(struct work *work, unsigned int count, struct bitmap *want)
{
	for (unsigned int i = 0; i < count; i++)
		draw_work(&work[i], want);
}

int generate_run(struct work *work, unsigned int count, const struct cg *cg)
{
	pid_t pid = 0;

	for (unsigned int i = 0; i < count && pid >= 0; i++) {
		pid = cg_fork(cg);
		if (!pid)
			run(&work[i]);
	}
	while (waitpid(-1, NULL, 0) > 0)
		;
	return pid < 0 ? pid : 0;
}

bool generate_ended(const struct cg *cg)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/cgroup.procs", cg->path);
	for (int i = 0; i < ENDED_TRIES; i++) {
		FILE *f = fopen(path, "r");
		int c = f ? fgetc(f) : EOF;

		if (f)
			fclose(f);
		if (c == EOF)
			return true;
		usleep(ENDED_US);
	}
	return false;
}
