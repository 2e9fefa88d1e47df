// SPDX-License-Identifier: GPL-2.0
/* Text that somebody else chose, made fit for the kernel log. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "escape.h"

/**
 * scmod_escape() - write what is not printable ASCII as \xHH
 * @to: where to
 * @size: room there; what finds no room is left out
 * @from: a command name, a parameter: any bytes
 *
 * Lines of the log reach consoles as they are, and a terminal obeys escape
 * sequences; a line break would begin a line that seems to be the kernel's. Quotes
 * and backslashes are escaped, too, so that a quoted text ends where it seems to.
 * (%pE takes bytes from 0xa0 on for printable: terminals differ in what they do
 * with those.)
 *
 * Context: any.
 */
void scmod_escape(char *to, size_t size, const char *from)
{
	size_t len = 0;

	for (; *from; from++) {
		unsigned char c = *from;
		bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
		size_t need = plain ? 1 : 4;

		if (len + need >= size)
			break;
		if (plain)
			to[len] = c;
		else
			snprintf(to + len, need + 1, "\\x%02x", c);
		len += need;
	}
	to[len] = '\0';
}
