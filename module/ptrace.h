/* SPDX-License-Identifier: GPL-2.0 */
/* A tracer may change a call after the hook has decided on it: decide again. */
#ifndef SCMOD_PTRACE_H
#define SCMOD_PTRACE_H

#include <linux/types.h>

int scmod_ptrace_init(void);
void scmod_ptrace_exit(void);
bool scmod_ptrace_holds(void);

#endif /* SCMOD_PTRACE_H */
