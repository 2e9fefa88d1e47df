/* SPDX-License-Identifier: GPL-2.0 */
/* Names and paths are any bytes; what we write for others to read is UTF-8. */
#ifndef CTL_UTF8_H
#define CTL_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* How many bytes the letter at @text has, or 0 if it is none; *@value is its number. */
size_t utf8_letter(const char *text, uint32_t *value);
/* Puts '?' in place of each byte that is in no letter. */
void utf8_mend(char *text);

#endif /* CTL_UTF8_H */
