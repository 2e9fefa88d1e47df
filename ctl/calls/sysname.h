/* SPDX-License-Identifier: GPL-2.0 */
/* System call names and numbers, per ABI. */
#ifndef CTL_SYSNAME_H
#define CTL_SYSNAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "x86_64", "i386", "x32" */
const char *abi_name(unsigned int abi);
/* The ABI of that name, or -1. */
int abi_by_name(const char *name, size_t len);
/* "SCMP_ARCH_X86_64" and so on, as OCI profiles name the ABI. */
const char *abi_oci_name(unsigned int abi);
/* SCMP_ARCH_X86_64 and so on, libseccomp's constant for the ABI. */
uint32_t abi_token(unsigned int abi);

/* The name of a call, or NULL if libseccomp, the kernel headers and syscalls.txt know none. */
const char *sysname(unsigned int abi, unsigned int nr);
/* At least this size holds what sysname_text() writes. */
#define SYSNAME_TEXT_MAX 16
/* The name of a call; or, if it has none, its number, written to @text. */
const char *sysname_text(unsigned int abi, unsigned int nr, char text[SYSNAME_TEXT_MAX]);
/* The number after the last one that has a name. */
unsigned int sysname_end(unsigned int abi);
/* The number of a call, or -1 if that ABI has none of that name. */
int sysname_number(unsigned int abi, const char *name);
/* The release of Linux with which the call came, such as "6.13"; NULL if that is not known. */
const char *sysname_release(const char *name);
/*
 * Parses "openat", "i386:open", or a number such as "471" or "i386:471", by which a call can
 * be named that is newer than this tool: stores the ABI in @abi, returns the number of the
 * call, or -1 if there is none of that name.
 */
int sysname_parse(const char *text, unsigned int *abi);
/*
 * The multiplexer ("socketcall" or "ipc") through which the call can be made in that ABI, in
 * addition to its own number or instead of one; or NULL. Where a libseccomp filter allows the
 * call, it also allows it through the multiplexer.
 */
const char *sysname_multiplexer(unsigned int abi, const char *name);
/* Whether the call has a name and number, but no code in any supported kernel. */
bool sysname_hollow(unsigned int abi, const char *name);
/* Whether any architecture has a call of that name. */
bool sysname_known(const char *name);

#endif /* CTL_SYSNAME_H */
