/* SPDX-License-Identifier: GPL-2.0 */
/* Allocates memory, or ends the tool: no verb can go on without memory. */
#ifndef CTL_MEMORY_H
#define CTL_MEMORY_H

#include <stddef.h>

/*
 * Never return NULL. mem_alloc() zeroes the memory, mem_grow() does not. To be freed with
 * free().
 */
void *mem_alloc(size_t size);
void *mem_grow(void *old, size_t count, size_t size);
/* A copy of @text; NULL if @text is NULL. */
char *mem_string(const char *text);
char *mem_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Adds an item to *@list, "a, b, c", which is freed and made anew; NULL is an empty list. */
void mem_list(char **list, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif /* CTL_MEMORY_H */
