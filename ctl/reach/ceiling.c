// SPDX-License-Identifier: GPL-2.0
/*
 * Which system calls the images of programs can make at all: those to which a way leads from where
 * an image is started, loaded or called. If that can't be told for certain, says why.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/memory.h"
#include "reach/ceiling.h"
#include "reach/graph.h"
#include "reach/load.h"
#include "reach/way.h"

static void set_state(struct ceiling *ceiling, enum ceiling_state state, const char *what)
{
	if (ceiling->state != CEILING_COMPLETE)
		return;
	ceiling->state = state;
	snprintf(ceiling->what, sizeof(ceiling->what), "%s", what);
}

/* ---- reading */

static void read_member(struct member *member, const struct ceiling_file *file,
			struct limits *limits, struct ceiling *ceiling)
{
	static const enum ceiling_state states[] = {
		[BINARY_READ] = CEILING_COMPLETE, [BINARY_FOREIGN] = CEILING_FOREIGN,
		[BINARY_UNSOUND] = CEILING_UNSOUND, [BINARY_LARGE] = CEILING_LARGE,
	};
	enum binary_result result = binary_read(file->fd, &member->binary, &limits->bytes);

	member->path = file->path;
	member->program = file->program;
	if (result != BINARY_READ) {
		set_state(ceiling, states[result], file->path);
		return;
	}
	frames_read(&member->binary, &member->frames);
	if (!code_read(&member->binary, &member->frames, limits, &member->code))
		set_state(ceiling, CEILING_LARGE, file->path);
	objects_find(&member->binary, &member->code, &member->objects);
}

/* The image by which the loader satisfies DT_NEEDED; NULL if there is none. */
static struct member *provider(const struct graph *graph, const char *needed)
{
	for (size_t i = 0; i < graph->nr_members; i++)
		if (member_is_named(&graph->member[i], needed))
			return &graph->member[i];
	return NULL;
}

static bool is_loader(const struct graph *graph, const struct member *member)
{
	for (size_t i = 0; i < graph->nr_members; i++)
		if (member_is_named(member, graph->member[i].binary.loader))
			return true;
	return false;
}

/* Marks the images that no other one needs, and finds out whether all that are needed are there. */
static void mark_opened(struct graph *graph, struct ceiling *ceiling)
{
	for (size_t i = 0; i < graph->nr_members; i++) {
		struct member *member = &graph->member[i];

		member->opened = !member->program && !is_loader(graph, member);
	}
	for (size_t i = 0; i < graph->nr_members; i++) {
		const struct binary *binary = &graph->member[i].binary;

		for (size_t j = 0; j < binary->nr_needed; j++) {
			struct member *needed = provider(graph, binary->needed[j]);

			if (needed)
				needed->opened = false;
			else
				set_state(ceiling, CEILING_MISSING, binary->needed[j]);
		}
	}
}

/* Whether an image can call functions whose names come from data: an interface for scripts. */
static bool calls_any(const struct member *member)
{
	return member_imports(member, "ffi_call") && member_imports(member, "dlsym");
}

/* ---- walking */

static void start_at(struct graph *graph, struct way *way, bool program)
{
	for (size_t i = 0; i < graph->nr_members; i++) {
		const struct member *member = &graph->member[i];

		if (member->program != program)
			continue;
		if (program)
			way_visit(way, graph_node(member, member->binary.entry), NO_NODE);
		way_visit(way, member->base, NO_NODE);
	}
}

static void walk(const struct graph *graph, struct way *way, size_t next)
{
	for (; next < way->count; next++) {
		uint32_t node = way->node[next];

		for (uint32_t i = graph->first[node]; i < graph->first[node + 1]; i++)
			way_visit(way, graph->edge[i].to, node);
	}
}

static void take_use(const struct graph *graph, const struct way *way, const struct use *use,
		     struct ceiling *ceiling)
{
	char text[CEILING_TEXT];

	if (use->number >= 0 && bitmap_has(&ceiling->calls, use->number))
		return;
	way_text(graph, way, use->node, text, sizeof(text));
	if (use->number == NUMBER_UNKNOWN) {
		set_state(ceiling, CEILING_NUMBER, text);
	} else if (use->number == NUMBER_FOREIGN) {
		set_state(ceiling, CEILING_OTHER_ABI, text);
	} else {
		bitmap_add(&ceiling->calls, use->number);
		ceiling->way[use->number] = mem_string(text);
	}
}

/* Takes the calls of the nodes that were reached, from the one with that number on. */
static void take_uses(const struct graph *graph, const struct way *way, size_t first,
		      const struct numbers *numbers, struct ceiling *ceiling)
{
	for (size_t i = first; i < way->count; i++) {
		uint32_t node = way->node[i];

		for (uint32_t j = numbers->first[node]; j < numbers->first[node + 1]; j++)
			take_use(graph, way, &numbers->use[j], ceiling);
	}
}

/*
 * Loaders come last: what is reached only from their start is what they do before the program runs.
 * Among that is execve(), for the case that somebody starts the loader itself.
 */
static void find_ways(struct graph *graph, const struct numbers *numbers,
		      struct ceiling *ceiling)
{
	struct way way;
	size_t first;

	way_begin(&way, graph->nr_nodes);
	start_at(graph, &way, true);
	start_at(graph, &way, false);
	walk(graph, &way, 0);
	take_uses(graph, &way, 0, numbers, ceiling);
	ceiling->starts = bitmap_has(&ceiling->calls, SYS_execve) ||
			  bitmap_has(&ceiling->calls, SYS_execveat);
	first = way.count;
	for (size_t i = 0; i < graph->nr_members; i++)
		if (is_loader(graph, &graph->member[i]))
			way_visit(&way, graph_node(&graph->member[i],
						   graph->member[i].binary.entry), NO_NODE);
	walk(graph, &way, first);
	take_uses(graph, &way, first, numbers, ceiling);
	way_end(&way);
}

/* ---- the whole */

static void find_calls(struct graph *graph, struct ceiling *ceiling)
{
	struct numbers numbers;

	for (size_t i = 0; i < graph->nr_members; i++)
		if (calls_any(&graph->member[i]))
			set_state(ceiling, CEILING_ANY, graph->member[i].path);
	mark_opened(graph, ceiling);
	if (!graph_join(graph)) {
		set_state(ceiling, CEILING_LARGE, "the graph of calls");
		return;
	}
	if (!numbers_find(graph, &numbers))
		set_state(ceiling, CEILING_LARGE, "the table of calls");
	else
		find_ways(graph, &numbers, ceiling);
	numbers_release(&numbers);
}

static void release_members(struct graph *graph)
{
	for (size_t i = 0; i < graph->nr_members; i++) {
		binary_release(&graph->member[i].binary);
		free(graph->member[i].frames.span);
		code_release(&graph->member[i].code);
		free(graph->member[i].objects.start);
		free(graph->member[i].entry);
	}
	free(graph->member);
}

void ceiling_find(const struct ceiling_file *file, size_t count, struct limits *limits,
		  struct ceiling *ceiling)
{
	struct graph graph = { .limits = limits };

	*ceiling = (struct ceiling){ .state = count ? CEILING_COMPLETE : CEILING_NONE };
	graph.member = mem_alloc((count + 1) * sizeof(*graph.member));
	for (size_t i = 0; i < count && ceiling->state == CEILING_COMPLETE; i++)
		read_member(&graph.member[graph.nr_members++], &file[i], limits, ceiling);
	if (ceiling->state == CEILING_COMPLETE)
		find_calls(&graph, ceiling);
	graph_release(&graph);
	release_members(&graph);
}

void ceiling_release(struct ceiling *ceiling)
{
	for (unsigned int i = 0; i < SCMOD_NR_BITS; i++)
		free(ceiling->way[i]);
	*ceiling = (struct ceiling){ 0 };
}
