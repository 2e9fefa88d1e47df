// SPDX-License-Identifier: GPL-2.0
/* Multiplexers: calls that make other calls. Whoever denies those must deny these, too. */
#include <stdbool.h>
#include <string.h>

#include <linux/scmod.h>

#include "calls/multiplexer.h"
#include "calls/sets.h"

#define ANY_ABI NR_ABIS

/*
 * socketcall and ipc take the number of the call to make as an argument (32-bit programs only).
 * For io_uring, see enum io_uring_op and enum io_uring_socket_op of linux/io_uring.h.
 */
static const struct {
	unsigned int abi;
	const char *call;
	const char *makes[64];
} multiplexers[] = {
	{ SCMOD_ABI_I386, "socketcall", {
		"socket", "bind", "connect", "listen", "accept", "getsockname",
		"getpeername", "socketpair", "send", "recv", "sendto", "recvfrom",
		"shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4",
		"recvmmsg", "sendmmsg",
	} },
	{ SCMOD_ABI_I386, "ipc", {
		"semop", "semget", "semctl", "semtimedop", "msgsnd", "msgrcv", "msgget",
		"msgctl", "shmat", "shmdt", "shmget", "shmctl",
	} },
	{ ANY_ABI, "io_uring_setup", {
		"accept", "accept4", "bind", "close", "connect", "epoll_ctl", "epoll_wait",
		"fadvise64", "fallocate", "fdatasync", "fgetxattr", "fsetxattr", "fsync",
		"ftruncate", "getsockopt", "getxattr", "link", "linkat", "listen",
		"madvise", "mkdir", "mkdirat", "open", "openat", "openat2", "pipe",
		"pipe2", "poll", "pread64", "preadv", "pwrite64", "pwritev", "read",
		"readv", "recvfrom", "recvmsg", "rename", "renameat", "renameat2", "rmdir",
		"sendmsg", "sendto", "setsockopt", "setxattr", "shutdown", "socket",
		"splice", "statx", "symlink", "symlinkat", "sync_file_range", "tee",
		"unlink", "unlinkat", "waitid", "write", "writev",
	} },
};

static bool makes(size_t multiplexer, unsigned int abi, const char *name)
{
	if (multiplexers[multiplexer].abi != ANY_ABI && multiplexers[multiplexer].abi != abi)
		return false;
	for (const char *const *made = multiplexers[multiplexer].makes; *made; made++)
		if (!strcmp(*made, name))
			return true;
	return false;
}

const char *multiplexer_of(unsigned int abi, const char *name, size_t i)
{
	for (size_t at = 0; at < sizeof(multiplexers) / sizeof(multiplexers[0]); at++)
		if (makes(at, abi, name) && !i--)
			return multiplexers[at].call;
	return NULL;
}

const char *const *multiplexer_makes(const char *multiplexer)
{
	for (size_t at = 0; at < sizeof(multiplexers) / sizeof(multiplexers[0]); at++)
		if (!strcmp(multiplexers[at].call, multiplexer))
			return multiplexers[at].makes;
	return NULL;
}
