/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by enforce and complain. */
#ifndef CTL_APPLY_H
#define CTL_APPLY_H

#include "kernel/target.h"
#include "profile/profile.h"

/*
 * Sends the sets of @profile (NULL: keep the policy's sets) and @change in one message, and
 * prints the result, as JSON if @json. Returns an exit code.
 */
int apply_profile(const char *verb, const struct target *target, const struct profile *profile,
		  struct scmod_change *change, bool json);

/*
 * The same for a @profile that was made from the target's record: calls that were seen after
 * that are allowed, too.
 */
int apply_record(const char *verb, const struct target *target, const struct profile *profile,
		 struct scmod_change *change, bool json);

#endif /* CTL_APPLY_H */
