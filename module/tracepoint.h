/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints that have no exported symbol, and so are found by their name. */
#ifndef SCMOD_TRACEPOINT_H
#define SCMOD_TRACEPOINT_H

#include <linux/tracepoint.h>

struct tracepoint *scmod_tracepoint_find(const char *name);
int scmod_tracepoint_barrier(void);

#endif /* SCMOD_TRACEPOINT_H */
