// SPDX-License-Identifier: GPL-2.0
/* Seals a process, so that it can only read files that are open already, and send packets. */
#include <fcntl.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "infer/seal.h"

/*
 * Memory limit, in bytes: tables of up to 64 MiB are read, and converted if they are not
 * aligned.
 */
#define MOST_MEMORY	(768UL * 1024 * 1024)
#define MOST_SECONDS	30

/* Kernels before 5.9 lack close_range(); there, each file is closed separately. */
static void close_from(int first)
{
	if (!syscall(SYS_close_range, first, ~0U, 0))
		return;
	for (int fd = sysconf(_SC_OPEN_MAX) - 1; fd >= first; fd--)
		close(fd);
}

void seal_files(int *kept, unsigned int count)
{
	int none = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* Move them out of the way first, above all final numbers. */
	for (unsigned int i = 0; i < count; i++)
		kept[i] = fcntl(kept[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1 + count);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (none < 0 || dup2(none, fd) < 0)
			_exit(1);
	for (unsigned int i = 0; i < count; i++) {
		int fd = dup2(kept[i], STDERR_FILENO + 1 + i);

		if (fd < 0)
			_exit(1);
		kept[i] = fd;
	}
	close_from(STDERR_FILENO + 1 + count);
}

static void limit(int what, rlim_t most)
{
	const struct rlimit limit = { most, most };

	if (setrlimit(what, &limit))
		_exit(1);
}

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_capset, &header, none))
		_exit(1);
}

/*
 * The calls that libelf, malloc() and send() make. libelf asks for the size and flags of a
 * file.
 */
static const int allowed[] = {
	SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(fstat),
	SCMP_SYS(newfstatat), SCMP_SYS(fcntl), SCMP_SYS(sendto), SCMP_SYS(brk),
	SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(exit_group), SCMP_SYS(restart_syscall),
};

static void refuse_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int ret = filter ? 0 : -1;

	for (size_t i = 0; !ret && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	if (ret || seccomp_load(filter))
		_exit(1);
	seccomp_release(filter);
}

void seal_process(void)
{
	drop_capabilities();
	limit(RLIMIT_AS, MOST_MEMORY);
	limit(RLIMIT_CPU, MOST_SECONDS);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NPROC, 0);
	/* Files that are open stay open. */
	limit(RLIMIT_NOFILE, 0);
	refuse_calls();
}
