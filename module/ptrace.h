/* SPDX-License-Identifier: GPL-2.0 */
/* Tracers may change a call after it was decided: decide again. */
#ifndef SCMOD_PTRACE_H
#define SCMOD_PTRACE_H

#include <linux/types.h>

int scmod_ptrace_init(void);
void scmod_ptrace_exit(void);
bool scmod_ptrace_holds(void);

#endif /* SCMOD_PTRACE_H */
