// SPDX-License-Identifier: GPL-2.0
/* The table of selectors. */
#include <string.h>

#include "calls/selector.h"
#include "calls/sets.h"
#include "calls/sysname.h"

struct part {
	const char *name;
	unsigned int shift;
	uint64_t mask;
};

#define SOCKET_PARTS \
	{ { "family", 48, 0xffff }, { "type", 32, 0xffff }, { "protocol", 0, 0xffffffff } }
#define OPTION_PARTS { { "level", 32, 0xffffffff }, { "option", 0, 0xffffffff } }
#define NUMBER_PART(name) { { (name), 0, 0xffffffff } }

static const struct {
	const char *call;
	/* NULL if i386 names the call alike. */
	const char *i386;
	struct part part[SELECTOR_PARTS];
} selectors[NR_SELECTORS] = {
	[SCMOD_SELECTOR_SOCKET] = { "socket", NULL, SOCKET_PARTS },
	[SCMOD_SELECTOR_SOCKETPAIR] = { "socketpair", NULL, SOCKET_PARTS },
	[SCMOD_SELECTOR_CLONE] = { "clone", NULL, { { "namespace", 0, SCMOD_CLONE_MASK } } },
	[SCMOD_SELECTOR_UNSHARE] = {
		"unshare", NULL, { { "namespace", 0, SCMOD_UNSHARE_MASK } },
	},
	[SCMOD_SELECTOR_SETNS] = { "setns", NULL, NUMBER_PART("namespace") },
	[SCMOD_SELECTOR_PRCTL] = { "prctl", NULL, NUMBER_PART("prctl") },
	[SCMOD_SELECTOR_PERSONALITY] = { "personality", NULL, NUMBER_PART("personality") },
	[SCMOD_SELECTOR_IOCTL] = { "ioctl", NULL, NUMBER_PART("ioctl") },
	[SCMOD_SELECTOR_SETSOCKOPT] = { "setsockopt", NULL, OPTION_PARTS },
	[SCMOD_SELECTOR_GETSOCKOPT] = { "getsockopt", NULL, OPTION_PARTS },
	[SCMOD_SELECTOR_KEYCTL] = { "keyctl", NULL, NUMBER_PART("keyctl") },
	[SCMOD_SELECTOR_BPF] = { "bpf", NULL, NUMBER_PART("bpf") },
	[SCMOD_SELECTOR_PTRACE] = { "ptrace", NULL, { { "ptrace", 0, UINT64_MAX } } },
	[SCMOD_SELECTOR_SECCOMP] = { "seccomp", NULL, NUMBER_PART("seccomp") },
	[SCMOD_SELECTOR_SOCKETCALL] = { "socketcall", NULL, NUMBER_PART("socketcall") },
	[SCMOD_SELECTOR_IPC] = { "ipc", NULL, { { "ipc", 0, 0xffff } } },
	[SCMOD_SELECTOR_MMAP] = { "mmap", "mmap2", { { "protection", 0, SCMOD_PROT_MASK } } },
	[SCMOD_SELECTOR_MPROTECT] = {
		"mprotect", NULL, { { "protection", 0, SCMOD_PROT_MASK } },
	},
	[SCMOD_SELECTOR_PKEY_MPROTECT] = {
		"pkey_mprotect", NULL, { { "protection", 0, SCMOD_PROT_MASK } },
	},
};

const char *selector_name(unsigned int selector)
{
	return selectors[selector].call;
}

int selector_by_name(const char *name, size_t len)
{
	for (unsigned int i = 0; i < NR_SELECTORS; i++)
		if (strlen(selectors[i].call) == len && !memcmp(selectors[i].call, name, len))
			return i;
	return -1;
}

int selector_number(unsigned int abi, unsigned int selector)
{
	const char *name = selectors[selector].call;

	if (abi == SCMOD_ABI_I386 && selectors[selector].i386)
		name = selectors[selector].i386;
	return sysname_number(abi, name);
}

int selector_of(unsigned int abi, unsigned int nr)
{
	/* 0 is not known yet, 1 no selector; looked up for many calls. */
	static unsigned char known[NR_ABIS][SCMOD_NR_BITS];
	unsigned int selector;

	if (abi >= NR_ABIS || nr >= SCMOD_NR_BITS)
		return -1;
	if (!known[abi][nr]) {
		for (selector = 0; selector < NR_SELECTORS; selector++)
			if (selector_number(abi, selector) == (int)nr)
				break;
		known[abi][nr] = selector < NR_SELECTORS ? selector + 2 : 1;
	}
	return known[abi][nr] - 2;
}

bool selector_optional(unsigned int selector)
{
	return selector == SCMOD_SELECTOR_MMAP || selector == SCMOD_SELECTOR_MPROTECT ||
	       selector == SCMOD_SELECTOR_PKEY_MPROTECT;
}

bool selector_namespaces(unsigned int selector)
{
	return selector == SCMOD_SELECTOR_CLONE || selector == SCMOD_SELECTOR_UNSHARE ||
	       selector == SCMOD_SELECTOR_SETNS;
}

unsigned int selector_parts(unsigned int selector)
{
	unsigned int parts = 0;

	while (parts < SELECTOR_PARTS && selectors[selector].part[parts].name)
		parts++;
	return parts;
}

const char *selector_part_name(unsigned int selector, unsigned int part)
{
	return selectors[selector].part[part].name;
}

uint64_t selector_part_mask(unsigned int selector, unsigned int part)
{
	return selectors[selector].part[part].mask << selectors[selector].part[part].shift;
}

uint64_t selector_part(unsigned int selector, unsigned int part, uint64_t value)
{
	return value >> selectors[selector].part[part].shift & selectors[selector].part[part].mask;
}

uint64_t selector_mask(unsigned int selector)
{
	uint64_t mask = 0;

	for (unsigned int part = 0; part < selector_parts(selector); part++)
		mask |= selector_part_mask(selector, part);
	return mask;
}

uint64_t selector_join(unsigned int selector, const uint64_t *parts)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < selector_parts(selector); i++)
		value |= parts[i] << selectors[selector].part[i].shift &
			 selector_part_mask(selector, i);
	return value;
}

struct scmod_value_rule selector_exact(unsigned int selector, uint64_t value)
{
	uint64_t mask = selector_mask(selector);

	return (struct scmod_value_rule){
		.mask = mask,
		.first = value & mask,
		.last = value & mask,
	};
}

struct scmod_value_rule selector_normal(unsigned int selector, struct scmod_value_rule rule)
{
	uint64_t mask = selector_mask(selector) & rule.mask;

	/* No value is larger than this. */
	if (rule.last > selector_mask(selector) && rule.first <= selector_mask(selector))
		rule.last = selector_mask(selector) & rule.mask;
	/*
	 * A value has no bits outside of the parts. The rule is the same without them if its
	 * range begins and ends on values; else leave it as it is.
	 */
	if ((rule.first | rule.last) & ~mask & rule.mask)
		return rule;
	rule.mask = mask;
	if (!rule.first && rule.last == mask) {
		rule.mask = 0;
		rule.last = 0;
	}
	return rule;
}
