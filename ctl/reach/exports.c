// SPDX-License-Identifier: GPL-2.0
/* Who defines a symbol that other images use: a hash table of all definitions. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/exports.h"

struct definition {
	const struct member *member;
	const struct symbol *symbol;
};

/* @size is a power of 2, and at least twice the number of definitions. */
struct exports {
	struct definition *slot;
	size_t size;
};

/* The hash is FNV-1a. */
static size_t hash(const char *name)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++)
		sum = (sum ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return sum ^ sum >> 32;
}

static bool is_export(const struct symbol *symbol)
{
	return symbol->defined && symbol->dynamic && *symbol->name;
}

static void add(struct exports *exports, const struct member *member,
		const struct symbol *symbol)
{
	size_t at = hash(symbol->name) & (exports->size - 1);

	while (exports->slot[at].symbol)
		at = (at + 1) & (exports->size - 1);
	exports->slot[at] = (struct definition){ member, symbol };
}

static size_t count(const struct graph *graph)
{
	size_t sum = 0;

	for (size_t i = 0; i < graph->nr_members; i++)
		sum += graph->member[i].binary.nr_symbols;
	return sum;
}

struct exports *exports_new(const struct graph *graph)
{
	struct exports *exports = mem_alloc(sizeof(*exports));
	size_t needed = 2 * count(graph);

	for (exports->size = 64; exports->size < needed; exports->size *= 2)
		;
	exports->slot = mem_alloc(exports->size * sizeof(*exports->slot));
	for (size_t i = 0; i < graph->nr_members; i++) {
		const struct binary *binary = &graph->member[i].binary;

		for (size_t j = 0; j < binary->nr_symbols; j++)
			if (is_export(&binary->symbol[j]))
				add(exports, &graph->member[i], &binary->symbol[j]);
	}
	return exports;
}

void exports_free(struct exports *exports)
{
	free(exports->slot);
	free(exports);
}

void exports_find(const struct exports *exports, const char *name,
		  void (*use)(const struct member *member, const struct symbol *symbol,
			      void *data), void *data)
{
	for (size_t at = hash(name) & (exports->size - 1); exports->slot[at].symbol;
	     at = (at + 1) & (exports->size - 1))
		if (!strcmp(exports->slot[at].symbol->name, name))
			use(exports->slot[at].member, exports->slot[at].symbol, data);
}
