/* SPDX-License-Identifier: GPL-2.0 */
/* Two profiles made one: what either lets pass. */
#ifndef CTL_UNION_H
#define CTL_UNION_H

#include "profile/profile.h"

/* Adds to @named, per ABI, the calls that @from names. */
void union_note_names(bool (*named)[SCMOD_NR_BITS], const struct profile *from);
/*
 * Add what @from says to @to, with its reasons and where they come from. Where
 * both refuse a call, the milder refusal holds, also where one of them is how that
 * profile refuses what it does not name; of calls that are not @named by any that is
 * to be added, the first one's does. What of either does not hold any more is a note in
 * @messages.
 */
void union_add(struct profile *to, const struct profile *from,
	       const bool (*named)[SCMOD_NR_BITS], struct messages *messages);

#endif /* CTL_UNION_H */
