/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A key that is twice in one object of a JSON text. json-c keeps the last one and does
 * not say so; other programs keep the first, or refuse the text.
 */
#ifndef CTL_JSONTWICE_H
#define CTL_JSONTWICE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct json_twice - the key
 * @name: what it is; to be freed
 * @first: where it is, in bytes from the beginning
 * @second: where it is again
 */
struct json_twice {
	char *name;
	size_t first;
	size_t second;
};

/* Whether there is one; if so, the one whose repetition comes first. @text is JSON. */
bool json_twice(const char *text, struct json_twice *twice);

#endif /* CTL_JSONTWICE_H */
