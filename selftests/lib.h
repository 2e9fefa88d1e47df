/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests share: temporary cgroups, processes that make exactly the given
 * calls, and policies, through the tool's own netlink code.
 * Functions that can fail return a negative errno value, for ASSERT_EQ(0, ...).
 */
#ifndef SELFTESTS_LIB_H
#define SELFTESTS_LIB_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "kernel/nl.h"
#include "kernel/policy.h"

/* A cgroup made for a test; @fd is its directory. */
struct cg {
	char path[PATH_MAX];
	int fd;
	uint64_t id;
};

/* Make @name below @parent, or below the cgroup2 mount if that is NULL. */
int cg_make(struct cg *cg, const struct cg *parent, const char *name);
/* Kill what runs in it. */
void cg_kill(const struct cg *cg);
/* Kill what runs in it, wait until it is empty, remove it. */
int cg_remove(struct cg *cg);
/* Write a pid into one of its files ("cgroup.procs", "cgroup.threads"). */
int cg_write(const struct cg *cg, const char *file, const char *text);
int cg_move(const struct cg *cg, pid_t pid);

/* As fork(), the child being in @cg from its first instruction. */
pid_t cg_fork(const struct cg *cg);
/* This thread, and what it forks from now on, runs on that CPU only. 0, or -1 and errno. */
int stay_on(int cpu);

/* Zeroed memory that children share, NULL if there is none; munmap() ends it. */
void *shared_new(size_t size);

/* How calls are made. */
enum entry {
	ENTRY_SYSCALL,
	ENTRY_INT80,
};

/*
 * The calls that one process shall make, one after the other, and what each
 * returned. Every argument is @arg. In memory that is shared over fork.
 */
struct calls {
	enum entry entry;
	long arg;
	unsigned int count;
	unsigned int done;
	unsigned int nr[1024];
	long ret[1024];
};

struct calls *calls_new(enum entry entry);
void calls_free(struct calls *calls);
void calls_add(struct calls *calls, unsigned int nr);

/*
 * A process in @cg makes these calls and then exit_group(), by the 64-bit entry,
 * and no other. Returns its wait status, or a negative errno value.
 */
int calls_run(const struct cg *cg, struct calls *calls);
/* The same, begun but not waited for. */
pid_t calls_start(const struct cg *cg, struct calls *calls);

/* Raw entries; a result below zero is a negative errno value. */
long raw_syscall(long nr, long arg);
long raw_int80(long nr, long arg);

/* A call that ends its process, blocks it, or returns twice, whatever its arguments. */
bool call_is_special(unsigned int abi, unsigned int nr);

/*
 * x86_64's numbers, on all kernels that have these calls; older C libraries lack the names.
 * They are for code that the kernel puts into probed processes. If other code makes
 * them, the kernel sends SIGILL, whatever scmod decides.
 */
#define NR_URETPROBE	335
#define NR_UPROBE	336
bool call_is_kernels_own(unsigned int abi, unsigned int nr);

/*
 * The end of this kernel's table of @abi (x86_64 or i386), found by making calls: from this
 * number on, every call returns ENOSYS. Only for processes that no policy applies
 * to.
 */
unsigned int table_end(unsigned int abi);

/*
 * For the rest of this process' life, a seccomp filter that does @action (SECCOMP_RET_*)
 * with call @nr and lets all others pass; @flags are SECCOMP_FILTER_FLAG_*. Returns
 * what seccomp() does.
 */
int filter_call(unsigned int nr, unsigned int action, unsigned int flags);

/* Become user and group nobody, and lose all capabilities. Returns whether that failed. */
#define NOBODY	65534
int become_nobody(void);

/* Wait until @pid sleeps in call @nr (of the table it came through). */
int wait_blocked(pid_t pid, long nr);

/* An errno value that no call gives by itself: it can only be scmod's. */
#define CHOSEN	ENOANO

/* Policies. set_mode() leaves the rest as it is; the module must be loaded. */
int scmod_connect(void);
int set_mode(const struct cg *cg, int mode);
/* Mode enforce with these sets, action and errno (0: EPERM). */
int set_enforce(const struct cg *cg, const struct abi_sets *abi, int action, int err);
/* With records; release with policy_release(). */
int get_policy(uint64_t id, struct policy *policy);
/* Off and forget; no error if there is none. */
int drop_policy(uint64_t id);

/* The command that loads the module, for sh(). */
#define INSMOD	"insmod " BUILD "/$(uname -r)/scmod.ko ${SCMOD_HOOK:+hook=$SCMOD_HOOK}"

/*
 * How many tasks carry a flag that can be the mark, as the test module counts
 * them. Empties the kernel log.
 */
int marks(void);

/* "read write 999", static buffer; what is in @a and not in @b. */
const char *set_text(unsigned int abi, const struct bitmap *a, const struct bitmap *b);
bool set_equal(const struct bitmap *a, const struct bitmap *b);

/*
 * What one call to @fn costs, in hundredths of an instruction: meaningful only
 * in a VM with --icount, whose clock counts instructions.
 */
long cost_of(void (*fn)(void));
/* "334.12", static buffer. */
const char *cost_text(long hundredths);

/* A line of /proc/meminfo, in KiB; -1 if there is none of that name. */
long meminfo_kb(const char *name);

/* A line of /proc/slabinfo: what a cache's slabs take, and its objects in use, in KiB. */
struct slab {
	char name[64];
	long kb, used_kb;
};

/* The next one; false at the end. */
bool slab_next(FILE *slabinfo, struct slab *slab);
/*
 * Unreclaimable slab memory in KiB, measured after caches were shrunk. Without the buffers of
 * 9p, the file system of vm/run's guests: each buffer has half a MiB.
 */
long slab_kb(void);
/* Whether the kernel has kmemleak. It is slow then, and finds a single lost object. */
bool kmemleak_watches(void);

/* Run a shell command; its exit status, 128 + signal if killed. */
int sh(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* SELFTESTS_LIB_H */
