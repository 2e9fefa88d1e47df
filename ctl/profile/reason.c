// SPDX-License-Identifier: GPL-2.0
/* Sorted lists of reasons. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "profile/reason.h"

static const char *const kind_names[] = {
	[REASON_SEEN] = "seen",
	[REASON_HAND] = "allowed-by-hand",
	[REASON_LIFELINE] = "lifeline",
	[REASON_FAMILY] = "family",
	[REASON_IMPORT] = "import",
	[REASON_RUNTIME] = "runtime",
	[REASON_BASE] = "base",
	[REASON_FILE] = "file",
	[REASON_SOFT] = "soft",
	[REASON_FULL] = "full",
	[REASON_NEVER] = "never",
	[REASON_FLOOR] = "floor",
	[REASON_UNREACHABLE] = "unreachable",
	[REASON_REACH] = "reach",
};

const char *reason_kind_name(enum reason_kind kind)
{
	return kind_names[kind];
}

int reason_kind_by_name(const char *name)
{
	for (int i = 0; i < __REASON_MAX; i++)
		if (!strcmp(kind_names[i], name))
			return i;
	return -1;
}

/* NULL sorts before any text. */
static int compare_texts(const char *a, const char *b)
{
	if (!a || !b)
		return !!a - !!b;
	return strcmp(a, b);
}

#define compare(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_reasons(const struct reason *a, const struct reason *b)
{
	int ret = compare(a->kind, b->kind);

	if (!ret)
		ret = compare(a->origin, b->origin);
	if (!ret)
		ret = compare(a->first, b->first);
	if (!ret)
		ret = compare_texts(a->text, b->text);
	if (!ret)
		ret = strcmp(a->comm, b->comm);
	if (!ret)
		ret = compare(a->pid, b->pid);
	return ret ? ret : compare(a->count, b->count);
}

void reason_add(struct reason **list, size_t *count, const struct reason *reason)
{
	size_t at = 0;

	while (at < *count && compare_reasons(&(*list)[at], reason) < 0)
		at++;
	if (at < *count && !compare_reasons(&(*list)[at], reason))
		return;
	*list = mem_grow(*list, *count + 1, sizeof(**list));
	memmove(&(*list)[at + 1], &(*list)[at], (*count - at) * sizeof(**list));
	(*list)[at] = *reason;
	(*list)[at].text = mem_string(reason->text);
	++*count;
}

void reason_release(struct reason **list, size_t *count)
{
	for (size_t i = 0; i < *count; i++)
		free((*list)[i].text);
	free(*list);
	*list = NULL;
	*count = 0;
}
