/* SPDX-License-Identifier: GPL-2.0 */
/* Tracepoints that have no exported symbol, and so are found by their name. */
#ifndef SCMOD_TRACEPOINT_H
#define SCMOD_TRACEPOINT_H

#include <linux/tracepoint.h>

/**
 * struct scmod_tracepoint_use - a probe of ours at a tracepoint
 * @name: of the tracepoint
 * @probe: as the tracepoint calls it, with NULL for its data
 * @tp: the tracepoint, while the probe is there; otherwise NULL
 */
struct scmod_tracepoint_use {
	const char *name;
	void *probe;
	struct tracepoint *tp;
};

int scmod_tracepoint_use(struct scmod_tracepoint_use *uses, unsigned int n);
void scmod_tracepoint_unuse(struct scmod_tracepoint_use *uses, unsigned int n);
struct tracepoint *scmod_tracepoint_find(const char *name);
int scmod_tracepoint_barrier(void);

#endif /* SCMOD_TRACEPOINT_H */
