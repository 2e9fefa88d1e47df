/* SPDX-License-Identifier: GPL-2.0 */
/* Shares the system call tracepoints, and their flag, with other tracers. */
#ifndef SCMOD_SHARE_H
#define SCMOD_SHARE_H

#include <linux/types.h>

int scmod_share_init(void);
void scmod_share_exit(void);

/*
 * Register @callback, of the kind that sys_enter takes, and remove it again;
 * nobody is in it any more then.
 */
int scmod_share_join(void *callback);
void scmod_share_leave(void);

#endif /* SCMOD_SHARE_H */
