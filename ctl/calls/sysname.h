/* SPDX-License-Identifier: GPL-2.0 */
/* System call names and numbers, per ABI. */
#ifndef CTL_SYSNAME_H
#define CTL_SYSNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "x86_64", "i386", "x32" */
const char *abi_name(unsigned int abi);
/* The ABI called so, or -1. */
int abi_by_name(const char *name, size_t len);
/* "SCMP_ARCH_X86_64" and so on, as OCI profiles have it. */
const char *abi_oci_name(unsigned int abi);
/* SCMP_ARCH_X86_64 and so on, as libseccomp has it. */
uint32_t abi_token(unsigned int abi);

/* The name of a call, or NULL if nobody knows one. */
const char *sysname(unsigned int abi, unsigned int nr);
/* The number of a call, or -1 if that ABI has none of that name. */
int sysname_number(unsigned int abi, const char *name);
/* "openat" or "i386:open": sets @abi, returns the number, or -1 if there is none. */
int sysname_parse(const char *text, unsigned int *abi);
/*
 * What a call may be made by in that ABI beside a number of its own, or instead of one:
 * "socketcall", "ipc" or NULL. To libseccomp, who allows the call allows that for it.
 */
const char *sysname_multiplexer(unsigned int abi, const char *name);
/* Whether no supported kernel has more of that call than its name and number. */
bool sysname_hollow(unsigned int abi, const char *name);
/* Whether any architecture has a call of that name. */
bool sysname_known(const char *name);

#endif /* CTL_SYSNAME_H */
