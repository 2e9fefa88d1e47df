/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adapts two profiles to each other's form before they are compared: a record or a list gets
 * what dump would add to it when it writes the other profile's form. So there is no
 * difference between a profile that dump wrote and its source.
 */
#ifndef CTL_ALIKE_H
#define CTL_ALIKE_H

#include "verbs/source.h"

/*
 * Allows the lifelines in both. Prints a note if one of them is a profile for runtimes and
 * did not allow them.
 */
void alike_lifelines(const struct source *a, const struct source *b);

/*
 * If @other has a form for container runtimes and @source has not, returns a new profile:
 * that of @source as dump would write it in that form. Otherwise returns the profile of
 * @source itself, which must not be freed. If --runtime is not given (see @infer), a record
 * gets those of the runtimes' own calls that @other allows, because dump may have added them.
 * Prints a note if the new profile allows more.
 */
struct profile *alike_profile(const struct source *source, const struct profile *other,
			      struct infer *infer);

#endif /* CTL_ALIKE_H */
