/* SPDX-License-Identifier: GPL-2.0 */
/* The nodes of the graph that were reached, and from where. */
#ifndef CTL_WAY_H
#define CTL_WAY_H

#include "reach/graph.h"
#include "reach/numbers.h"

/**
 * struct way - the nodes that were reached
 * @from: for each node, the one from which it was reached first; itself if it is a start; NO_NODE
 *	if it was not reached
 * @node: those that were reached, in order
 * @count: number of them
 */
struct way {
	uint32_t *from;
	uint32_t *node;
	size_t count;
};

void way_begin(struct way *way, uint32_t nr_nodes);
void way_end(struct way *way);
/* Notes that a node is reached; @from is NO_NODE for a start. NO_NODE is ignored as @node. */
void way_visit(struct way *way, uint32_t node, uint32_t from);
/*
 * The way to a node that was reached, as text: images and functions, at most the first two and the
 * last three of them.
 */
void way_text(const struct graph *graph, const struct way *way, uint32_t node, char *text,
	      size_t size);

#endif /* CTL_WAY_H */
