/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prints the parts of the shells' completions that come from the verbs' tables to standard
 * output.
 */
#ifndef CTL_SHELLS_H
#define CTL_SHELLS_H

#include "verbs/verb.h"

void shells_bash(const struct verb *const *verbs);
void shells_zsh(const struct verb *const *verbs);
void shells_fish(const struct verb *const *verbs);

#endif /* CTL_SHELLS_H */
