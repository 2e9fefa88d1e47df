/* SPDX-License-Identifier: GPL-2.0 */
/* Keeps marks right where the mark is the tracepoints' own flag. */
#ifndef SCMOD_GUARD_H
#define SCMOD_GUARD_H

#include <linux/types.h>

int scmod_guard_init(void);
void scmod_guard_exit(void);
bool scmod_guard_tracing(void);

#endif /* SCMOD_GUARD_H */
