/* SPDX-License-Identifier: GPL-2.0 */
/* Calls that make others for their callers: who refuses those must refuse these, too. */
#ifndef CTL_MULTIPLEXER_H
#define CTL_MULTIPLEXER_H

#include <stddef.h>

/* The @i-th call of @abi that makes @name, or NULL behind the last one. */
const char *multiplexer_of(unsigned int abi, const char *name, size_t i);

#endif /* CTL_MULTIPLEXER_H */
