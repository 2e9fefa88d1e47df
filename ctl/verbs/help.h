/* SPDX-License-Identifier: GPL-2.0 */
/* Finds a verb in the table, and explains verbs. */
#ifndef CTL_HELP_H
#define CTL_HELP_H

#include "verbs/verb.h"

/* The verb of that name, or NULL. @verbs ends with NULL. */
const struct verb *verb_find(const struct verb *const *verbs, const char *name);

extern const struct verb verb_help;

#endif /* CTL_HELP_H */
