// SPDX-License-Identifier: GPL-2.0
/* The table of dangerous values, as people write them. */
#include <stdlib.h>

#include "base/memory.h"
#include "calls/dangerous_value.h"
#include "calls/selector.h"
#include "calls/value_rule.h"
#include "calls/value_text.h"

#define NAMESPACES "enters and makes namespaces, in which code can be reached that else needs root"
#define PACKETS "reads and writes whatever is on the network, and has had many vulnerabilities"
#define RAW "makes packets as it likes, and has had many vulnerabilities"
#define CRYPTO "reaches the kernel's cryptography, which has had many vulnerabilities"
#define HOST "reaches the host of a virtual machine, which no network namespace keeps apart"
#define CONTROL "speaks to parts of the kernel that configure the machine, and have had many vulnerabilities"
#define FAMILY "reaches a network protocol that few programs need, and that may have vulnerabilities"
#define TYPES "types into terminals, as if their users did"
#define LINES "loads code of the kernel for the terminal, which has had many vulnerabilities"
#define LAYERS "loads protocols of the kernel, which have had many vulnerabilities"
#define FILTERS "loads packet filters and programs into the kernel"
#define TRACING "reaches into other processes"
#define PROGRAMS "loads programs into the kernel, or reads and changes those of others"
#define KEYS "reaches the kernel's key rings, which no namespace keeps apart"
#define OLD "makes exploits easier"
#define CODE "makes memory in which a program can write code and run it"

static const struct {
	const char *value;
	const char *why;
} values[] = {
	{ "clone(CLONE_NEWNS..0x7e020000)", NAMESPACES },
	{ "unshare(CLONE_NEWTIME..0x7e020080)", NAMESPACES },
	{ "setns(*)", NAMESPACES },
	{ "socket(AF_PACKET)", PACKETS },
	{ "socket(AF_INET,SOCK_PACKET)", PACKETS },
	{ "socket(AF_ALG)", CRYPTO },
	{ "socket(AF_VSOCK)", HOST },
	{ "socket(AF_INET,SOCK_RAW)", RAW },
	{ "socket(AF_INET6,SOCK_RAW)", RAW },
	{ "socket(AF_NETLINK,*,1..0xffffffff)", CONTROL },
	{ "socket(3..9)", FAMILY },
	{ "socket(11..15)", FAMILY },
	{ "socket(18..0xffff)", FAMILY },
	{ "socketpair(AF_INET..0xffff)", FAMILY },
	{ "ioctl(TIOCSTI)", TYPES },
	{ "ioctl(TIOCLINUX)", TYPES },
	{ "ioctl(TIOCSETD)", LINES },
	{ "setsockopt(SOL_TCP,TCP_ULP)", LAYERS },
	{ "setsockopt(SOL_ALG)", CRYPTO },
	{ "setsockopt(SOL_PACKET)", PACKETS },
	{ "setsockopt(SOL_SOCKET,SO_ATTACH_BPF)", FILTERS },
	{ "setsockopt(SOL_SOCKET,SO_ATTACH_REUSEPORT_EBPF)", FILTERS },
	{ "setsockopt(SOL_IP,IPT_SO_SET_REPLACE)", FILTERS },
	{ "setsockopt(SOL_IPV6,IP6T_SO_SET_REPLACE)", FILTERS },
	{ "ptrace(PTRACE_POKETEXT..PTRACE_POKEUSR)", TRACING },
	{ "ptrace(PTRACE_SETREGS)", TRACING },
	{ "ptrace(PTRACE_SETFPREGS)", TRACING },
	{ "ptrace(PTRACE_ATTACH)", TRACING },
	{ "ptrace(PTRACE_SETFPXREGS)", TRACING },
	{ "ptrace(PTRACE_SETREGSET)", TRACING },
	{ "ptrace(PTRACE_SEIZE)", TRACING },
	{ "prctl(PR_SET_MM)", TRACING },
	{ "bpf(*)", PROGRAMS },
	{ "keyctl(*)", KEYS },
	/* 0xffffffff only asks. */
	{ "personality(0x10000..0xfffffffe)", OLD },
	{ "mmap(PROT_WRITE|PROT_EXEC..PROT_READ|PROT_WRITE|PROT_EXEC)", CODE },
	{ "mprotect(PROT_WRITE|PROT_EXEC..PROT_READ|PROT_WRITE|PROT_EXEC)", CODE },
	{ "pkey_mprotect(PROT_WRITE|PROT_EXEC..PROT_READ|PROT_WRITE|PROT_EXEC)", CODE },
};

#define NR_VALUES (sizeof(values) / sizeof(values[0]))

struct dangerous_rule {
	unsigned int selector;
	struct scmod_value_rule rule;
};

static const struct dangerous_rule *rules(void)
{
	static struct dangerous_rule *parsed;

	if (parsed)
		return parsed;
	parsed = mem_alloc(NR_VALUES * sizeof(*parsed));
	for (size_t i = 0; i < NR_VALUES; i++)
		/* A text that is wrong would make every value of the selector dangerous. */
		free(value_parse(values[i].value, &parsed[i].selector, &parsed[i].rule));
	return parsed;
}

const char *dangerous_value(unsigned int selector, const struct scmod_value_rule *rule)
{
	const struct dangerous_rule *known = rules();

	for (size_t i = 0; i < NR_VALUES; i++)
		if (known[i].selector == selector && value_rule_meets(&known[i].rule, rule))
			return values[i].why;
	return NULL;
}
