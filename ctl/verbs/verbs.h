/* SPDX-License-Identifier: GPL-2.0 */
/* The one table of verbs. */
#ifndef CTL_VERBS_H
#define CTL_VERBS_H

#include "verbs/verb.h"

/* In the order of help; up to NULL. */
extern const struct verb *const verbs[];

#endif /* CTL_VERBS_H */
