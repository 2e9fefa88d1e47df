/* SPDX-License-Identifier: GPL-2.0 */
/* A growing list of names, each followed by a NUL. */
#ifndef CTL_NAMES_LIST_H
#define CTL_NAMES_LIST_H

#include <stddef.h>
#include <string.h>

#include "base/memory.h"

/* Zeroed: an empty list. @text is freed by whoever takes it. */
struct name_list {
	char *text;
	size_t len;
	size_t room;
};

static inline void names_add(struct name_list *list, const char *name, size_t len)
{
	if (list->len + len + 1 > list->room) {
		list->room = 2 * list->room + len + 1024;
		list->text = mem_grow(list->text, list->room, 1);
	}
	memcpy(list->text + list->len, name, len);
	list->text[list->len + len] = '\0';
	list->len += len + 1;
}

#endif /* CTL_NAMES_LIST_H */
