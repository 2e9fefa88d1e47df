// SPDX-License-Identifier: GPL-2.0
/* Decodes and repairs UTF-8. */
#include "base/utf8.h"

size_t utf8_letter(const char *text, uint32_t *value)
{
	unsigned char first = *text;
	size_t len = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 :
		     first < 0xf5 ? 4 : 0;

	*value = len > 1 ? first & (0x7f >> len) : first;
	for (size_t i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*value = *value << 6 | (text[i] & 0x3f);
	}
	/* Refuse overlong forms, surrogates, and numbers above U+10FFFF. */
	if ((len == 3 && *value < 0x800) || (len == 4 && (*value < 0x10000 || *value > 0x10ffff)) ||
	    (*value >= 0xd800 && *value < 0xe000))
		return 0;
	return len;
}

bool utf8_drives(uint32_t value)
{
	/* Control characters. U+009B begins an escape sequence. */
	if (value < 0x20 || (value >= 0x7f && value <= 0x9f))
		return true;
	/* U+2028 and U+2029 end a line (in YAML, too); the others change the direction of text. */
	if ((value >= 0x2028 && value <= 0x202e) || (value >= 0x2066 && value <= 0x2069))
		return true;
	/* U+FFFE and U+FFFF are not characters; YAML does not allow them. */
	return value == 0xfffe || value == 0xffff;
}

void utf8_mend(char *text)
{
	while (*text) {
		uint32_t number;
		size_t len = utf8_letter(text, &number);

		if (!len)
			*text = '?';
		text += len ? len : 1;
	}
}
