/* SPDX-License-Identifier: GPL-2.0 */
/* errno values and their names. */
#ifndef CTL_ERRNAME_H
#define CTL_ERRNAME_H

#include <stdint.h>

/* "EPERM", or "errno 4000" if it has no name (static buffer). */
const char *errname(uint32_t err);
/* The value of "EPERM" or "1"; 0 if @text is no errno that a policy may answer with. */
uint32_t errname_value(const char *text);
/* The same, but accepts names only. */
uint32_t errname_named(const char *text);

#endif /* CTL_ERRNAME_H */
