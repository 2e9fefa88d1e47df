/* SPDX-License-Identifier: GPL-2.0 */
/* The module on disk, and what the kernel requires before it loads a module. */
#ifndef CTL_INSTALLED_H
#define CTL_INSTALLED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Stores in @version (of @size bytes) the version of the module that modprobe would load into the
 * kernel that runs. Returns false, with @version empty, if there is none for this kernel, or if it
 * can't be found out (modinfo is missing, or takes longer than 2 s).
 */
bool installed_version(char *version, size_t size);

/*
 * Whether the kernel loads only modules that are signed with a key that it trusts: with Secure
 * Boot (lockdown), or with the parameter module.sig_enforce.
 */
bool installed_needs_signature(void);

#endif /* CTL_INSTALLED_H */
