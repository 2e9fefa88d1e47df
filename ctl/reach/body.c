// SPDX-License-Identifier: GPL-2.0
/* One function, instruction by instruction: what leads where, and how deep the stack is. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/body.h"

/* Longer functions are not looked at. Interpreters' main loops have 20,000 instructions. */
#define MOST_STEPS	65536

enum { RSP = 4, RBP = 5 };

int body_register(ZydisRegister name)
{
	ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, name);

	if (name == ZYDIS_REGISTER_NONE ||
	    ZydisRegisterGetClass(whole) != ZYDIS_REGCLASS_GPR64)
		return -1;
	return ZydisRegisterGetId(whole);
}

int body_find(const struct body *body, uint64_t at)
{
	size_t low = 0, high = body->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (body->step[middle].at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low < body->count && body->step[low].at == at ? (int)low : -1;
}

bool body_decode(const struct body *body, size_t number, ZydisDecodedInstruction *instruction,
		 ZydisDecodedOperand *operands)
{
	const struct step *step = &body->step[number];
	const void *bytes = binary_at(body->binary, step->at, step->len);

	return bytes && decode_operands(bytes, step->len, instruction, operands);
}

/* ---- what leads where */

/* Whether it jumps to one of several places of the same function: not through one fixed pointer. */
static bool is_computed(const ZydisDecodedInstruction *what, uint64_t at)
{
	uint64_t place;

	return what->mnemonic == ZYDIS_MNEMONIC_JMP && !what->raw.imm[0].is_relative &&
	       !decode_place(what, at, &place);
}

static void add_step(struct body *body, const ZydisDecodedInstruction *what, uint64_t at)
{
	size_t count = body->count++;

	if (!(count & (count - 1)))
		body->step = mem_grow(body->step, 2 * count + 3, sizeof(*body->step));
	body->step[count] = (struct step){
		.at = at, .len = what->length, .falls = decode_falls(what),
		.padding = what->mnemonic == ZYDIS_MNEMONIC_NOP ||
			   what->mnemonic == ZYDIS_MNEMONIC_INT3,
		.computed = is_computed(what, at),
		.target = -1, .stack = NO_DEPTH, .frame = NO_DEPTH,
	};
}

static bool read_steps(struct body *body, const struct span *span)
{
	uint64_t size = span->end - span->start;
	const unsigned char *bytes = binary_at(body->binary, span->start, size);
	ZydisDecodedInstruction what;

	for (uint64_t at = 0; bytes && at < size && body->count < MOST_STEPS;) {
		bool known = decode(bytes + at, size - at, &what);

		if (known)
			add_step(body, &what, span->start + at);
		at += known ? what.length : 1;
	}
	return body->count && body->count < MOST_STEPS;
}

static bool never_returns(const struct code *code, uint64_t address)
{
	const struct function *function = code_function(code, address);

	return function && function->span.start == address && !function->returns &&
	       !function->falls && !function->bad;
}

static void find_target(struct body *body, struct step *step)
{
	const void *bytes = binary_at(body->binary, step->at, step->len);
	ZydisDecodedInstruction what;
	uint64_t target;

	if (!bytes || !decode(bytes, step->len, &what) || !decode_target(&what, step->at, &target))
		return;
	if (what.mnemonic != ZYDIS_MNEMONIC_CALL)
		step->target = body_find(body, target);
	else if (never_returns(body->code, target))
		step->falls = false;
}

/* Sorts the jumps by their targets. */
static void sort_sources(struct body *body)
{
	struct step *step = body->step;
	uint32_t sum = 0;

	for (size_t i = 0; i < body->count; i++)
		if (step[i].target >= 0)
			step[step[i].target].first++;
	for (size_t i = 0; i <= body->count; i++) {
		uint32_t count = i < body->count ? step[i].first : 0;

		step[i].first = sum;
		sum += count;
	}
	body->source = mem_alloc((sum + 1) * sizeof(*body->source));
	for (size_t i = 0; i < body->count; i++)
		if (step[i].target >= 0)
			body->source[step[step[i].target].first++] = i;
	for (size_t i = body->count; i; i--)
		step[i].first = step[i - 1].first;
	step[0].first = 0;
	step[body->count + 1].first = sum;
}

static void note_computed(struct body *body)
{
	for (size_t i = 0; i < body->count; i++)
		body->nr_computed += body->step[i].computed;
	body->computed = mem_alloc((body->nr_computed + 1) * sizeof(*body->computed));
	body->nr_computed = 0;
	for (size_t i = 0; i < body->count; i++)
		if (body->step[i].computed)
			body->computed[body->nr_computed++] = i;
}

/* ---- the stack's depth */

/* What an instruction that changes rsp or rbp in no usual way leaves of what is known. */
static void lose(const ZydisDecodedInstruction *what, const ZydisDecodedOperand *operands,
		 int64_t *stack, int64_t *frame)
{
	for (unsigned int i = 0; i < what->operand_count; i++) {
		int number;

		if (operands[i].type != ZYDIS_OPERAND_TYPE_REGISTER ||
		    !(operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			continue;
		number = body_register(operands[i].reg.value);
		if (number == RSP)
			*stack = NO_DEPTH;
		else if (number == RBP)
			*frame = NO_DEPTH;
	}
}

static int64_t deeper(int64_t depth, int64_t change)
{
	return depth == NO_DEPTH ? NO_DEPTH : depth + change;
}

/* Where a register points that holds an address in the stack; NO_DEPTH for others. */
static int64_t depth_of(const ZydisDecodedOperand *operand, int64_t stack, int64_t frame)
{
	int number = operand->type == ZYDIS_OPERAND_TYPE_REGISTER ?
		     body_register(operand->reg.value) : body_register(operand->mem.base);

	return number == RSP ? stack : number == RBP ? frame : NO_DEPTH;
}

/* Whether it is an instruction by which compilers move rsp; if so, does that. */
static bool moves_stack(const ZydisDecodedInstruction *what, const ZydisDecodedOperand *operands,
			int64_t *stack, int64_t *frame)
{
	bool sum = what->mnemonic == ZYDIS_MNEMONIC_ADD || what->mnemonic == ZYDIS_MNEMONIC_SUB;

	if (what->mnemonic == ZYDIS_MNEMONIC_PUSH) {
		*stack = deeper(*stack, -8);
	} else if (what->mnemonic == ZYDIS_MNEMONIC_CALL) {
		return true;
	} else if (what->mnemonic == ZYDIS_MNEMONIC_LEAVE) {
		*stack = deeper(*frame, 8);
		*frame = NO_DEPTH;
	} else if (sum && operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
		   body_register(operands[0].reg.value) == RSP &&
		   operands[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
		int64_t change = operands[1].imm.value.s;

		*stack = deeper(*stack, what->mnemonic == ZYDIS_MNEMONIC_ADD ? change : -change);
	} else {
		return false;
	}
	return true;
}

/* The same for instructions that set rsp or rbp from each other. */
static bool sets_stack(const ZydisDecodedInstruction *what, const ZydisDecodedOperand *operands,
		       int64_t *stack, int64_t *frame)
{
	bool lea = what->mnemonic == ZYDIS_MNEMONIC_LEA;
	int to = operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER ?
		 body_register(operands[0].reg.value) : -1;
	int64_t depth;

	if (what->mnemonic == ZYDIS_MNEMONIC_POP) {
		*stack = deeper(*stack, 8);
		*frame = to == RBP ? NO_DEPTH : *frame;
		return to != RSP;
	}
	if ((to != RSP && to != RBP) || (!lea && what->mnemonic != ZYDIS_MNEMONIC_MOV) ||
	    (lea && operands[1].mem.index != ZYDIS_REGISTER_NONE) ||
	    (!lea && operands[1].type != ZYDIS_OPERAND_TYPE_REGISTER))
		return false;
	depth = deeper(depth_of(&operands[1], *stack, *frame),
		       lea ? operands[1].mem.disp.value : 0);
	*(to == RSP ? stack : frame) = depth;
	return true;
}

static void depth_after(const struct body *body, size_t number, int64_t *stack, int64_t *frame)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction what;

	*stack = body->step[number].stack;
	*frame = body->step[number].frame;
	if (!body_decode(body, number, &what, operands))
		*stack = NO_DEPTH;
	else if (!moves_stack(&what, operands, stack, frame) &&
		 !sets_stack(&what, operands, stack, frame))
		lose(&what, operands, stack, frame);
}

/* Instructions whose depth was found, and those behind them were not yet looked at. */
struct todo {
	uint32_t *number;
	size_t count;
};

static void set_depth(struct body *body, struct todo *todo, int number, int64_t stack,
		      int64_t frame)
{
	struct step *step = &body->step[number];

	if (step->stack != NO_DEPTH || stack == NO_DEPTH)
		return;
	step->stack = stack;
	step->frame = frame;
	todo->number[todo->count++] = number;
}

static void spread_depth(struct body *body, struct todo *todo)
{
	while (todo->count) {
		uint32_t number = todo->number[--todo->count];
		int64_t stack, frame;

		depth_after(body, number, &stack, &frame);
		if (body->step[number].target >= 0)
			set_depth(body, todo, body->step[number].target, stack, frame);
		if (body->step[number].falls && number + 1 < body->count)
			set_depth(body, todo, number + 1, stack, frame);
	}
}

/* Places to which only computed jumps lead are as deep as these jumps. */
static void measure(struct body *body)
{
	struct todo todo = { mem_alloc((body->count + 1) * sizeof(*todo.number)), 0 };

	set_depth(body, &todo, 0, 0, NO_DEPTH);
	spread_depth(body, &todo);
	for (size_t i = 0; body->nr_computed && i < body->count; i++) {
		const struct step *jump = &body->step[body->computed[0]];

		if (!body->step[i].padding)
			set_depth(body, &todo, i, jump->stack, jump->frame);
		spread_depth(body, &todo);
	}
	free(todo.number);
}

/* ---- the whole */

static void note_entries(struct body *body, const uint64_t *entry, size_t count)
{
	body->step[0].entered = true;
	for (size_t i = 0; i < count; i++) {
		int number = body_find(body, entry[i]);

		if (number >= 0)
			body->step[number].entered = true;
	}
}

struct body *body_new(const struct binary *binary, const struct code *code,
		      const struct span *span, const uint64_t *entry, size_t nr_entries)
{
	struct body *body = mem_alloc(sizeof(*body));

	body->binary = binary;
	body->code = code;
	body->end = span->end;
	if (!read_steps(body, span)) {
		body_free(body);
		return NULL;
	}
	body->step[body->count] = (struct step){ .target = -1, .stack = NO_DEPTH };
	body->step[body->count + 1] = body->step[body->count];
	for (size_t i = 0; i < body->count; i++)
		find_target(body, &body->step[i]);
	sort_sources(body);
	note_computed(body);
	note_entries(body, entry, nr_entries);
	measure(body);
	return body;
}

void body_free(struct body *body)
{
	if (!body)
		return;
	free(body->step);
	free(body->source);
	free(body->computed);
	free(body);
}
