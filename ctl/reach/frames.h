/* SPDX-License-Identifier: GPL-2.0 */
/* Where functions begin and end, as the tables for stack unwinding tell it. */
#ifndef CTL_FRAMES_H
#define CTL_FRAMES_H

#include "reach/binary.h"

/**
 * struct frames - the functions of a binary
 * @span: in order of addresses; none overlaps another, and each is in code
 * @count: number of spans; 0 if the file has no such table
 * @handler: addresses of pointers to the functions that the unwinder calls for languages
 *	("personality"), or of these functions
 * @nr_handlers: number of them; no more than FRAMES_HANDLERS are kept
 */
#define FRAMES_HANDLERS 16
struct frames {
	struct span *span;
	size_t count;
	uint64_t handler[FRAMES_HANDLERS];
	unsigned int nr_handlers;
};

/* Reads .eh_frame through the table at &binary.frames. Free @frames->span with free(). */
void frames_read(const struct binary *binary, struct frames *frames);

#endif /* CTL_FRAMES_H */
