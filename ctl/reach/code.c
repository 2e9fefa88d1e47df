// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the functions of a binary, and what they refer to.
 *
 * Where functions begin and end is told by the tables for stack unwinding. Code that these do not
 * cover is split where something calls it, jumps to it from outside, takes its address, or points
 * to it. Data between such code may be taken for code; that only makes more reachable.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/code.h"
#include "reach/decode.h"

/* How many instructions are decoded from one tick to the next. */
#define TICK 65536

struct sweep {
	const struct binary *binary;
	const struct frames *frames;
	struct limits *limits;
	struct code *code;
	/* Where functions begin outside of those that the frames tell; not sorted. */
	uint64_t *start;
	size_t nr_starts;
	bool over;
};

const struct function *code_function(const struct code *code, uint64_t address)
{
	size_t low = 0, high = code->nr_functions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (code->function[middle].span.start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low && address < code->function[low - 1].span.end ? &code->function[low - 1] : NULL;
}

/* ---- what one instruction does */

static void add_event(struct sweep *sweep, enum event_kind kind, uint64_t at, uint64_t target)
{
	struct code *code = sweep->code;
	size_t count = code->nr_events;

	if (!sweep->limits->entries) {
		sweep->over = true;
		return;
	}
	sweep->limits->entries--;
	if (!(count & (count - 1)))
		code->event = mem_grow(code->event, count ? 2 * count : 1, sizeof(*code->event));
	code->event[code->nr_events++] = (struct event){ at, target, kind };
}

static bool is_import(const struct sweep *sweep, uint64_t place)
{
	const struct pointer *pointer = binary_pointer(sweep->binary, place);

	return pointer && pointer->name;
}

static void take_address(struct sweep *sweep, uint64_t at, uint64_t target)
{
	if (binary_code(sweep->binary, target) || binary_at(sweep->binary, target, 1))
		add_event(sweep, EVENT_TAKE, at, target);
}

/* Where all addresses are fixed, they are numbers in instructions. */
static void take_numbers(struct sweep *sweep, const ZydisDecodedInstruction *what, uint64_t at)
{
	if (sweep->binary->movable)
		return;
	if (what->raw.imm[0].size >= 32 && !what->raw.imm[0].is_relative)
		take_address(sweep, at, what->raw.imm[0].value.u);
	if (what->raw.disp.size == 32 && what->raw.modrm.rm != 5)
		take_address(sweep, at, (uint32_t)what->raw.disp.value);
}

static void note_branch(struct sweep *sweep, struct function *function, bool call,
			uint64_t at, uint64_t target)
{
	bool out = target < function->span.start || target >= function->span.end;

	function->returns |= !call && out;
	if (call)
		add_event(sweep, EVENT_CALL, at, target);
	else if (out || !function->framed)
		add_event(sweep, EVENT_JUMP, at, target);
}

/* Whether there are pointers at the address or behind it in its segment. */
static bool may_hold_pointers(const struct binary *binary, uint64_t address)
{
	if (!binary->movable)
		return binary_at(binary, address, 1);
	return binary->nr_pointers && address >= binary->data &&
	       address <= binary->pointer[binary->nr_pointers - 1].at;
}

static void note_place(struct sweep *sweep, const ZydisDecodedInstruction *what, uint64_t at,
		       uint64_t place)
{
	if (what->mnemonic == ZYDIS_MNEMONIC_LEA)
		take_address(sweep, at, place);
	else if (is_import(sweep, place))
		add_event(sweep, EVENT_LOAD, at, place);
	else if (what->mnemonic == ZYDIS_MNEMONIC_MOV && what->opcode == 0x89)
		add_event(sweep, EVENT_STORE, at, place);
	else if (may_hold_pointers(sweep->binary, place))
		add_event(sweep, EVENT_REFER, at, place);
}

static bool is_foreign(const ZydisDecodedInstruction *what)
{
	return what->mnemonic == ZYDIS_MNEMONIC_SYSENTER ||
	       (what->mnemonic == ZYDIS_MNEMONIC_INT && what->raw.imm[0].value.u == 0x80);
}

static void note(struct sweep *sweep, struct function *function,
		 const ZydisDecodedInstruction *what, uint64_t at)
{
	bool call = what->mnemonic == ZYDIS_MNEMONIC_CALL;
	bool branch = call || what->mnemonic == ZYDIS_MNEMONIC_JMP;
	uint64_t target;

	if (decode_target(what, at, &target)) {
		note_branch(sweep, function, call, at, target);
	} else if (what->mnemonic == ZYDIS_MNEMONIC_SYSCALL) {
		add_event(sweep, EVENT_SYSCALL, at, 0);
	} else if (is_foreign(what)) {
		add_event(sweep, EVENT_FOREIGN, at, 0);
	} else if (branch && decode_place(what, at, &target) && is_import(sweep, target)) {
		function->returns |= !call;
		add_event(sweep, call ? EVENT_CALL_SLOT : EVENT_JUMP_SLOT, at, target);
	} else if (branch) {
		function->jumps |= !call;
		add_event(sweep, EVENT_INDIRECT, at, call);
		function->returns |= !call;
		if (decode_place(what, at, &target))
			add_event(sweep, EVENT_REFER, at, target);
		take_numbers(sweep, what, at);
	} else {
		if (decode_place(what, at, &target))
			note_place(sweep, what, at, target);
		take_numbers(sweep, what, at);
	}
}

/* ---- one function */

static bool may_go_on(struct sweep *sweep)
{
	struct limits *limits = sweep->limits;

	if (!limits->instructions || sweep->over) {
		sweep->over = true;
		return false;
	}
	if (!(--limits->instructions % TICK) && limits->tick)
		limits->tick(limits->data);
	return true;
}

static void sweep_function(struct sweep *sweep, struct function *function)
{
	uint64_t start = function->span.start, size = function->span.end - start, at = 0;
	const unsigned char *bytes = binary_at(sweep->binary, start, size);
	ZydisDecodedInstruction what;

	function->first = sweep->code->nr_events;
	while (bytes && at < size && may_go_on(sweep)) {
		if (!decode(bytes + at, size - at, &what)) {
			function->bad++;
			at++;
			continue;
		}
		note(sweep, function, &what, start + at);
		function->returns |= what.mnemonic == ZYDIS_MNEMONIC_RET;
		/*
		 * Behind the end of a function, there is padding. Where compilers tell the end, a
		 * call is only last if it does not return.
		 */
		if (what.mnemonic != ZYDIS_MNEMONIC_NOP)
			function->falls = decode_falls(&what) &&
				!(function->framed && what.mnemonic == ZYDIS_MNEMONIC_CALL);
		at += what.length;
	}
	function->count = sweep->code->nr_events - function->first;
}

static struct function *add_function(struct sweep *sweep, struct span span, bool framed)
{
	struct code *code = sweep->code;
	size_t count = code->nr_functions;

	if (!(count & (count - 1)))
		code->function = mem_grow(code->function, count ? 2 * count : 1,
					  sizeof(*code->function));
	code->function[code->nr_functions++] = (struct function){
		.span = span, .framed = framed,
	};
	return &code->function[count];
}

/* ---- code that no frame covers */

static void add_start(struct sweep *sweep, uint64_t start)
{
	size_t count = sweep->nr_starts;

	if (!binary_code(sweep->binary, start))
		return;
	if (!(count & (count - 1)))
		sweep->start = mem_grow(sweep->start, count ? 2 * count : 1,
					sizeof(*sweep->start));
	sweep->start[sweep->nr_starts++] = start;
}

/* The words of data that may be pointers, where the loader sets none because none moves. */
static void start_at_words(struct sweep *sweep)
{
	const struct binary *binary = sweep->binary;

	for (size_t i = 0; !binary->movable && i < binary->nr_segments; i++) {
		const struct segment *segment = &binary->segment[i];

		for (uint64_t at = -segment->address & 7; at + 8 <= segment->size; at += 8) {
			uint64_t word;

			memcpy(&word, segment->bytes + at, sizeof(word));
			if (!binary_code(binary, segment->address + at))
				add_start(sweep, word);
		}
	}
}

static void start_at_known(struct sweep *sweep)
{
	const struct binary *binary = sweep->binary;

	add_start(sweep, binary->entry);
	add_start(sweep, binary->init[0]);
	add_start(sweep, binary->init[1]);
	for (size_t i = 0; i < binary->nr_symbols; i++)
		if (binary->symbol[i].defined)
			add_start(sweep, binary->symbol[i].value);
	for (size_t i = 0; i < binary->nr_pointers; i++)
		if (!binary->pointer[i].name)
			add_start(sweep, binary->pointer[i].value);
	start_at_words(sweep);
}

/* Whether the event's target begins a function; @gap: the code without frames that it is in. */
static bool begins(const struct event *event, const struct span *gap)
{
	bool inside = gap && event->target >= gap->start && event->target < gap->end;

	return event->kind == EVENT_CALL || event->kind == EVENT_TAKE ||
	       (event->kind == EVENT_JUMP && !inside);
}

static void start_at_events(struct sweep *sweep, size_t first, const struct span *gap)
{
	for (size_t i = first; i < sweep->code->nr_events; i++)
		if (begins(&sweep->code->event[i], gap))
			add_start(sweep, sweep->code->event[i].target);
}

/* Notes where functions begin because of what the code in the gap refers to. */
static void scout_gap(struct sweep *sweep, struct span gap)
{
	struct function whole = { .span = gap };
	size_t count = sweep->code->nr_events;

	sweep_function(sweep, &whole);
	start_at_events(sweep, count, &gap);
	sweep->limits->entries += sweep->code->nr_events - count;
	sweep->code->nr_events = count;
}

typedef void (*gap_use)(struct sweep *sweep, struct span gap);

/* Calls @use for each part of the code that no frame covers. */
static void each_gap(struct sweep *sweep, gap_use use)
{
	const struct frames *frames = sweep->frames;
	size_t at = 0;

	for (size_t i = 0; i < sweep->binary->nr_codes; i++) {
		struct span gap = sweep->binary->code[i];
		uint64_t end = gap.end;

		for (; at < frames->count && frames->span[at].start < end; at++) {
			gap.end = frames->span[at].start;
			if (gap.start < gap.end)
				use(sweep, gap);
			gap.start = frames->span[at].end;
		}
		gap.end = end;
		if (gap.start < gap.end)
			use(sweep, gap);
	}
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The number of the first start behind @address. */
static size_t start_behind(const struct sweep *sweep, uint64_t address)
{
	size_t low = 0, high = sweep->nr_starts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sweep->start[middle] <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void split_gap(struct sweep *sweep, struct span gap)
{
	size_t next = start_behind(sweep, gap.start);
	struct span part = gap;

	while (part.start < gap.end) {
		while (next < sweep->nr_starts && sweep->start[next] <= part.start)
			next++;
		part.end = next < sweep->nr_starts && sweep->start[next] < gap.end ?
			   sweep->start[next] : gap.end;
		sweep_function(sweep, add_function(sweep, part, false));
		part.start = part.end;
	}
}

/* ---- the whole */

static int by_span(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return x->span.start < y->span.start ? -1 : x->span.start > y->span.start;
}

bool code_read(const struct binary *binary, const struct frames *frames, struct limits *limits,
	       struct code *code)
{
	struct sweep sweep = {
		.binary = binary, .frames = frames, .limits = limits, .code = code,
	};

	*code = (struct code){ 0 };
	for (size_t i = 0; i < frames->count; i++)
		sweep_function(&sweep, add_function(&sweep, frames->span[i], true));
	start_at_known(&sweep);
	start_at_events(&sweep, 0, NULL);
	each_gap(&sweep, scout_gap);
	qsort(sweep.start, sweep.nr_starts, sizeof(*sweep.start), by_number);
	each_gap(&sweep, split_gap);
	free(sweep.start);
	qsort(code->function, code->nr_functions, sizeof(*code->function), by_span);
	return !sweep.over;
}

void code_release(struct code *code)
{
	free(code->function);
	free(code->event);
	*code = (struct code){ 0 };
}
