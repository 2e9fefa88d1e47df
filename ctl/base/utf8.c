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
