// SPDX-License-Identifier: GPL-2.0
/*
 * Which code leads to which, over all images of the programs of a cgroup.
 *
 * A function counts if code that is reached calls it or takes its address, or if data to which such
 * code refers points to it. Calls between images go by name.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/decode.h"
#include "reach/exports.h"
#include "reach/graph.h"

/* A place from which edges are drawn. */
struct origin_node {
	struct graph *graph;
	const struct exports *exports;
	const struct member *member;
	uint32_t node;
	uint64_t at;
	enum edge_kind kind;
};

/* The size of a stub of a procedure linkage table (PLT), in bytes. */
#define STUB 16

struct member *graph_member(const struct graph *graph, uint32_t node)
{
	size_t low = 0, high = graph->nr_members;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (graph->member[middle].base <= node)
			low = middle;
		else
			high = middle;
	}
	return &graph->member[low];
}

const struct function *graph_function(const struct graph *graph, uint32_t node)
{
	const struct member *member = graph_member(graph, node);
	uint32_t number = node - member->base;

	return number && number <= member->code.nr_functions ?
	       &member->code.function[number - 1] : NULL;
}

uint32_t graph_node(const struct member *member, uint64_t address)
{
	const struct function *function = code_function(&member->code, address);
	int64_t object;

	if (function)
		return member->base + 1 + (uint32_t)(function - member->code.function);
	object = binary_code(&member->binary, address) ? -1 :
		 objects_at(&member->objects, address);
	return object < 0 ? NO_NODE :
	       member->base + 1 + (uint32_t)member->code.nr_functions + (uint32_t)object;
}

static const struct symbol *find_symbol(const struct member *member, const char *name,
					bool defined)
{
	for (size_t i = 0; i < member->binary.nr_symbols; i++) {
		const struct symbol *symbol = &member->binary.symbol[i];

		if (symbol->dynamic && symbol->defined == defined && !strcmp(symbol->name, name))
			return symbol;
	}
	return NULL;
}

bool member_imports(const struct member *member, const char *name)
{
	return find_symbol(member, name, false);
}

bool member_exports(const struct member *member, const char *name)
{
	return find_symbol(member, name, true);
}

bool member_needs(const struct member *member, const char *prefix)
{
	for (size_t i = 0; i < member->binary.nr_needed; i++)
		if (!strncmp(member->binary.needed[i], prefix, strlen(prefix)))
			return true;
	return false;
}

bool member_is_named(const struct member *member, const char *name)
{
	const char *slash;

	if (!name)
		return false;
	slash = strrchr(name, '/');
	name = slash ? slash + 1 : name;
	slash = strrchr(member->path, '/');
	return !strcmp(slash ? slash + 1 : member->path, name) ||
	       (member->binary.soname && !strcmp(member->binary.soname, name));
}

/* ---- drawing edges */

static void draw(const struct origin_node *from, uint32_t to, uint64_t into)
{
	struct graph *graph = from->graph;
	size_t count = graph->nr_edges;

	if (to == NO_NODE || (to == from->node && from->kind != EDGE_CALL))
		return;
	if (!graph->limits->entries) {
		graph->over = true;
		return;
	}
	graph->limits->entries--;
	if (!(count & (count - 1)))
		graph->edge = mem_grow(graph->edge, count ? 2 * count : 1, sizeof(*graph->edge));
	graph->edge[graph->nr_edges++] = (struct edge){
		.from = from->node, .to = to, .at = from->at, .into = into, .kind = from->kind,
	};
}

static void draw_to_definition(const struct member *member, const struct symbol *symbol,
			       void *data)
{
	draw(data, graph_node(member, symbol->value), symbol->value);
}

static void draw_to_name(struct origin_node *from, const char *name)
{
	exports_find(from->exports, name, draw_to_definition, from);
}

/*
 * The pointer through which a stub of the PLT jumps, if one is at @address; otherwise NULL. With
 * control-flow enforcement, a stub begins with endbr64.
 */
static const struct pointer *stub_pointer(const struct binary *binary, uint64_t address)
{
	const unsigned char *bytes = binary_at(binary, address, STUB);
	ZydisDecodedInstruction what;
	uint64_t at = 0, place;

	for (int i = 0; bytes && i < 2; i++) {
		const struct pointer *pointer;

		if (!decode(bytes + at, STUB - at, &what))
			return NULL;
		if (what.mnemonic == ZYDIS_MNEMONIC_JMP) {
			if (!decode_place(&what, address + at, &place))
				return NULL;
			pointer = binary_pointer(binary, place);
			return pointer && pointer->name ? pointer : NULL;
		}
		if (what.mnemonic != ZYDIS_MNEMONIC_ENDBR64)
			return NULL;
		at += what.length;
	}
	return NULL;
}

static void draw_to_code(struct origin_node *from, uint64_t address)
{
	const struct pointer *pointer = stub_pointer(&from->member->binary, address);

	if (pointer)
		draw_to_name(from, pointer->name);
	else
		draw(from, graph_node(from->member, address), address);
}

/* Whether a text may be the name of a function. */
static bool is_name(const char *text)
{
	size_t len = 0;

	while (text[len] == '_' || isalnum((unsigned char)text[len]))
		len++;
	return len && !text[len];
}

/*
 * An address of code or data. A text that is the name of a function counts as its use, if the
 * image can look up functions by name.
 */
static void draw_to_address(struct origin_node *from, uint64_t address, bool looks_up)
{
	const char *text;

	if (binary_code(&from->member->binary, address)) {
		draw_to_code(from, address);
		return;
	}
	draw(from, graph_node(from->member, address), address);
	text = looks_up ? binary_text(&from->member->binary, address) : NULL;
	if (text && is_name(text))
		draw_to_name(from, text);
}

static void draw_event(struct origin_node *from, const struct event *event, bool looks_up)
{
	const struct pointer *pointer;

	from->at = event->at;
	from->kind = EDGE_CALL;
	switch (event->kind) {
	case EVENT_CALL:
	case EVENT_JUMP:
		draw_to_code(from, event->target);
		break;
	case EVENT_LOAD:
		from->kind = EDGE_TAKE;
		/* fall through */
	case EVENT_CALL_SLOT:
	case EVENT_JUMP_SLOT:
		pointer = binary_pointer(&from->member->binary, event->target);
		if (pointer && pointer->name)
			draw_to_name(from, pointer->name);
		break;
	case EVENT_TAKE:
	case EVENT_REFER:
	case EVENT_STORE:
		from->kind = EDGE_TAKE;
		draw_to_address(from, event->target, looks_up);
		break;
	case EVENT_INDIRECT:
	case EVENT_SYSCALL:
	case EVENT_FOREIGN:
		break;
	}
}

/* ---- the edges of one image */

static void draw_function(struct origin_node *from, const struct function *function,
			  bool looks_up)
{
	const struct code *code = &from->member->code;

	for (size_t i = 0; i < function->count; i++)
		draw_event(from, &code->event[function->first + i], looks_up);
	from->at = function->span.end;
	from->kind = EDGE_FALL;
	/* Code that was split by guesses may jump to a part of itself by a table. */
	if (function->falls || (function->jumps && !function->framed))
		draw(from, graph_node(from->member, function->span.end), function->span.end);
}

static void draw_pointers(struct origin_node *from, bool looks_up)
{
	const struct binary *binary = &from->member->binary;

	for (size_t i = 0; i < binary->nr_pointers; i++) {
		const struct pointer *pointer = &binary->pointer[i];

		from->at = pointer->at;
		from->node = graph_node(from->member, pointer->at);
		if (from->node == NO_NODE)
			continue;
		if (pointer->data && pointer->name)
			draw_to_name(from, pointer->name);
		else if (!pointer->name)
			draw_to_address(from, pointer->value, looks_up);
	}
}

struct words {
	struct origin_node *from;
	bool looks_up;
};

/*
 * Where nothing moves, a word of data may be a pointer. If it leads into the middle of a function,
 * it belongs to a table of that function's own jumps.
 */
static void draw_word(uint64_t at, uint64_t word, void *data)
{
	const struct words *words = data;
	struct origin_node *from = words->from;
	const struct binary *binary = &from->member->binary;
	const struct function *function = code_function(&from->member->code, word);

	from->at = at;
	from->node = graph_node(from->member, at);
	if (from->node != NO_NODE &&
	    (!function || !function->framed || function->span.start == word ||
	     stub_pointer(binary, word)))
		draw_to_address(from, word, words->looks_up);
}

static void draw_handlers(struct origin_node *from)
{
	const struct member *member = from->member;

	for (unsigned int i = 0; i < member->frames.nr_handlers; i++) {
		uint64_t handler = member->frames.handler[i];
		const struct pointer *pointer = binary_pointer(&member->binary, handler);

		if (pointer && pointer->name)
			draw_to_name(from, pointer->name);
		else
			draw_to_code(from, pointer ? pointer->value : handler);
	}
}

static void draw_exports(struct origin_node *from)
{
	const struct binary *binary = &from->member->binary;

	for (size_t i = 0; i < binary->nr_symbols; i++)
		if (binary->symbol[i].dynamic && binary->symbol[i].defined)
			draw(from, graph_node(from->member, binary->symbol[i].value),
			     binary->symbol[i].value);
}

/* The functions that are called when the image is loaded, and when the process ends. */
static void draw_arrays(struct origin_node *from)
{
	const struct binary *binary = &from->member->binary;

	for (size_t i = 0; i < sizeof(binary->array) / sizeof(binary->array[0]); i++)
		for (uint64_t at = binary->array[i].start; at < binary->array[i].end; at += 8) {
			const struct pointer *pointer = binary_pointer(binary, at);
			const uint64_t *word = binary_at(binary, at, sizeof(*word));

			if (!word)
				break;
			if (pointer && pointer->name)
				draw_to_name(from, pointer->name);
			else
				draw_to_code(from, pointer ? pointer->value : *word);
		}
}

/* What runs when the image is loaded, and what may be found by its name. */
static void draw_load(struct origin_node *from, bool exports)
{
	const struct binary *binary = &from->member->binary;

	from->node = from->member->base;
	from->at = 0;
	from->kind = EDGE_TAKE;
	if (from->member->program || (binary->loader && !binary->soname))
		draw_to_code(from, binary->entry);
	draw_to_code(from, binary->init[0]);
	draw_to_code(from, binary->init[1]);
	draw_arrays(from);
	draw_handlers(from);
	if (exports)
		draw_exports(from);
}

static void draw_data(struct origin_node *from, bool looks_up)
{
	struct words words = { from, looks_up };

	from->kind = EDGE_TAKE;
	draw_pointers(from, looks_up);
	objects_words(&from->member->binary, draw_word, &words);
}

static bool looks_up_names(const struct member *member)
{
	static const char *const names[] = { "dlsym", "dlvsym" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (member_imports(member, names[i]) || member_exports(member, names[i]))
			return true;
	return !member->binary.dynamic;
}

/* Whether any image but the C library itself looks up functions by name. */
static bool any_looks_up(const struct graph *graph)
{
	for (size_t i = 0; i < graph->nr_members; i++)
		if (member_imports(&graph->member[i], "dlsym") ||
		    member_imports(&graph->member[i], "dlvsym"))
			return true;
	return false;
}

static void draw_member(struct graph *graph, const struct exports *exports,
			const struct member *member)
{
	struct origin_node from = { .graph = graph, .exports = exports, .member = member };
	bool looks_up = looks_up_names(member);

	draw_load(&from, member->opened || (member->program && any_looks_up(graph)));
	draw_data(&from, looks_up);
	for (size_t i = 0; i < member->code.nr_functions && !graph->over; i++) {
		from.node = member->base + 1 + i;
		draw_function(&from, &member->code.function[i], looks_up);
	}
	if (graph->limits->tick)
		graph->limits->tick(graph->limits->data);
}

/* ---- sorting */

static void sort_edges(struct graph *graph)
{
	struct edge *sorted = mem_alloc((graph->nr_edges + 1) * sizeof(*sorted));
	uint32_t *first = mem_alloc(((size_t)graph->nr_nodes + 2) * sizeof(*first));

	for (size_t i = 0; i < graph->nr_edges; i++)
		first[graph->edge[i].from + 2]++;
	for (uint32_t i = 2; i <= graph->nr_nodes + 1; i++)
		first[i] += first[i - 1];
	for (size_t i = 0; i < graph->nr_edges; i++)
		sorted[first[graph->edge[i].from + 1]++] = graph->edge[i];
	free(graph->edge);
	graph->edge = sorted;
	graph->first = first;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void add_entry(struct member *member, uint64_t entry)
{
	size_t count = member->nr_entries;

	if (!(count & (count - 1)))
		member->entry = mem_grow(member->entry, count ? 2 * count : 1,
					 sizeof(*member->entry));
	member->entry[member->nr_entries++] = entry;
}

/* Notes where functions are entered in the middle by others. */
static void note_entries(struct graph *graph)
{
	for (size_t i = 0; i < graph->nr_edges; i++) {
		const struct edge *edge = &graph->edge[i];
		const struct function *function = graph_function(graph, edge->to);

		if (edge->from != edge->to && function && edge->into != function->span.start)
			add_entry(graph_member(graph, edge->to), edge->into);
	}
	for (size_t i = 0; i < graph->nr_members; i++)
		if (graph->member[i].nr_entries)
			qsort(graph->member[i].entry, graph->member[i].nr_entries,
			      sizeof(*graph->member[i].entry), by_number);
}

/* ---- the whole */

bool graph_join(struct graph *graph)
{
	struct exports *exports = exports_new(graph);

	graph->nr_nodes = 0;
	for (size_t i = 0; i < graph->nr_members; i++) {
		graph->member[i].base = graph->nr_nodes;
		graph->nr_nodes += 1 + graph->member[i].code.nr_functions +
				   graph->member[i].objects.count;
	}
	for (size_t i = 0; i < graph->nr_members && !graph->over; i++)
		draw_member(graph, exports, &graph->member[i]);
	sort_edges(graph);
	note_entries(graph);
	exports_free(exports);
	return !graph->over;
}

void graph_release(struct graph *graph)
{
	free(graph->edge);
	free(graph->first);
	graph->edge = NULL;
	graph->first = NULL;
}
