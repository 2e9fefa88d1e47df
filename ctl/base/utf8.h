/* SPDX-License-Identifier: GPL-2.0 */
/* Names and paths may hold any bytes; what the tool writes for other programs is UTF-8. */
#ifndef CTL_UTF8_H
#define CTL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Length in bytes of the UTF-8 character at @text, 0 if it is invalid; stores its code point
 * in @value.
 */
size_t utf8_letter(const char *text, uint32_t *value);
/*
 * Whether the character could drive a terminal, end a line or turn the text around it, so that
 * text with it does not read as what it is.
 */
bool utf8_drives(uint32_t value);
/* Replaces each byte that is not part of a valid character with '?'. */
void utf8_mend(char *text);

#endif /* CTL_UTF8_H */
