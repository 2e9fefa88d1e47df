/* SPDX-License-Identifier: GPL-2.0 */
/* What a word may be, for the completions of the shells. */
#ifndef CTL_COMPLETE_H
#define CTL_COMPLETE_H

#include "verbs/verb.h"

/*
 * Print what there is of a @kind, one in a line: calls, caps, errnos, policies, runtimes,
 * verbs, and valued, the options that take a value. Where the module can't be asked,
 * there are no policies. Returns an exit code.
 */
int complete(const struct verb *const *verbs, const char *kind);

#endif /* CTL_COMPLETE_H */
