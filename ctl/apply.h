/* SPDX-License-Identifier: GPL-2.0 */
/* What enforce and complain have in common. */
#ifndef CTL_APPLY_H
#define CTL_APPLY_H

#include "plan.h"
#include "target.h"

/*
 * Send the sets of @plan (NULL: leave them) and @change in one message, and say
 * what holds now. Returns an exit code.
 */
int apply_plan(const char *verb, const struct target *target, const struct plan *plan,
	       struct scmod_change *change);

#endif /* CTL_APPLY_H */
