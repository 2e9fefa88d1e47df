/* SPDX-License-Identifier: GPL-2.0 */
/* The only table of verbs. */
#ifndef CTL_VERBS_H
#define CTL_VERBS_H

#include "verbs/verb.h"

/* In the order in which help lists them; ended by NULL. */
extern const struct verb *const verbs[];

#endif /* CTL_VERBS_H */
