/* SPDX-License-Identifier: GPL-2.0 */
/* Multiplexers: calls that make other calls. Whoever denies those must deny these, too. */
#ifndef CTL_MULTIPLEXER_H
#define CTL_MULTIPLEXER_H

#include <stddef.h>

/* The @i-th multiplexer of @abi that can make the call @name, or NULL after the last one. */
const char *multiplexer_of(unsigned int abi, const char *name, size_t i);

#endif /* CTL_MULTIPLEXER_H */
