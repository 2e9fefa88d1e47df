/* SPDX-License-Identifier: GPL-2.0 */
/* The man page and the completions: what comes from the tables of the verbs. */
#ifndef CTL_GENERATE_H
#define CTL_GENERATE_H

#include "verbs/verb.h"

/*
 * Copy standard input to standard output; for a line "@NAME@" or "@NAME VERB@" stands
 * what NAME makes of the tables. The build makes scmod.8 and the completions so. Returns
 * an exit code.
 */
int generate(const struct verb *const *verbs);

#endif /* CTL_GENERATE_H */
