/* SPDX-License-Identifier: GPL-2.0 */
/* Notices when somebody switches the kernel's probes off. */
#ifndef SCMOD_WATCH_H
#define SCMOD_WATCH_H

#include <linux/types.h>

int scmod_watch_init(void);
void scmod_watch_exit(void);

/* A policy has been made: look once a second from now on, while there are any. */
void scmod_watch_start(void);

/* Do probes of the kinds that scmod relies on fire now? Sleeps. */
bool scmod_watch_armed(void);

#endif /* SCMOD_WATCH_H */
