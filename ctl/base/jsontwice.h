/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds a key that is twice in one object of a JSON text. json-c silently keeps the last one;
 * other programs keep the first, or refuse the text.
 */
#ifndef CTL_JSONTWICE_H
#define CTL_JSONTWICE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct json_twice - a repeated key
 * @name: the key; to be freed
 * @first: position of its first use, in bytes from the start
 * @second: position of its second use
 */
struct json_twice {
	char *name;
	size_t first;
	size_t second;
};

/*
 * Whether a key is repeated; of several, reports the one that is repeated first. @text must
 * be JSON.
 */
bool json_twice(const char *text, struct json_twice *twice);

#endif /* CTL_JSONTWICE_H */
