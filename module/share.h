/* SPDX-License-Identifier: GPL-2.0 */
/* Shares the tracepoint that we hold with other tracers. */
#ifndef SCMOD_SHARE_H
#define SCMOD_SHARE_H

#include <linux/types.h>

int scmod_share_init(void);
void scmod_share_exit(void);

/* Does somebody else want every task to be marked? */
bool scmod_share_tracing(void);

/* Of hook_tracepoint.c. */
bool scmod_hook_tracepoint_alone(void);

#endif /* SCMOD_SHARE_H */
