/* SPDX-License-Identifier: GPL-2.0 */
/* Tells in one line how many calls the tool added to a profile, and why. */
#ifndef CTL_ADDED_H
#define CTL_ADDED_H

#include "profile/profile.h"

/*
 * To be freed; NULL if no call was added. @name: the cgroup or file to name after 'scmod
 * explain'.
 */
char *added_text(const struct profile *profile, const char *name);

#endif /* CTL_ADDED_H */
