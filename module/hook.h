/* SPDX-License-Identifier: GPL-2.0 */
/* Attaches to system call entry by one of the engines, and detaches. */
#ifndef SCMOD_HOOK_H
#define SCMOD_HOOK_H

#include <linux/types.h>

int scmod_hook_init(void);
void scmod_hook_exit(void);

/* What `scmod status` tells; also while nothing is attached, but for the kind. */
const char *scmod_hook_engine(void);
const char *scmod_hook_why(void);
const char *scmod_hook_symbol(void);
const char *scmod_hook_kind(void);
u64 scmod_hook_nmissed(void);

#endif /* SCMOD_HOOK_H */
