/* SPDX-License-Identifier: GPL-2.0 */
/* Which code leads to which, over all images of the programs of a cgroup. */
#ifndef CTL_GRAPH_H
#define CTL_GRAPH_H

#include "reach/member.h"

/*
 * Finds all edges. The members must have been read. Returns false if a limit was reached. Release
 * the graph in either case; the members are the caller's.
 */
bool graph_join(struct graph *graph);
void graph_release(struct graph *graph);

/* The image of a node. */
struct member *graph_member(const struct graph *graph, uint32_t node);
/* The function of a node; NULL if it stands for something else. */
const struct function *graph_function(const struct graph *graph, uint32_t node);
/* The node of the function or object with that address, or NO_NODE. */
uint32_t graph_node(const struct member *member, uint64_t address);

/* Whether the image imports, or exports, the symbol. */
bool member_imports(const struct member *member, const char *name);
bool member_exports(const struct member *member, const char *name);
/* Whether the image has that file name or DT_SONAME; @name may be a path, or NULL. */
bool member_is_named(const struct member *member, const char *name);
/* Whether the image needs a library whose name begins like that. */
bool member_needs(const struct member *member, const char *prefix);

#endif /* CTL_GRAPH_H */
