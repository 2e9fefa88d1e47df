/* SPDX-License-Identifier: GPL-2.0 */
/* Two profiles made one: what either lets pass. */
#ifndef CTL_UNION_H
#define CTL_UNION_H

#include "profile.h"

/*
 * Add what @from says to @to, with its reasons and where they come from. Where
 * both refuse a call, the milder refusal holds, also where one of them is how that
 * profile refuses what it does not name; of calls that neither names the first one's
 * does. Says on stderr, with @verb and @name (of @from), what of either does not hold
 * any more.
 */
void union_add(struct profile *to, const struct profile *from, const char *verb,
	       const char *name);

#endif /* CTL_UNION_H */
