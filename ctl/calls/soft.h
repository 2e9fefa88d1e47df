/* SPDX-License-Identifier: GPL-2.0 */
/* Soft calls: when they are not allowed, ENOSYS is a better answer than EPERM. */
#ifndef CTL_SOFT_H
#define CTL_SOFT_H

#include "calls/sets.h"

/* The soft calls of an ABI. */
struct bitmap soft_set(unsigned int abi);
/* Why a call is soft, or NULL if it is not. */
const char *soft_reason(const char *name);

#endif /* CTL_SOFT_H */
