/* SPDX-License-Identifier: GPL-2.0 */
/* The images of the programs of a cgroup, and what leads from one place in them to another. */
#ifndef CTL_MEMBER_H
#define CTL_MEMBER_H

#include "reach/code.h"
#include "reach/objects.h"

/* Stands for "no node". */
#define NO_NODE UINT32_MAX

/**
 * struct member - an image
 * @path: its path, for messages
 * @program: a process was started from it
 * @opened: no program needs it, so it was loaded by a call such as dlopen(), which may have found
 *	any of its functions by name
 * @binary: its contents
 * @frames: its table of functions
 * @code: its functions
 * @objects: its data
 * @base: its first node. This node stands for what runs when the image is loaded. The next ones are
 *	its functions, and then its objects.
 * @entry: addresses at which its functions are entered in the middle, sorted
 * @nr_entries: number of them
 */
struct member {
	const char *path;
	bool program;
	bool opened;
	struct binary binary;
	struct frames frames;
	struct code code;
	struct objects objects;
	uint32_t base;
	uint64_t *entry;
	size_t nr_entries;
};

/**
 * enum edge_kind - how a node leads to another one
 * @EDGE_CALL: it calls it, or jumps to it
 * @EDGE_FALL: it is followed by it
 * @EDGE_TAKE: it takes its address, or refers to it, so it may be called from anywhere
 */
enum edge_kind {
	EDGE_CALL,
	EDGE_FALL,
	EDGE_TAKE,
};

/**
 * struct edge - one node leads to another one
 * @at: address of the instruction; the end of the function for EDGE_FALL
 * @into: the address that it leads to
 */
struct edge {
	uint32_t from;
	uint32_t to;
	uint64_t at;
	uint64_t into;
	enum edge_kind kind;
};

/**
 * struct graph - all images
 * @member: the images
 * @nr_nodes: number of nodes of all images
 * @edge: edges; sorted by @from after graph_join()
 * @first: for each node, and for one more, the number of its first edge
 * @limits: what may still be made
 * @over: a limit was reached
 */
struct graph {
	struct member *member;
	size_t nr_members;
	uint32_t nr_nodes;
	struct edge *edge;
	size_t nr_edges;
	uint32_t *first;
	struct limits *limits;
	bool over;
};

#endif /* CTL_MEMBER_H */
