/* SPDX-License-Identifier: GPL-2.0 */
/* In one line: how many calls the tool added to a profile, and why. */
#ifndef CTL_ADDED_H
#define CTL_ADDED_H

#include "profile/profile.h"

/* To be freed; NULL if none were. @name: of the cgroup or file, for 'scmod explain'. */
char *added_text(const struct profile *profile, const char *name);

#endif /* CTL_ADDED_H */
