/* SPDX-License-Identifier: GPL-2.0 */
/* Reading of profiles that others, or dump, wrote. */
#ifndef CTL_READER_H
#define CTL_READER_H

#include "profile.h"

/*
 * OCI seccomp JSON, scmod's own JSON, or a list. Prints its errors; @profile is
 * to be freed if it returns EXIT_DONE, else NULL. It holds just what the file
 * says: no lifelines, nothing soft but what it calls so.
 */
int profile_read(const char *verb, const char *path, struct profile **profile);

#endif /* CTL_READER_H */
