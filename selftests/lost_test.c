// SPDX-License-Identifier: GPL-2.0
/*
 * Nothing lost: processes and threads that fork, execute and end at once make
 * random sets of calls; what was learned must be what was made, each round.
 * SCMOD_ROUNDS says how many rounds.
 */
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

#include "kselftest_harness.h"
#include "lib.h"
#include "sysname.h"

#define ROUNDS		100
#define PROCESSES	8
#define CALLS		12

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

/* Calls that end, block or multiply their task, or that take long. */
static bool is_odd(const char *name)
{
	static const char *const odd[] = {
		"exit", "exit_group", "fork", "vfork", "clone", "clone3", "pause",
		"rt_sigreturn", "execve", "execveat", "sync", "vhangup", "uretprobe", "uprobe",
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

FIXTURE(lost)
{
	struct work *work;
	unsigned int rounds;
};

FIXTURE_SETUP(lost)
{
	const char *rounds = getenv("SCMOD_ROUNDS");

	self->rounds = rounds ? atoi(rounds) : ROUNDS;
	self->work = mmap(NULL, PROCESSES * sizeof(*self->work), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	ASSERT_NE(MAP_FAILED, self->work);
	ASSERT_EQ(0, scmod_connect());
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);

		if (name && !is_odd(name))
			usable[nr_usable++] = nr;
	}
	srand(1);
}

FIXTURE_TEARDOWN(lost)
{
	munmap(self->work, PROCESSES * sizeof(*self->work));
}

/* Wait until all tasks of the cgroup, grandchildren too, have ended. */
static bool wait_empty(const struct cg *cg)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/cgroup.procs", cg->path);
	for (int i = 0; i < 10000; i++) {
		FILE *f = fopen(path, "r");
		int c = f ? fgetc(f) : EOF;

		if (f)
			fclose(f);
		if (c == EOF)
			return true;
		usleep(1000);
	}
	return false;
}

TEST_F_TIMEOUT(lost, what_was_learned_is_what_was_made, 3000)
{
	for (unsigned int round = 0; round < self->rounds; round++) {
		struct bitmap want = { 0 };
		struct policy policy;
		struct cg cg = { .fd = -1 };

		ASSERT_EQ(0, cg_make(&cg, NULL, "lost"));
		ASSERT_EQ(0, set_mode(&cg, SCMOD_MODE_LEARN));
		for (int i = 0; i < PROCESSES; i++)
			draw_work(&self->work[i], &want);
		for (int i = 0; i < PROCESSES; i++) {
			pid_t pid = cg_fork(&cg);

			if (!pid)
				run(&self->work[i]);
			ASSERT_LT(0, pid);
		}
		while (waitpid(-1, NULL, 0) > 0)
			;
		ASSERT_TRUE(wait_empty(&cg));
		/* Half of them are looked at after their cgroup is gone. */
		if (round % 2)
			ASSERT_EQ(0, cg_remove(&cg));
		ASSERT_EQ(0, get_policy(cg.id, &policy));
		ASSERT_STREQ("", set_text(0, &want, &policy.abi[0].seen)) {
			TH_LOG("round %u: made, not learned", round);
		}
		ASSERT_STREQ("", set_text(0, &policy.abi[0].seen, &want)) {
			TH_LOG("round %u: learned, not made", round);
		}
		ASSERT_EQ(bitmap_count(&want), policy.nr_records);
		policy_release(&policy);
		ASSERT_EQ(0, drop_policy(cg.id));
		ASSERT_EQ(0, cg_remove(&cg));
	}
	TH_LOG("learned equals made in %u of %u rounds", self->rounds, self->rounds);
}

TEST_HARNESS_MAIN
