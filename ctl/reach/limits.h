/* SPDX-License-Identifier: GPL-2.0 */
/* What an analysis of binaries may take. */
#ifndef CTL_LIMITS_H
#define CTL_LIMITS_H

#include <stddef.h>

/**
 * struct limits - what an analysis may still take
 * @bytes: of the contents of files
 * @instructions: that are decoded
 * @entries: of all tables that are made: events, references, numbers
 * @tick: called now and then, so that somebody sees that the analysis goes on; may be NULL
 * @data: for @tick
 */
struct limits {
	size_t bytes;
	size_t instructions;
	size_t entries;
	void (*tick)(void *data);
	void *data;
};

#endif /* CTL_LIMITS_H */
