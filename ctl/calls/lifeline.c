// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that are always allowed: a process that may not make them can neither go on nor end; it
 * spins instead.
 */
#include <string.h>

#include "calls/lifeline.h"
#include "calls/sysname.h"

static const struct {
	const char *name;
	const char *reason;
} lifeline[] = {
	{ "exit", "a thread that can't end spins" },
	{ "exit_group", "a process that can't end spins" },
	{ "restart_syscall", "the kernel puts it in place of a call that a signal interrupted" },
	{ "rt_sigreturn", "signal handlers return through it" },
	{ "sigreturn", "signal handlers of old 32-bit code return through it" },
};

struct bitmap lifeline_set(unsigned int abi)
{
	struct bitmap set = { 0 };

	for (size_t i = 0; i < sizeof(lifeline) / sizeof(lifeline[0]); i++) {
		int nr = sysname_number(abi, lifeline[i].name);

		if (nr >= 0)
			bitmap_add(&set, nr);
	}
	return set;
}

const char *lifeline_reason(const char *name)
{
	for (size_t i = 0; i < sizeof(lifeline) / sizeof(lifeline[0]); i++)
		if (!strcmp(lifeline[i].name, name))
			return lifeline[i].reason;
	return NULL;
}
