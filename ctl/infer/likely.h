/* SPDX-License-Identifier: GPL-2.0 */
/* From a function that a program imports to the system calls it may make. */
#ifndef CTL_LIKELY_H
#define CTL_LIKELY_H

#include "calls/bitmap.h"

/*
 * Add to @set what the C library may call for @function. Returns whether it is
 * known to make any call.
 */
bool likely_add(struct bitmap *set, unsigned int abi, const char *function);
/* The table, for its test. Returns the function, or NULL behind the last one. */
const char *likely_entry(size_t i, const char **calls);

#endif /* CTL_LIKELY_H */
