/* SPDX-License-Identifier: GPL-2.0 */
/* Makes the man page and the completions from templates and the verbs' tables. */
#ifndef CTL_GENERATE_H
#define CTL_GENERATE_H

#include "verbs/verb.h"

/*
 * Copies standard input to standard output, and replaces each line "@NAME@" or "@NAME VERB@"
 * by the part NAME, made from the tables. The build makes scmod.8 and the completions with
 * it. Returns an exit code.
 */
int generate(const struct verb *const *verbs);

#endif /* CTL_GENERATE_H */
