/* SPDX-License-Identifier: GPL-2.0 */
/* Extends a profile for runtimes by what was learned, and changes nothing else in it. */
#ifndef CTL_EXTEND_H
#define CTL_EXTEND_H

#include "write/output.h"

/*
 * Writes to @file the profile in the file @base, to which rules are added for the calls of
 * @out->profile that it does not name: a call that it names is answered as it says, and a call
 * that neither names is refused with an errno. All of it is written or nothing. Errors and notes
 * are added to @out->messages. Returns an exit code.
 */
int extend_write(struct output *out, const char *base, const char *file);

#endif /* CTL_EXTEND_H */
