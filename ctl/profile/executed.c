// SPDX-License-Identifier: GPL-2.0
/* The programs that were executed while a policy learned. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "profile/executed.h"

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static bool is_same(const struct executed *a, const struct executed *b)
{
	return a->path && b->path && !strcmp(a->path, b->path) && a->dev == b->dev &&
	       a->ino == b->ino;
}

static struct executed *find(const struct executed_list *list, const struct executed *program)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_same(&list->program[i], program))
			return &list->program[i];
	return NULL;
}

void executed_add(struct executed_list *list, const struct executed *program)
{
	struct executed *known = find(list, program);

	if (known) {
		known->count = program->count > UINT32_MAX - known->count ?
			       UINT32_MAX : known->count + program->count;
		return;
	}
	list->program = mem_grow(list->program, list->count + 1, sizeof(*list->program));
	list->program[list->count] = *program;
	list->program[list->count++].path = mem_string(program->path);
}

void executed_unite(struct executed_list *list, const struct executed_list *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct executed *known = find(list, &from->program[i]);

		if (known)
			known->count = larger(known->count, from->program[i].count);
		else
			executed_add(list, &from->program[i]);
	}
	list->lost = larger(list->lost, from->lost);
}

void executed_release(struct executed_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->program[i].path);
	free(list->program);
	*list = (struct executed_list){ 0 };
}
