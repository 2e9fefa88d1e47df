// SPDX-License-Identifier: GPL-2.0
/*
 * Allocates memory, or ends the tool. Ending is safe at any time: the tool changes a policy in
 * one message and a file in one rename, so no work is ever left half done.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

static void *there(void *memory)
{
	if (!memory)
		exit(fail(EXIT_FAILED, "out of memory; free some and try again"));
	return memory;
}

void *mem_alloc(size_t size)
{
	return there(calloc(1, size));
}

void *mem_grow(void *old, size_t count, size_t size)
{
	return there(reallocarray(old, count, size));
}

char *mem_string(const char *text)
{
	return text ? there(strdup(text)) : NULL;
}

char *mem_print(const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	return there(text);
}

void mem_list(char **list, const char *fmt, ...)
{
	char *item = NULL, *longer;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&item, fmt, args) < 0)
		item = NULL;
	va_end(args);
	item = there(item);
	longer = *list ? mem_print("%s, %s", *list, item) : mem_string(item);
	free(item);
	free(*list);
	*list = longer;
}
