/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by enforce and complain. */
#ifndef CTL_APPLY_H
#define CTL_APPLY_H

#include "kernel/target.h"
#include "profile/profile.h"

/*
 * Sends the sets of @profile and @change in one message, and prints the result, as JSON if
 * @json. Returns an exit code.
 */
int apply_profile(const char *verb, const struct target *target, struct profile *profile,
		  struct scmod_change *change, bool json);

/*
 * The same for a @profile that was made from the target's record: calls that were seen after
 * that are allowed, too. NULL: the policy keeps its sets.
 */
int apply_record(const char *verb, const struct target *target, struct profile *profile,
		 struct scmod_change *change, bool json);

/*
 * The same, but the policy keeps its sets; @profile, which was made from them, is only for what
 * is printed.
 */
int apply_tried(const char *verb, const struct target *target, struct profile *profile,
		struct scmod_change *change, bool json);

#endif /* CTL_APPLY_H */
