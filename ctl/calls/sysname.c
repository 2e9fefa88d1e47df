// SPDX-License-Identifier: GPL-2.0
/*
 * System call names and numbers: from libseccomp, and for calls that are newer than its table
 * from the kernel headers of build time and from syscalls.txt.
 */
#include <seccomp.h>
#include <stdio.h>
#include <string.h>

#include "calls/sets.h"
#include "calls/sysname.h"

struct sysname_kernel {
	unsigned int nr;
	const char *name;
};

struct sysname_release {
	const char *name;
	const char *release;
};

#include "calls/sysname-kernel.h"

/* libseccomp's x32 numbers have this bit set; scmod's do not. */
#define X32_BIT 0x40000000

#define TABLE(calls) .table = (calls), .len = sizeof(calls) / sizeof((calls)[0])

static const struct {
	const char *name;
	const char *oci_name;
	uint32_t token;
	int bit;
	const struct sysname_kernel *table;
	size_t len;
} abis[NR_ABIS] = {
	[SCMOD_ABI_X86_64] = {
		"x86_64", "SCMP_ARCH_X86_64", SCMP_ARCH_X86_64,
		TABLE(sysname_kernel_x86_64),
	},
	[SCMOD_ABI_I386] = {
		"i386", "SCMP_ARCH_X86", SCMP_ARCH_X86,
		TABLE(sysname_kernel_i386),
	},
	[SCMOD_ABI_X32] = {
		"x32", "SCMP_ARCH_X32", SCMP_ARCH_X32, X32_BIT,
		TABLE(sysname_kernel_x32),
	},
};

const char *abi_name(unsigned int abi)
{
	return abis[abi].name;
}

const char *abi_oci_name(unsigned int abi)
{
	return abis[abi].oci_name;
}

uint32_t abi_token(unsigned int abi)
{
	return abis[abi].token;
}

int abi_by_name(const char *name, size_t len)
{
	for (int abi = 0; abi < NR_ABIS; abi++)
		if (strlen(abis[abi].name) == len && !memcmp(abis[abi].name, name, len))
			return abi;
	return -1;
}

static const char *kernel_name(unsigned int abi, unsigned int nr)
{
	for (size_t i = 0; i < abis[abi].len; i++)
		if (abis[abi].table[i].nr == nr)
			return abis[abi].table[i].name;
	return NULL;
}

static int kernel_number(unsigned int abi, const char *name)
{
	for (size_t i = 0; i < abis[abi].len; i++)
		if (!strcmp(abis[abi].table[i].name, name))
			return abis[abi].table[i].nr;
	return -1;
}

const char *sysname(unsigned int abi, unsigned int nr)
{
	/* Names are looked up many times; they live until the tool exits. */
	static const char *cache[NR_ABIS][SCMOD_NR_BITS];

	if (abi >= NR_ABIS || nr >= SCMOD_NR_BITS)
		return NULL;
	if (!cache[abi][nr])
		cache[abi][nr] = seccomp_syscall_resolve_num_arch(abis[abi].token,
								  nr | abis[abi].bit);
	if (!cache[abi][nr])
		cache[abi][nr] = kernel_name(abi, nr);
	return cache[abi][nr];
}

const char *sysname_text(unsigned int abi, unsigned int nr, char text[SYSNAME_TEXT_MAX])
{
	const char *name = sysname(abi, nr);

	if (name)
		return name;
	snprintf(text, SYSNAME_TEXT_MAX, "%u", nr);
	return text;
}

unsigned int sysname_end(unsigned int abi)
{
	unsigned int end = SCMOD_NR_BITS;

	while (end && !sysname(abi, end - 1))
		end--;
	return end;
}

int sysname_number(unsigned int abi, const char *name)
{
	int nr = seccomp_syscall_resolve_name_arch(abis[abi].token, name);

	/*
	 * Negative: the name is unknown, or libseccomp's pseudo number for a call that this
	 * ABI lacks.
	 */
	if (nr < 0)
		nr = kernel_number(abi, name);
	else
		nr &= ~abis[abi].bit;
	return nr < SCMOD_NR_BITS ? nr : -1;
}

const char *sysname_release(const char *name)
{
	for (size_t i = 0; i < sizeof(sysname_releases) / sizeof(sysname_releases[0]); i++)
		if (!strcmp(sysname_releases[i].name, name))
			return sysname_releases[i].release;
	return NULL;
}

/* "471" is the call of that number, also if it has no name. */
static int parse_number(const char *text)
{
	unsigned int nr = 0;

	if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 4)
		return -1;
	while (*text)
		nr = nr * 10 + (unsigned int)(*text++ - '0');
	return nr < SCMOD_NR_BITS ? (int)nr : -1;
}

int sysname_parse(const char *text, unsigned int *abi)
{
	const char *colon = strchr(text, ':');
	int named = SCMOD_ABI_X86_64, nr;

	if (colon) {
		named = abi_by_name(text, colon - text);
		text = colon + 1;
	}
	if (named < 0)
		return -1;
	*abi = named;
	nr = parse_number(text);
	return nr >= 0 ? nr : sysname_number(named, text);
}

/*
 * Calls that kept their number but have had no code in the kernel since before Linux 5.10: the
 * lines of arch/x86/entry/syscalls/syscall_64.tbl and syscall_32.tbl that name no function, or
 * name sys_ni_syscall.
 */
static const char *const hollow[NR_ABIS][24] = {
	[SCMOD_ABI_X86_64] = {
		"_sysctl", "afs_syscall", "create_module", "epoll_ctl_old", "epoll_wait_old",
		"get_kernel_syms", "get_thread_area", "getpmsg", "nfsservctl", "putpmsg",
		"query_module", "security", "set_thread_area", "tuxcall", "uselib", "vserver",
	},
	[SCMOD_ABI_I386] = {
		"_sysctl", "afs_syscall", "break", "create_module", "ftime",
		"get_kernel_syms", "getpmsg", "gtty", "idle", "lock", "mpx", "nfsservctl",
		"prof", "profil", "putpmsg", "query_module", "stty", "ulimit", "vserver",
	},
};

bool sysname_hollow(unsigned int abi, const char *name)
{
	/* x86_64 and x32 share one table. */
	const char *const *list = hollow[abi == SCMOD_ABI_X32 ? SCMOD_ABI_X86_64 : abi];

	for (; *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
}

/* What net/socket.c (socketcall) and ipc/syscall.c (ipc) dispatch. */
static const struct {
	const char *name;
	const char *calls[24];
} multiplexers[] = {
	{ "socketcall", {
		"accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt",
		"listen", "recv", "recvfrom", "recvmmsg", "recvmsg", "send", "sendmmsg", "sendmsg",
		"sendto", "setsockopt", "shutdown", "socket", "socketpair",
	} },
	{ "ipc", {
		"msgctl", "msgget", "msgrcv", "msgsnd", "semctl", "semget", "semop", "semtimedop",
		"shmat", "shmctl", "shmdt", "shmget",
	} },
};

const char *sysname_multiplexer(unsigned int abi, const char *name)
{
	if (abi != SCMOD_ABI_I386)
		return NULL;
	for (size_t i = 0; i < sizeof(multiplexers) / sizeof(multiplexers[0]); i++)
		for (const char *const *call = multiplexers[i].calls; *call; call++)
			if (!strcmp(*call, name))
				return multiplexers[i].name;
	return NULL;
}

bool sysname_known(const char *name)
{
	if (seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR)
		return true;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (kernel_number(abi, name) >= 0)
			return true;
	for (size_t i = 0; i < sizeof(sysname_foreign) / sizeof(sysname_foreign[0]); i++)
		if (!strcmp(sysname_foreign[i], name))
			return true;
	return false;
}
