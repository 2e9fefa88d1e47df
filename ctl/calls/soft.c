// SPDX-License-Identifier: GPL-2.0
/*
 * Soft calls: when they are not allowed, ENOSYS is a better answer than EPERM. Programs
 * expect that an old kernel lacks these calls, and fall back on others when they get ENOSYS.
 * EPERM they take for a real failure, and fail themselves.
 *
 * There are two kinds. For the calls in the table below, callers are known that fall back.
 * For calls that are newer than Linux 5.10, that follows from their age: scmod runs on
 * Linux 5.10, and so do the programs of a distribution of that time, so that whoever calls
 * something newer must be prepared for its absence. Container runtimes decide likewise:
 * what is newer than all calls that a profile names gets ENOSYS (runc, issue 2151; crun,
 * pull request 520).
 */
#include <stdio.h>
#include <string.h>

#include "calls/soft.h"
#include "calls/sysname.h"

#define NEWER_THAN "5.10"

#define URING "libuv, tokio, MariaDB and others do without io_uring"

#define TIME64 "the C library falls back on the 32-bit time call"

/*
 * Of io_uring: eio fell back on ENOSYS only and died of EPERM (ocaml-multicore/eio, issue
 * 695), and so did tokio (pull request 7724) and dragonfly (pull request 7810); libuv's
 * uv__platform_loop_init() and MariaDB (pull request 3976, "falling back to libaio") take
 * any error. Whoever tests for io_uring may make any of its three calls first.
 *
 * Of futex_waitv: Wine tests for ENOSYS, and spins if it gets EPERM (ValveSoftware/wine, pull
 * request 256). Of process_madvise: jemalloc goes on with madvise (pull request 2841).
 *
 * move_mount, fsconfig and fsmount are not in the table: when libmount makes these calls, it
 * is too late to fall back (util-linux, pull request 2197). It falls back at fsopen and
 * open_tree, which come first.
 */
static const struct {
	const char *name;
	const char *reason;
} soft[] = {
	{ "cachestat", "callers work without it: it only tells how much of a file is cached" },
	{ "clock_getres_time64", TIME64 },
	{ "clock_gettime64", TIME64 },
	{ "clock_nanosleep_time64", TIME64 },
	{ "clock_settime64", TIME64 },
	{ "clone3", "glibc falls back on clone" },
	{ "close_range", "callers close files one by one" },
	{ "copy_file_range", "callers read and write instead" },
	{ "epoll_pwait2", "callers fall back on epoll_pwait" },
	{ "execveat", "glibc's fexecve falls back on /proc/self/fd" },
	{ "faccessat2", "glibc falls back on faccessat" },
	{ "fchmodat2", "glibc falls back on /proc/self/fd" },
	{ "fsopen", "libmount falls back on mount" },
	{ "futex_time64", TIME64 },
	{ "futex_waitv", "callers fall back on futex" },
	{ "getrandom", "callers fall back on /dev/urandom" },
	{ "io_pgetevents_time64", TIME64 },
	{ "io_uring_enter", URING },
	{ "io_uring_register", URING },
	{ "io_uring_setup", URING },
	{ "landlock_create_ruleset", "callers run without their own sandbox" },
	{ "listmount", "callers fall back on /proc/self/mountinfo" },
	{ "map_shadow_stack", "glibc goes without shadow stacks" },
	{ "membarrier", "callers fall back on mprotect or plain barriers" },
	{ "memfd_create", "callers fall back on a temporary file" },
	{ "mount_setattr", "libmount falls back on mount" },
	{ "mq_timedreceive_time64", TIME64 },
	{ "mq_timedsend_time64", TIME64 },
	{ "mseal", "glibc goes without sealing" },
	{ "open_tree", "libmount falls back on mount" },
	{ "openat2", "callers fall back on openat" },
	{ "pidfd_open", "callers fall back on process ids" },
	{ "pidfd_send_signal", "callers fall back on kill" },
	{ "ppoll_time64", TIME64 },
	{ "preadv2", "glibc falls back on preadv" },
	{ "process_madvise", "jemalloc falls back on madvise" },
	{ "pselect6_time64", TIME64 },
	{ "pwritev2", "glibc falls back on pwritev" },
	{ "recvmmsg_time64", TIME64 },
	{ "renameat2", "glibc falls back on renameat" },
	{ "rseq", "glibc goes without restartable sequences" },
	{ "rt_sigtimedwait_time64", TIME64 },
	{ "sched_rr_get_interval_time64", TIME64 },
	{ "semtimedop_time64", TIME64 },
	{ "statmount", "callers fall back on /proc/self/mountinfo" },
	{ "statx", "callers fall back on fstatat" },
	{ "timer_gettime64", TIME64 },
	{ "timer_settime64", TIME64 },
	{ "timerfd_gettime64", TIME64 },
	{ "timerfd_settime64", TIME64 },
	{ "utimensat_time64", TIME64 },
};

struct bitmap soft_set(unsigned int abi)
{
	struct bitmap set = { 0 };

	for (size_t i = 0; i < sizeof(soft) / sizeof(soft[0]); i++) {
		int nr = sysname_number(abi, soft[i].name);

		if (nr >= 0)
			bitmap_add(&set, nr);
	}
	return set;
}

const char *soft_reason(const char *name)
{
	for (size_t i = 0; i < sizeof(soft) / sizeof(soft[0]); i++)
		if (!strcmp(soft[i].name, name))
			return soft[i].reason;
	return NULL;
}

/* Splits "5.10" or "2.6.28" into its numbers; false if it is none, such as "-". */
static bool parse_release(const char *release, unsigned int part[3])
{
	part[2] = 0;
	return sscanf(release, "%u.%u.%u", &part[0], &part[1], &part[2]) >= 2;
}

bool soft_later(const char *release, const char *other)
{
	unsigned int a[3], b[3];

	if (!parse_release(release, a) || !parse_release(other, b))
		return false;
	for (int i = 0; i < 3; i++)
		if (a[i] != b[i])
			return a[i] > b[i];
	return false;
}

const char *soft_newer(const char *name)
{
	const char *release = sysname_release(name);

	return release && soft_later(release, NEWER_THAN) ? release : NULL;
}
