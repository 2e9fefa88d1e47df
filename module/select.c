// SPDX-License-Identifier: GPL-2.0
/* Selectors: which calls have an argument whose value is looked at, and that value. */
#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/kernel.h>

#include "select.h"

#define ONE(which, bits)	{ .form = SCMOD_SELECT_ONE, .arg = (which), .mask = (bits) }
#define PAIR(first)		{ .form = SCMOD_SELECT_PAIR, .arg = (first) }
#define SOCKET			{ .form = SCMOD_SELECT_SOCKET }

/*
 * Where the kernel takes an argument as int, its mask is 32 bits: the upper half of the
 * register means nothing. sys_ipc() has a version in the upper half of its first argument.
 */
const struct scmod_select scmod_selects[SCMOD_SELECTORS] = {
	[SCMOD_SELECTOR_SOCKET] = SOCKET,
	[SCMOD_SELECTOR_SOCKETPAIR] = SOCKET,
	[SCMOD_SELECTOR_CLONE] = ONE(0, SCMOD_CLONE_MASK),
	[SCMOD_SELECTOR_UNSHARE] = ONE(0, SCMOD_UNSHARE_MASK),
	[SCMOD_SELECTOR_SETNS] = ONE(1, U32_MAX),
	[SCMOD_SELECTOR_PRCTL] = ONE(0, U32_MAX),
	[SCMOD_SELECTOR_PERSONALITY] = ONE(0, U32_MAX),
	[SCMOD_SELECTOR_IOCTL] = ONE(1, U32_MAX),
	[SCMOD_SELECTOR_SETSOCKOPT] = PAIR(1),
	[SCMOD_SELECTOR_GETSOCKOPT] = PAIR(1),
	[SCMOD_SELECTOR_KEYCTL] = ONE(0, U32_MAX),
	[SCMOD_SELECTOR_BPF] = ONE(0, U32_MAX),
	[SCMOD_SELECTOR_PTRACE] = ONE(0, U64_MAX),
	[SCMOD_SELECTOR_SECCOMP] = ONE(0, U32_MAX),
	[SCMOD_SELECTOR_SOCKETCALL] = ONE(0, U32_MAX),
	[SCMOD_SELECTOR_IPC] = ONE(0, U16_MAX),
	[SCMOD_SELECTOR_MMAP] = ONE(2, SCMOD_PROT_MASK),
	[SCMOD_SELECTOR_MPROTECT] = ONE(2, SCMOD_PROT_MASK),
	[SCMOD_SELECTOR_PKEY_MPROTECT] = ONE(2, SCMOD_PROT_MASK),
};

/*
 * The call of each selector, 0 where the ABI has none. Numbers of x86, from
 * arch/x86/entry/syscalls/syscall_32.tbl and syscall_64.tbl: those of i386 and x32 are in
 * no header of a 64-bit kernel. Another architecture is another table.
 */
static const u16 calls[SCMOD_SELECTORS][SCMOD_ABIS] = {
	/* x86_64, i386, x32 */
	[SCMOD_SELECTOR_SOCKET] = { 41, 359, 41 },
	[SCMOD_SELECTOR_SOCKETPAIR] = { 53, 360, 53 },
	[SCMOD_SELECTOR_CLONE] = { 56, 120, 56 },
	[SCMOD_SELECTOR_UNSHARE] = { 272, 310, 272 },
	[SCMOD_SELECTOR_SETNS] = { 308, 346, 308 },
	[SCMOD_SELECTOR_PRCTL] = { 157, 172, 157 },
	[SCMOD_SELECTOR_PERSONALITY] = { 135, 136, 135 },
	[SCMOD_SELECTOR_IOCTL] = { 16, 54, 514 },
	[SCMOD_SELECTOR_SETSOCKOPT] = { 54, 366, 541 },
	[SCMOD_SELECTOR_GETSOCKOPT] = { 55, 365, 542 },
	[SCMOD_SELECTOR_KEYCTL] = { 250, 288, 250 },
	[SCMOD_SELECTOR_BPF] = { 321, 357, 321 },
	[SCMOD_SELECTOR_PTRACE] = { 101, 26, 521 },
	[SCMOD_SELECTOR_SECCOMP] = { 317, 354, 317 },
	[SCMOD_SELECTOR_SOCKETCALL] = { 0, 102, 0 },
	[SCMOD_SELECTOR_IPC] = { 0, 117, 0 },
	[SCMOD_SELECTOR_MMAP] = { 9, 192, 9 },
	[SCMOD_SELECTOR_MPROTECT] = { 10, 125, 10 },
	[SCMOD_SELECTOR_PKEY_MPROTECT] = { 329, 380, 329 },
};

/* See select.h. */
u8 scmod_select_tags[SCMOD_ABIS][SCMOD_NR_BITS];

/* To be called before the hook is attached. */
void scmod_select_init(void)
{
	unsigned int selector, abi;

	for (selector = 0; selector < SCMOD_SELECTORS; selector++)
		for (abi = 0; abi < SCMOD_ABIS; abi++)
			if (calls[selector][abi])
				scmod_select_tags[abi][calls[selector][abi]] =
					SCMOD_TAG(abi, selector);
}

/* Take the calls of @abi whose values are looked at out of @quiet, which nobody reads yet. */
void scmod_select_strip(struct scmod_bitmap *quiet, unsigned int abi, u32 looked)
{
	unsigned int selector;

	for (selector = 0; selector < SCMOD_SELECTORS; selector++)
		if (looked & BIT(selector) && calls[selector][abi])
			__clear_bit(calls[selector][abi], quiet->bits);
}
