/* SPDX-License-Identifier: GPL-2.0 */
/* Soft calls: when they are not allowed, ENOSYS is a better answer than EPERM. */
#ifndef CTL_SOFT_H
#define CTL_SOFT_H

#include "calls/sets.h"

/* The calls of an ABI whose callers are known to fall back. */
struct bitmap soft_set(unsigned int abi);
/* How the callers of such a call fall back; NULL if that is not known. */
const char *soft_reason(const char *name);
/*
 * If the call is so new that programs have to do without it on kernels that are still in use:
 * the release of Linux with which it came. NULL for all other calls.
 */
const char *soft_newer(const char *name);
/* Whether Linux @release, such as "2.6.28", is later than @other; false for what is no release. */
bool soft_later(const char *release, const char *other);

#endif /* CTL_SOFT_H */
