/* SPDX-License-Identifier: GPL-2.0 */
/* Unites two profiles: the union allows what either of them allows. */
#ifndef CTL_UNION_H
#define CTL_UNION_H

#include "profile/profile.h"

/* Marks in @named, per ABI, the calls that @from names. */
void union_note_names(bool (*named)[SCMOD_NR_BITS], const struct profile *from);
/*
 * Adds what @from says to @to, with its reasons and their origins. If both profiles refuse a
 * call, the milder refusal is used, even if it is only the default of one of them. A call
 * that is not @named by any of the united profiles gets the default of the first one. For
 * every statement of either profile that no longer holds, a note is added to @messages.
 */
void union_add(struct profile *to, const struct profile *from,
	       const bool (*named)[SCMOD_NR_BITS], struct messages *messages);

#endif /* CTL_UNION_H */
