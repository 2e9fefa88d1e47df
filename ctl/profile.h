/* SPDX-License-Identifier: GPL-2.0 */
/* Reading of profiles that others, or dump, wrote. */
#ifndef CTL_PROFILE_H
#define CTL_PROFILE_H

#include "policy.h"

/**
 * struct profile - what a profile file says
 * @allowed: per ABI, calls to let pass
 * @soft: per ABI, calls that it refuses with ENOSYS
 * @refused: per ABI, calls that it names and refuses otherwise
 * @action: &enum scmod_action, or -1 if it says nothing of it
 * @err: errno to refuse with, or -1
 */
struct profile {
	struct bitmap allowed[NR_ABIS];
	struct bitmap soft[NR_ABIS];
	struct bitmap refused[NR_ABIS];
	int action;
	int err;
};

/* OCI seccomp JSON, scmod's own JSON, or a list. Prints its errors, returns an exit code. */
int profile_read(const char *verb, const char *path, struct profile *profile);

/* "openat" or "i386:open": sets @abi, returns the number, or -1 if there is none. */
int profile_call(const char *text, unsigned int *abi);

#endif /* CTL_PROFILE_H */
