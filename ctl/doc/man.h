/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prints the parts of the man page that come from the verbs' tables, in mdoc, to standard
 * output.
 */
#ifndef CTL_MAN_H
#define CTL_MAN_H

#include "verbs/verb.h"

void man_synopsis(const struct verb *const *verbs);
/* The options that every verb accepts. */
void man_common(const struct verb *const *verbs);
/* A verb's own options; nothing if it has none. */
void man_options(const struct verb *verb);

#endif /* CTL_MAN_H */
