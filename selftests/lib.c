// SPDX-License-Identifier: GPL-2.0
/* What the tests share; see lib.h. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>

#include "lib.h"
#include "calls/sysname.h"

#define MOUNT "/sys/fs/cgroup"

/* 20 s: much, since emulation is slow. A wait that takes longer has failed. */
#define WAIT_TRIES	2000
#define WAIT_US		10000

/*
 * The harness's alarm for each test, in place of libc's: SCMOD_TEST_SLOW times
 * as late, for a kernel that is so much slower.
 */
unsigned int alarm(unsigned int seconds)
{
	const char *slow = getenv("SCMOD_TEST_SLOW");
	struct itimerval new = {}, old;

	new.it_value.tv_sec = seconds * (slow ? atoi(slow) : 1);
	return setitimer(ITIMER_REAL, &new, &old) ? 0 : old.it_value.tv_sec;
}

int cg_make(struct cg *cg, const struct cg *parent, const char *name)
{
	struct stat st;

	if (snprintf(cg->path, sizeof(cg->path), "%s/%s", parent ? parent->path : MOUNT, name) >=
	    (int)sizeof(cg->path))
		return -ENAMETOOLONG;
	if (mkdir(cg->path, 0755) && errno != EEXIST)
		return -errno;
	cg->fd = open(cg->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cg->fd < 0 || fstat(cg->fd, &st))
		return -errno;
	cg->id = st.st_ino;
	return 0;
}

int cg_write(const struct cg *cg, const char *file, const char *text)
{
	int fd = openat(cg->fd, file, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int cg_move(const struct cg *cg, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)pid);
	return cg_write(cg, "cgroup.procs", text);
}

/* What cgroup.kill does, for kernels that have none. */
static void kill_each(const struct cg *cg)
{
	int fd = openat(cg->fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	FILE *procs = fd < 0 ? NULL : fdopen(fd, "r");
	int pid;

	while (procs && fscanf(procs, "%d", &pid) == 1)
		kill(pid, SIGKILL);
	if (procs)
		fclose(procs);
}

void cg_kill(const struct cg *cg)
{
	if (cg_write(cg, "cgroup.kill", "1"))
		kill_each(cg);
}

int cg_remove(struct cg *cg)
{
	int ret = 0;

	if (cg->fd < 0)
		return 0;
	for (int i = 0; i < WAIT_TRIES; i++) {
		cg_kill(cg);
		ret = rmdir(cg->path) ? -errno : 0;
		if (ret != -EBUSY)
			break;
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		usleep(WAIT_US);
	}
	close(cg->fd);
	cg->fd = -1;
	return ret == -ENOENT ? 0 : ret;
}

pid_t cg_fork(const struct cg *cg)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = cg->fd,
	};
	pid_t pid;

	fflush(NULL);
	pid = syscall(SYS_clone3, &args, sizeof(args));
	return pid < 0 ? -errno : pid;
}

int stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

/* Populated, so that no child has a page fault in the middle of what a test measures. */
void *shared_new(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

unsigned int table_end(unsigned int abi)
{
	unsigned int nr = SCMOD_NR_BITS;

	/* The newest calls fail with other errors than ENOSYS if all arguments are -1. */
	while (nr && (abi == SCMOD_ABI_I386 ? raw_int80(nr - 1, -1) :
					      raw_syscall(nr - 1, -1)) == -ENOSYS)
		nr--;
	return nr;
}

int filter_call(unsigned int nr, unsigned int action, unsigned int flags)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}

int become_nobody(void)
{
	return setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	       setresuid(NOBODY, NOBODY, NOBODY);
}

struct calls *calls_new(enum entry entry)
{
	struct calls *calls = shared_new(sizeof(*calls));

	if (!calls)
		return NULL;
	calls->entry = entry;
	calls->arg = -1;
	return calls;
}

void calls_free(struct calls *calls)
{
	munmap(calls, sizeof(*calls));
}

void calls_add(struct calls *calls, unsigned int nr)
{
	calls->nr[calls->count++] = nr;
}

inline __attribute__((always_inline)) long raw_syscall(long nr, long arg)
{
	register long r10 asm("r10") = arg;
	register long r8 asm("r8") = arg;
	register long r9 asm("r9") = arg;
	long ret;

	asm volatile("syscall" : "=a"(ret)
		     : "a"(nr), "D"(arg), "S"(arg), "d"(arg), "r"(r10), "r"(r8), "r"(r9)
		     : "rcx", "r11", "memory");
	return ret;
}

/* The sixth argument is whatever rbp holds. */
inline __attribute__((always_inline)) long raw_int80(long nr, long arg)
{
	int ret;

	asm volatile("int $0x80" : "=a"(ret)
		     : "a"(nr), "b"(arg), "c"(arg), "d"(arg), "S"(arg), "D"(arg)
		     : "r8", "r9", "r10", "r11", "memory");
	return ret;
}

/* Uses no function of the C library, so that it makes only the calls that were asked for. */
static void __attribute__((noreturn)) calls_make(struct calls *calls)
{
	for (unsigned int i = 0; i < calls->count; i++) {
		if (calls->entry == ENTRY_INT80)
			calls->ret[i] = raw_int80(calls->nr[i], (int)calls->arg);
		else
			calls->ret[i] = raw_syscall(calls->nr[i], calls->arg);
		calls->done = i + 1;
	}
	for (;;)
		raw_syscall(SYS_exit_group, 0);
}

pid_t calls_start(const struct cg *cg, struct calls *calls)
{
	pid_t pid;

	calls->done = 0;
	pid = cg_fork(cg);
	if (!pid)
		calls_make(calls);
	return pid;
}

int calls_run(const struct cg *cg, struct calls *calls)
{
	pid_t pid = calls_start(cg, calls);
	int status;

	if (pid < 0)
		return pid;
	if (waitpid(pid, &status, 0) != pid)
		return -errno;
	return status;
}

bool call_is_kernels_own(unsigned int abi, unsigned int nr)
{
	return abi == SCMOD_ABI_X86_64 && (nr == NR_URETPROBE || nr == NR_UPROBE);
}

bool call_is_special(unsigned int abi, unsigned int nr)
{
	static const char *const special[] = {
		"exit", "exit_group", "fork", "vfork", "pause", "sigsuspend",
		"rt_sigreturn", "sigreturn",
	};
	const char *name = sysname(abi, nr);

	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (name && !strcmp(name, special[i]))
			return true;
	return call_is_kernels_own(abi, nr);
}

int wait_blocked(pid_t pid, long nr)
{
	char path[64], text[256], want[32];

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)pid);
	snprintf(want, sizeof(want), "%ld ", nr);
	for (int i = 0; i < WAIT_TRIES; i++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

		if (fd >= 0)
			close(fd);
		if (len > 0 && !strncmp(text, want, strlen(want)))
			return 0;
		usleep(WAIT_US);
	}
	return -ETIMEDOUT;
}

int scmod_connect(void)
{
	return scmod_find();
}

static int set(const struct cg *cg, struct scmod_change *change)
{
	change->fd = cg->fd;
	return scmod_set(change, NULL);
}

int set_mode(const struct cg *cg, int mode)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	change.mode = mode;
	return set(cg, &change);
}

int set_enforce(const struct cg *cg, const struct abi_sets *abi, int action, int err)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;

	change.mode = SCMOD_MODE_ENFORCE;
	change.abi = abi;
	change.action = action;
	change.err = err ? err : EPERM;
	return set(cg, &change);
}

int get_policy(uint64_t id, struct policy *policy)
{
	struct policy_list list;
	int err = scmod_list(id, true, &list);

	if (err)
		return err;
	*policy = list.policy[0];
	list.policy[0] = (struct policy){ 0 };
	policy_list_release(&list);
	return 0;
}

int drop_policy(uint64_t id)
{
	struct scmod_change change = SCMOD_CHANGE_NONE;
	int err;

	change.id = id;
	change.mode = SCMOD_MODE_OFF;
	scmod_set(&change, NULL);
	err = scmod_forget(id);
	return err == -ENOENT ? 0 : err;
}

int marks(void)
{
	FILE *p;
	int count = -1;

	sh("dmesg -c >/dev/null; insmod " BUILD "/$(uname -r)/marks/marks.ko 2>/dev/null");
	p = popen("dmesg | sed -n 's/.*marks: //p' | tail -n 1", "r");
	if (fscanf(p, "%d", &count) != 1)
		count = -1;
	pclose(p);
	return count;
}

const char *set_text(unsigned int abi, const struct bitmap *a, const struct bitmap *b)
{
	static char text[16384];
	struct bitmap rest = *a;
	size_t len = 0;
	unsigned int nr;

	text[0] = '\0';
	if (b)
		bitmap_subtract(&rest, b);
	bitmap_for_each(nr, &rest) {
		const char *name = sysname(abi, nr);

		len += snprintf(text + len, sizeof(text) - len, "%s%u%s%s", len ? " " : "", nr,
				name ? "=" : "", name ? name : "");
	}
	return text;
}

bool set_equal(const struct bitmap *a, const struct bitmap *b)
{
	return !memcmp(a, b, sizeof(*a));
}

#define COST_CALLS	20000
/* Timer interrupts disturb some of the runs, so the shortest one counts. */
#define COST_RUNS	25

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

long cost_of(void (*fn)(void))
{
	uint64_t best = UINT64_MAX;

	for (int run = 0; run < COST_RUNS; run++) {
		uint64_t begin = now_ns(), took;

		for (int i = 0; i < COST_CALLS; i++)
			fn();
		took = now_ns() - begin;
		if (took < best)
			best = took;
	}
	return best * 100 / COST_CALLS;
}

const char *cost_text(long hundredths)
{
	static char text[32];

	snprintf(text, sizeof(text), "%ld.%02ld", hundredths / 100, hundredths % 100);
	return text;
}

long meminfo_kb(const char *name)
{
	FILE *f = fopen("/proc/meminfo", "r");
	size_t len = strlen(name);
	char line[128];
	long kb = -1;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, len) && line[len] == ':')
			kb = atol(line + len + 1);
	if (f)
		fclose(f);
	return kb;
}

bool slab_next(FILE *slabinfo, struct slab *slab)
{
	char line[512];

	while (fgets(line, sizeof(line), slabinfo)) {
		const char *slabs = strstr(line, ": slabdata ");
		long active, size, pages, count;

		if (!slabs || sscanf(line, "%63s%ld%*s%ld%*s%ld", slab->name, &active, &size,
				     &pages) != 4 ||
		    sscanf(slabs, ": slabdata %*s%ld", &count) != 1)
			continue;
		slab->kb = count * pages * (sysconf(_SC_PAGESIZE) / 1024);
		slab->used_kb = active * size / 1024;
		return true;
	}
	return false;
}

static long cache_kb(const char *name)
{
	FILE *f = fopen("/proc/slabinfo", "r");
	struct slab slab;
	long kb = 0;

	while (f && slab_next(f, &slab))
		if (!strcmp(slab.name, name))
			kb = slab.kb;
	if (f)
		fclose(f);
	return kb;
}

long slab_kb(void)
{
	long least = LONG_MAX;

	for (int i = 0; i < 4; i++) {
		long now;

		sh("sync; echo 3 >/proc/sys/vm/drop_caches; "
		   "for c in /sys/kernel/slab/*/shrink; do echo 1 >$c; done");
		usleep(200000);
		now = meminfo_kb("SUnreclaim") - cache_kb("9p-fcall-cache");
		if (now < least)
			least = now;
	}
	return least;
}

bool kmemleak_watches(void)
{
	return !access("/sys/kernel/debug/kmemleak", F_OK);
}

int sh(const char *fmt, ...)
{
	char command[8192];
	va_list args;
	int status;

	va_start(args, fmt);
	vsnprintf(command, sizeof(command), fmt, args);
	va_end(args);
	fflush(NULL);
	status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
