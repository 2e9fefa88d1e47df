// SPDX-License-Identifier: GPL-2.0
/*
 * Which numbers of system calls the code of each node uses.
 *
 * Most instructions "syscall" have a constant number. If a function gets the number from its
 * caller, as syscall() does, each caller is looked at; if it gets it through a variable, each
 * function that sets this variable.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/scmod.h>

#include "base/memory.h"
#include "reach/body.h"
#include "reach/flow.h"
#include "reach/graph.h"
#include "reach/numbers.h"

/* A function whose callers decide on the number of a call. */
struct wrapper {
	uint32_t node;
	struct origin origin;
};

/* At most so many are looked at. A Go program has 60, the C library 5. */
#define MOST_WRAPPERS 4096

struct search {
	struct graph *graph;
	struct numbers *numbers;
	struct wrapper *wrapper;
	size_t nr_wrappers;
	/* Numbers of the graph's edges, by the node that they lead to, as &graph.first is. */
	uint32_t *edge;
	uint32_t *first;
	/* The body that was used last. */
	struct body *body;
	uint32_t node;
};

enum { RAX = 0 };

static void add_use(struct search *search, uint32_t node, int32_t number)
{
	struct numbers *numbers = search->numbers;
	size_t count = numbers->count;

	for (size_t i = count; i && numbers->use[i - 1].node == node; i--)
		if (numbers->use[i - 1].number == number)
			return;
	if (!search->graph->limits->entries) {
		search->graph->over = true;
		return;
	}
	search->graph->limits->entries--;
	if (!(count & (count - 1)))
		numbers->use = mem_grow(numbers->use, count ? 2 * count : 1,
					sizeof(*numbers->use));
	numbers->use[numbers->count++] = (struct use){ node, number };
}

/* ---- one place in the code */

static size_t entry_from(const struct member *member, uint64_t address)
{
	size_t low = 0, high = member->nr_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (member->entry[middle] < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Decoding a function again takes about as long as the first time. */
static void limits_take(struct graph *graph, const struct function *function)
{
	size_t bytes = function->span.end - function->span.start;
	size_t *left = &graph->limits->instructions;

	graph->over |= *left < bytes / 4;
	*left -= *left < bytes / 4 ? *left : bytes / 4;
}

/* The function of a node, decoded; NULL if it is too long. */
static const struct body *body_of(struct search *search, uint32_t node)
{
	const struct member *member = graph_member(search->graph, node);
	const struct function *function = graph_function(search->graph, node);
	size_t first;

	if (search->node == node)
		return search->body;
	first = entry_from(member, function->span.start);
	body_free(search->body);
	search->node = node;
	search->body = body_new(&member->binary, &member->code, &function->span,
				member->entry + first,
				entry_from(member, function->span.end) - first);
	limits_take(search->graph, function);
	if (search->graph->limits->tick)
		search->graph->limits->tick(search->graph->limits->data);
	return search->body;
}

static bool same_origin(const struct origin *a, const struct origin *b)
{
	return a->entry == b->entry && a->place.kind == b->place.kind &&
	       a->place.number == b->place.number && a->place.behind == b->place.behind &&
	       a->place.offset == b->place.offset && a->place.add == b->place.add;
}

static void add_wrapper(struct search *search, uint32_t node, const struct origin *origin)
{
	for (size_t i = 0; i < search->nr_wrappers; i++)
		if (search->wrapper[i].node == node &&
		    same_origin(&search->wrapper[i].origin, origin))
			return;
	if (search->nr_wrappers == MOST_WRAPPERS) {
		add_use(search, node, NUMBER_UNKNOWN);
		return;
	}
	search->wrapper = mem_grow(search->wrapper, search->nr_wrappers + 1,
				   sizeof(*search->wrapper));
	search->wrapper[search->nr_wrappers++] = (struct wrapper){ node, *origin };
}

static void take_values(struct search *search, uint32_t node, const struct values *values)
{
	for (unsigned int i = 0; i < values->nr_numbers; i++)
		if (values->number[i] >= 0 && values->number[i] < SCMOD_NR_BITS)
			add_use(search, node, values->number[i]);
	for (unsigned int i = 0; i < values->nr_origins; i++)
		add_wrapper(search, node, &values->origin[i]);
	if (values->unknown)
		add_use(search, node, NUMBER_UNKNOWN);
}

static void trace(struct search *search, uint32_t node, uint64_t at, struct place place)
{
	const struct body *body = body_of(search, node);
	struct values values = { .unknown = true };

	if (body)
		flow_trace(body, at, place, &values);
	take_values(search, node, &values);
}

/* ---- the instructions themselves */

static void read_function(struct search *search, const struct member *member, size_t number)
{
	const struct function *function = &member->code.function[number];
	const struct place rax = { .kind = PLACE_REGISTER, .number = RAX };
	uint32_t node = member->base + 1 + number;

	for (size_t i = 0; i < function->count; i++) {
		const struct event *event = &member->code.event[function->first + i];

		if (event->kind == EVENT_SYSCALL)
			trace(search, node, event->at, rax);
		else if (event->kind == EVENT_FOREIGN)
			add_use(search, node, NUMBER_FOREIGN);
	}
}

/* ---- functions that are told the number */

static void sort_by_target(struct search *search)
{
	const struct graph *graph = search->graph;

	search->edge = mem_alloc((graph->nr_edges + 1) * sizeof(*search->edge));
	search->first = mem_alloc(((size_t)graph->nr_nodes + 2) * sizeof(*search->first));
	for (size_t i = 0; i < graph->nr_edges; i++)
		search->first[graph->edge[i].to + 2]++;
	for (uint32_t i = 2; i <= graph->nr_nodes + 1; i++)
		search->first[i] += search->first[i - 1];
	for (size_t i = 0; i < graph->nr_edges; i++)
		search->edge[search->first[graph->edge[i].to + 1]++] = i;
}

/* Where the caller has what its callee finds at @place: a call leaves 8 bytes on the stack. */
static struct place at_caller(const struct search *search, const struct edge *edge,
			      struct place place)
{
	const struct member *member = graph_member(search->graph, edge->from);
	const struct function *function = graph_function(search->graph, edge->from);

	if (place.kind != PLACE_STACK)
		return place;
	for (size_t i = 0; i < function->count; i++) {
		const struct event *event = &member->code.event[function->first + i];

		if (event->at == edge->at &&
		    (event->kind == EVENT_CALL || event->kind == EVENT_CALL_SLOT))
			place.number -= 8;
	}
	return place;
}

/* Whether the number at an indirect call is known; if so, the code there uses it. */
static bool try_indirect(struct search *search, uint32_t node, const struct event *event,
			 struct place place)
{
	const struct body *body = body_of(search, node);
	struct values values = { .unknown = true };

	if (place.kind == PLACE_STACK && event->target)
		place.number -= 8;
	if (body)
		flow_trace(body, event->at, place, &values);
	if (values.unknown || values.nr_origins || !values.nr_numbers)
		return false;
	take_values(search, node, &values);
	return true;
}

/*
 * The address of the function is taken, so it is called through a pointer. Its callers are not
 * known, but they are told apart by what they give it: an indirect call in the same image with a
 * constant in the place of the number may be one of them; one with something else there is taken
 * for a call of another function. If there is no such call, the numbers are not known.
 */
static void follow_pointer(struct search *search, uint32_t taker, struct place place)
{
	const struct member *member = graph_member(search->graph, taker);
	bool any = false;

	for (size_t i = 0; i < member->code.nr_functions && !search->graph->over; i++) {
		const struct function *function = &member->code.function[i];

		for (size_t j = 0; j < function->count; j++) {
			const struct event *event = &member->code.event[function->first + j];

			if (event->kind == EVENT_INDIRECT)
				any |= try_indirect(search, member->base + 1 + i, event, place);
		}
	}
	if (!any)
		add_use(search, taker, NUMBER_UNKNOWN);
}

static void follow_caller(struct search *search, const struct edge *edge,
			  const struct origin *origin)
{
	if (edge->kind == EDGE_TAKE || !graph_function(search->graph, edge->from))
		follow_pointer(search, edge->from, origin->place);
	else if (edge->into == origin->entry)
		trace(search, edge->from, edge->at, at_caller(search, edge, origin->place));
}

static void follow_store(struct search *search, uint32_t node, const struct event *event,
			 const struct place *place)
{
	const struct body *body = body_of(search, node);
	struct values values = { .unknown = true };

	if (body)
		flow_trace_stored(body, event->at, *place, &values);
	take_values(search, node, &values);
}

/*
 * The number is behind a pointer in a variable: all code that sets it is looked at. Code that takes
 * the variable's address may set it in another way.
 */
static void follow_variable(struct search *search, const struct wrapper *wrapper)
{
	const struct member *member = graph_member(search->graph, wrapper->node);
	const struct place *place = &wrapper->origin.place;

	if (!place->behind) {
		add_use(search, wrapper->node, NUMBER_UNKNOWN);
		return;
	}
	for (size_t i = 0; i < member->code.nr_functions; i++) {
		const struct function *function = &member->code.function[i];

		for (size_t j = 0; j < function->count; j++) {
			const struct event *event = &member->code.event[function->first + j];

			if (event->target != (uint64_t)place->number)
				continue;
			if (event->kind == EVENT_STORE)
				follow_store(search, member->base + 1 + i, event, place);
			else if (event->kind == EVENT_TAKE)
				add_use(search, member->base + 1 + i, NUMBER_UNKNOWN);
		}
	}
}

static void follow_wrappers(struct search *search)
{
	sort_by_target(search);
	for (size_t i = 0; i < search->nr_wrappers && !search->graph->over; i++) {
		struct wrapper wrapper = search->wrapper[i];

		if (wrapper.origin.place.kind == PLACE_GLOBAL) {
			follow_variable(search, &wrapper);
			continue;
		}
		for (uint32_t j = search->first[wrapper.node];
		     j < search->first[wrapper.node + 1]; j++)
			follow_caller(search, &search->graph->edge[search->edge[j]],
				      &wrapper.origin);
	}
	free(search->edge);
	free(search->first);
}

/* ---- the whole */

static void sort_uses(const struct graph *graph, struct numbers *numbers)
{
	struct use *sorted = mem_alloc((numbers->count + 1) * sizeof(*sorted));
	uint32_t *first = mem_alloc(((size_t)graph->nr_nodes + 2) * sizeof(*first));

	for (size_t i = 0; i < numbers->count; i++)
		first[numbers->use[i].node + 2]++;
	for (uint32_t i = 2; i <= graph->nr_nodes + 1; i++)
		first[i] += first[i - 1];
	for (size_t i = 0; i < numbers->count; i++)
		sorted[first[numbers->use[i].node + 1]++] = numbers->use[i];
	free(numbers->use);
	numbers->use = sorted;
	numbers->first = first;
}

bool numbers_find(struct graph *graph, struct numbers *numbers)
{
	struct search search = { .graph = graph, .numbers = numbers, .node = NO_NODE };

	*numbers = (struct numbers){ 0 };
	for (size_t i = 0; i < graph->nr_members; i++)
		for (size_t j = 0; j < graph->member[i].code.nr_functions && !graph->over; j++)
			read_function(&search, &graph->member[i], j);
	if (search.nr_wrappers)
		follow_wrappers(&search);
	sort_uses(graph, numbers);
	body_free(search.body);
	free(search.wrapper);
	return !graph->over;
}

void numbers_release(struct numbers *numbers)
{
	free(numbers->use);
	free(numbers->first);
	*numbers = (struct numbers){ 0 };
}
