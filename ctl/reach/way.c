// SPDX-License-Identifier: GPL-2.0
/* The nodes of the graph that were reached, and from where. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/way.h"

/* Of a longer way, only so many of the first and last nodes are told. */
#define HEAD 2
#define TAIL 3
/* Longer names are cut, as those of C++ are. */
#define MOST_NAME 48

void way_begin(struct way *way, uint32_t nr_nodes)
{
	*way = (struct way){
		.from = mem_alloc(((size_t)nr_nodes + 1) * sizeof(*way->from)),
		.node = mem_alloc(((size_t)nr_nodes + 1) * sizeof(*way->node)),
	};
	memset(way->from, 0xff, (size_t)nr_nodes * sizeof(*way->from));
}

void way_end(struct way *way)
{
	free(way->from);
	free(way->node);
}

void way_visit(struct way *way, uint32_t node, uint32_t from)
{
	if (node == NO_NODE || way->from[node] != NO_NODE)
		return;
	way->from[node] = from == NO_NODE ? node : from;
	way->node[way->count++] = node;
}

static const char *name_of(const struct member *member, uint64_t address)
{
	const char *found = NULL;

	for (size_t i = 0; i < member->binary.nr_symbols; i++) {
		const struct symbol *symbol = &member->binary.symbol[i];

		if (symbol->defined && symbol->function && symbol->value == address &&
		    *symbol->name && (!found || strlen(symbol->name) < strlen(found)))
			found = symbol->name;
	}
	return found;
}

static size_t put_node(const struct graph *graph, uint32_t node, char *text, size_t size)
{
	const struct member *member = graph_member(graph, node);
	const struct function *function = graph_function(graph, node);
	const char *slash = strrchr(member->path, '/');
	const char *base = slash ? slash + 1 : member->path;
	const char *name = function ? name_of(member, function->span.start) : NULL;
	int len;

	if (!function)
		len = snprintf(text, size, "%s", base);
	else if (name)
		len = snprintf(text, size, "%s:%.*s", base, MOST_NAME, name);
	else
		len = snprintf(text, size, "%s:0x%" PRIx64, base, function->span.start);
	return len < 0 ? 0 : len;
}

static unsigned int length(const struct way *way, uint32_t node)
{
	unsigned int count = 1;

	for (; way->from[node] != node; node = way->from[node])
		count++;
	return count;
}

/* The node that is @back steps before @node. */
static uint32_t before(const struct way *way, uint32_t node, unsigned int back)
{
	while (back--)
		node = way->from[node];
	return node;
}

void way_text(const struct graph *graph, const struct way *way, uint32_t node, char *text,
	      size_t size)
{
	unsigned int count = length(way, node);
	size_t len = 0;

	*text = '\0';
	for (unsigned int i = 0; i < count && len < size; i++) {
		if (count > HEAD + TAIL && i >= HEAD && i < count - TAIL) {
			len += snprintf(text + len, size - len, " > ...");
			i = count - TAIL - 1;
			continue;
		}
		if (i)
			len += snprintf(text + len, size - len, " > ");
		if (len < size)
			len += put_node(graph, before(way, node, count - 1 - i), text + len,
					size - len);
	}
}
