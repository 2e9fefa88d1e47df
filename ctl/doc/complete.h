/* SPDX-License-Identifier: GPL-2.0 */
/* Lists the possible words of a kind for the completions of the shells. */
#ifndef CTL_COMPLETE_H
#define CTL_COMPLETE_H

#include "verbs/verb.h"

/*
 * Prints the words of a @kind, one on each line: calls, caps, errnos, policies, runtimes,
 * verbs, workloads, or valued (the options that take a value). Prints no policies if the module
 * can't be reached. Returns an exit code.
 */
int complete(const struct verb *const *verbs, const char *kind);

#endif /* CTL_COMPLETE_H */
