/* SPDX-License-Identifier: GPL-2.0 */
/* What enforce and complain have in common. */
#ifndef CTL_APPLY_H
#define CTL_APPLY_H

#include "kernel/target.h"
#include "profile/profile.h"

/*
 * Send what @profile says (NULL: leave the sets) and @change in one message, and say
 * what holds now, in JSON if @json. Returns an exit code.
 */
int apply_profile(const char *verb, const struct target *target, const struct profile *profile,
		  struct scmod_change *change, bool json);

/*
 * The same, where @profile was made from the target's record: what was seen since
 * then is allowed, too.
 */
int apply_record(const char *verb, const struct target *target, const struct profile *profile,
		 struct scmod_change *change, bool json);

#endif /* CTL_APPLY_H */
