/* SPDX-License-Identifier: GPL-2.0 */
/* Multiplexers: calls that make other calls. Whoever denies those must deny these, too. */
#ifndef CTL_MULTIPLEXER_H
#define CTL_MULTIPLEXER_H

#include <stddef.h>

/* The @i-th multiplexer of @abi that can make the call @name, or NULL after the last one. */
const char *multiplexer_of(unsigned int abi, const char *name, size_t i);
/* What the multiplexer makes, in any ABI: names, ended by NULL; or NULL if it is none. */
const char *const *multiplexer_makes(const char *multiplexer);

#endif /* CTL_MULTIPLEXER_H */
