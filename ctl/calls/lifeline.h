/* SPDX-License-Identifier: GPL-2.0 */
/* Calls that are always allowed. */
#ifndef CTL_LIFELINE_H
#define CTL_LIFELINE_H

#include "calls/sets.h"

/* The lifelines of an ABI. */
struct bitmap lifeline_set(unsigned int abi);
/* Why a call is a lifeline, or NULL if it is not. */
const char *lifeline_reason(const char *name);

#endif /* CTL_LIFELINE_H */
