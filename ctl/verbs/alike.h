/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two profiles made alike before they are compared: a record, or a list, gets what dump
 * would add to it in the form that the other one has. So what dump wrote does not differ
 * from what it was made of.
 */
#ifndef CTL_ALIKE_H
#define CTL_ALIKE_H

#include "verbs/source.h"

/*
 * Allow in both what is always allowed. Of a profile for runtimes that does not allow it, a
 * note is printed.
 */
void alike_lifelines(const struct source *a, const struct source *b);

/*
 * The profile of @source as dump would write it in the form of @other, if that is one which
 * container runtimes take and @source has another; else just that of @source, which is not
 * to be freed. Unless the command line says which runtime, which @infer has, a record gets
 * those of the runtimes' own calls that @other allows: dump may have added them. Prints a
 * note if any of that allows more.
 */
struct profile *alike_profile(const struct source *source, const struct profile *other,
			      struct infer *infer);

#endif /* CTL_ALIKE_H */
