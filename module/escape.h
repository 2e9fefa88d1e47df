/* SPDX-License-Identifier: GPL-2.0 */
/* Text that somebody else chose, made fit for the kernel log. */
#ifndef SCMOD_ESCAPE_H
#define SCMOD_ESCAPE_H

#include <linux/types.h>

/* Room that a text of @len bytes needs. */
#define SCMOD_ESCAPED_BYTES(len)	((len) * 4 + 1)

void scmod_escape(char *to, size_t size, const char *from);

#endif /* SCMOD_ESCAPE_H */
