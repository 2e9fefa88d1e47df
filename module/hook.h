/* SPDX-License-Identifier: GPL-2.0 */
/* Hook engines: attach to system call entry, prove it, detach. */
#ifndef SCMOD_HOOK_H
#define SCMOD_HOOK_H

#include <linux/types.h>

int scmod_hook_init(void);
void scmod_hook_exit(void);

/* What `scmod status` tells; valid between init and exit. */
const char *scmod_hook_engine(void);
const char *scmod_hook_symbol(void);
const char *scmod_hook_probe(void);
u64 scmod_hook_nmissed(void);
bool scmod_hook_is_ftrace(void);

#endif /* SCMOD_HOOK_H */
