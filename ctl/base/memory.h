/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that is there, or the tool ends: nothing it does can go on without. */
#ifndef CTL_MEMORY_H
#define CTL_MEMORY_H

#include <stddef.h>

/* Never NULL. All but mem_grow()'s is zeroed; to be freed with free(). */
void *mem_alloc(size_t size);
void *mem_grow(void *old, size_t count, size_t size);
/* A copy; NULL of NULL. */
char *mem_string(const char *text);
char *mem_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif /* CTL_MEMORY_H */
