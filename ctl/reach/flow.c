// SPDX-License-Identifier: GPL-2.0
/*
 * Which numbers a register can hold at an instruction. Found backwards through one function: each
 * way that leads to the instruction is followed to where the register was set. Where that is not
 * understood, the number is unknown.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/body.h"
#include "reach/flow.h"

/* How many pairs of instruction and place are looked at for one number. */
#define MOST_LOOKS 2048
/* How many sums with the contents of one place; a counter in a loop has many. */
#define MOST_VARIANTS 8

enum { RAX = 0, RCX = 1, RDX = 2, RBX = 3, RSP = 4, RBP = 5, RSI = 6, RDI = 7, R11 = 11 };

/* What an instruction does to a place. */
enum effect_kind {
	EFFECT_KEEP,
	EFFECT_NUMBER,
	EFFECT_EITHER,
	EFFECT_COPY,
	EFFECT_MAY_COPY,
	EFFECT_STACK_ADDRESS,
	EFFECT_LOAD,
	EFFECT_UNKNOWN,
};

/**
 * struct effect - what an instruction does to a place
 * @kind: leaves it as it is; sets it to @number; sets it to 0 or to @number; copies @from; copies
 *	it, or not; sets it to the address of the stack @number; loads it from @from, which is a
 *	variable, or behind a register; or something else
 */
struct effect {
	enum effect_kind kind;
	int64_t number;
	struct place from;
};

/* An instruction, right before which the place is. */
struct look {
	uint32_t step;
	struct place place;
};

struct search {
	const struct body *body;
	uint32_t start;
	struct values *values;
	struct look *look;
	size_t count;
	size_t next;
};

/* An instruction with its operands. */
struct decoded {
	const struct step *step;
	ZydisDecodedInstruction what;
	ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
};

static const struct effect keep = { .kind = EFFECT_KEEP };
static const struct effect unknown = { .kind = EFFECT_UNKNOWN };

static struct effect number_effect(int64_t number)
{
	return (struct effect){ .kind = EFFECT_NUMBER, .number = number };
}

static struct effect copy_effect(enum place_kind kind, int64_t number, int64_t add)
{
	return (struct effect){
		.kind = EFFECT_COPY, .from = { .kind = kind, .number = number, .add = add },
	};
}

/* ---- operands */

static bool is_register(const ZydisDecodedOperand *operand, int number)
{
	return operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       body_register(operand->reg.value) == number;
}

/* A register of at least 32 bits, which holds all of a number; or -1. */
static int wide_register(const ZydisDecodedOperand *operand)
{
	if (operand->type != ZYDIS_OPERAND_TYPE_REGISTER || operand->size < 32)
		return -1;
	return body_register(operand->reg.value);
}

static bool is_fixed(const ZydisDecodedOperand *operand)
{
	return operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
	       operand->mem.index == ZYDIS_REGISTER_NONE &&
	       operand->mem.segment != ZYDIS_REGISTER_FS &&
	       operand->mem.segment != ZYDIS_REGISTER_GS;
}

/* Whether the operand lies in the stack, and where. */
static bool in_stack(const struct decoded *decoded, const ZydisDecodedOperand *operand,
		     int64_t *slot)
{
	int base = body_register(operand->mem.base);
	int64_t depth = base == RSP ? decoded->step->stack :
			base == RBP ? decoded->step->frame : NO_DEPTH;

	*slot = depth + operand->mem.disp.value;
	return is_fixed(operand) && depth != NO_DEPTH;
}

/* ---- what sets a register */

/* The number that an operand which is read gives. */
static struct effect source(const struct decoded *decoded, const ZydisDecodedOperand *operand)
{
	int64_t slot;

	if (operand->type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
		return number_effect(operand->imm.value.s);
	if (wide_register(operand) >= 0)
		return copy_effect(PLACE_REGISTER, wide_register(operand), 0);
	if (!is_fixed(operand) || operand->size < 32)
		return unknown;
	if (in_stack(decoded, operand, &slot))
		return copy_effect(PLACE_STACK, slot, 0);
	if (operand->mem.base == ZYDIS_REGISTER_RIP)
		return (struct effect){
			.kind = EFFECT_LOAD, .from = {
				.kind = PLACE_GLOBAL,
				.number = decoded->step->at + decoded->step->len +
					  operand->mem.disp.value,
			},
		};
	if (body_register(operand->mem.base) < 0)
		return unknown;
	return (struct effect){
		.kind = EFFECT_LOAD, .from = {
			.kind = PLACE_REGISTER, .number = body_register(operand->mem.base),
			.behind = true, .offset = operand->mem.disp.value,
		},
	};
}

static struct effect of_lea(const struct decoded *decoded)
{
	const ZydisDecodedOperand *operand = &decoded->operand[1];
	int base = body_register(operand->mem.base);
	int64_t slot;

	if (in_stack(decoded, operand, &slot))
		return (struct effect){ .kind = EFFECT_STACK_ADDRESS, .number = slot };
	if (base < 0 || operand->mem.index != ZYDIS_REGISTER_NONE)
		return unknown;
	return copy_effect(PLACE_REGISTER, base, operand->mem.disp.value);
}

/* Of add, sub, xor and or with the register as its first operand. */
static struct effect of_arithmetic(const struct decoded *decoded, int number)
{
	const ZydisDecodedOperand *second = &decoded->operand[1];
	ZydisMnemonic mnemonic = decoded->what.mnemonic;
	bool difference = mnemonic == ZYDIS_MNEMONIC_XOR || mnemonic == ZYDIS_MNEMONIC_SUB;

	if (difference && wide_register(second) == number)
		return number_effect(0);
	if (second->type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
		return unknown;
	if (mnemonic == ZYDIS_MNEMONIC_ADD)
		return copy_effect(PLACE_REGISTER, number, second->imm.value.s);
	if (mnemonic == ZYDIS_MNEMONIC_SUB)
		return copy_effect(PLACE_REGISTER, number, -second->imm.value.s);
	return unknown;
}

static struct effect of_exchange(const struct decoded *decoded, int number)
{
	const ZydisDecodedOperand *operand = decoded->operand;
	unsigned int other = is_register(&operand[0], number) ? 1 : 0;

	return wide_register(&operand[other]) >= 0 ? source(decoded, &operand[other]) : unknown;
}

/* What an instruction whose first operand is the register, all of it, sets it to. */
static struct effect set_register(const struct decoded *decoded, int number)
{
	struct effect effect;

	switch (decoded->what.mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
	case ZYDIS_MNEMONIC_MOVSXD:
		return source(decoded, &decoded->operand[1]);
	case ZYDIS_MNEMONIC_LEA:
		return of_lea(decoded);
	case ZYDIS_MNEMONIC_POP:
		return decoded->step->stack == NO_DEPTH ? unknown :
		       copy_effect(PLACE_STACK, decoded->step->stack, 0);
	case ZYDIS_MNEMONIC_ADD:
	case ZYDIS_MNEMONIC_SUB:
	case ZYDIS_MNEMONIC_XOR:
		return of_arithmetic(decoded, number);
	case ZYDIS_MNEMONIC_INC:
		return copy_effect(PLACE_REGISTER, number, 1);
	case ZYDIS_MNEMONIC_DEC:
		return copy_effect(PLACE_REGISTER, number, -1);
	default:
		break;
	}
	if (decoded->what.meta.category != ZYDIS_CATEGORY_CMOV)
		return unknown;
	effect = source(decoded, &decoded->operand[1]);
	if (effect.kind == EFFECT_COPY)
		effect.kind = EFFECT_MAY_COPY;
	return effect.kind == EFFECT_MAY_COPY ? effect : unknown;
}

/* The registers that a called function may change, as the ABI for x86-64 says. */
static bool survives_call(int number)
{
	return number == RBX || number == RSP || number == RBP || number >= 12;
}

static struct effect on_register(const struct decoded *decoded, int number)
{
	const ZydisDecodedOperand *operand = decoded->operand;

	if (decoded->what.mnemonic == ZYDIS_MNEMONIC_CALL)
		return survives_call(number) ? keep : unknown;
	if (decoded->what.mnemonic == ZYDIS_MNEMONIC_SYSCALL)
		return number == RAX || number == RCX || number == R11 ? unknown : keep;
	for (unsigned int i = 0; i < decoded->what.operand_count; i++) {
		if (!(operand[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) ||
		    !is_register(&operand[i], number))
			continue;
		if (decoded->what.mnemonic == ZYDIS_MNEMONIC_XCHG)
			return of_exchange(decoded, number);
		return i == 0 && wide_register(&operand[0]) == number ?
		       set_register(decoded, number) : unknown;
	}
	return keep;
}

/* ---- what sets a word of the stack */

static struct effect on_stack(const struct decoded *decoded, int64_t number)
{
	const ZydisDecodedOperand *operand = decoded->operand;
	int64_t slot;

	if (decoded->what.mnemonic == ZYDIS_MNEMONIC_CALL)
		return keep;
	if (decoded->what.mnemonic == ZYDIS_MNEMONIC_PUSH)
		return decoded->step->stack == number + 8 ? source(decoded, &operand[0]) : keep;
	for (unsigned int i = 0; i < decoded->what.operand_count; i++) {
		if (operand[i].type != ZYDIS_OPERAND_TYPE_MEMORY ||
		    !(operand[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) ||
		    !in_stack(decoded, &operand[i], &slot))
			continue;
		if (slot + operand[i].size / 8 <= number || slot >= number + 4)
			continue;
		return slot == number && decoded->what.mnemonic == ZYDIS_MNEMONIC_MOV ?
		       source(decoded, &operand[1]) : unknown;
	}
	return keep;
}

/* Whether the instruction subtracts a register from itself with carry: the result is 0 or -1. */
static bool is_carry(const struct body *body, uint32_t step, int number)
{
	ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction what;

	return body_decode(body, step, &what, operand) && what.mnemonic == ZYDIS_MNEMONIC_SBB &&
	       wide_register(&operand[0]) == number && wide_register(&operand[1]) == number;
}

/*
 * Of two constants, compilers choose by "cmp; sbb r,r; and r,DIFFERENCE; add r,FIRST", with other
 * instructions in between.
 */
static bool is_choice(const struct body *body, uint32_t step, const struct decoded *decoded,
		      int number)
{
	if (decoded->what.mnemonic != ZYDIS_MNEMONIC_AND ||
	    wide_register(&decoded->operand[0]) != number ||
	    decoded->operand[1].type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
		return false;
	for (uint32_t i = step; i && i + 4 > step; i--)
		if (is_carry(body, i - 1, number))
			return true;
	return false;
}

static struct effect effect_of(const struct search *search, uint32_t step,
			       const struct place *place)
{
	struct decoded decoded = { .step = &search->body->step[step] };

	if (!body_decode(search->body, step, &decoded.what, decoded.operand))
		return unknown;
	if (place->kind == PLACE_REGISTER &&
	    is_choice(search->body, step, &decoded, place->number))
		return (struct effect){
			.kind = EFFECT_EITHER, .number = decoded.operand[1].imm.value.s,
		};
	if (place->kind == PLACE_REGISTER && is_carry(search->body, step, place->number))
		return (struct effect){ .kind = EFFECT_EITHER, .number = -1 };
	return place->kind == PLACE_STACK ? on_stack(&decoded, place->number) :
	       on_register(&decoded, place->number);
}

/* ---- the search */

static void add_number(struct values *values, int64_t number)
{
	for (unsigned int i = 0; i < values->nr_numbers; i++)
		if (values->number[i] == number)
			return;
	if (values->nr_numbers == FLOW_MOST)
		values->unknown = true;
	else
		values->number[values->nr_numbers++] = number;
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->kind == b->kind && a->number == b->number && a->behind == b->behind &&
	       a->offset == b->offset && a->add == b->add;
}

static void add_origin(struct values *values, const struct place *place, uint64_t entry)
{
	for (unsigned int i = 0; i < values->nr_origins; i++)
		if (same_place(&values->origin[i].place, place) &&
		    values->origin[i].entry == entry)
			return;
	if (values->nr_origins == FLOW_MOST)
		values->unknown = true;
	else
		values->origin[values->nr_origins++] = (struct origin){ *place, entry };
}

static void add_look(struct search *search, uint32_t step, const struct place *place)
{
	unsigned int variants = 0;

	for (size_t i = 0; i < search->count; i++) {
		const struct look *look = &search->look[i];

		if (look->step != step || look->place.number != place->number ||
		    look->place.kind != place->kind || look->place.behind != place->behind)
			continue;
		if (same_place(&look->place, place))
			return;
		variants++;
	}
	if (search->count == MOST_LOOKS || variants == MOST_VARIANTS)
		search->values->unknown = true;
	else
		search->look[search->count++] = (struct look){ step, *place };
}

/* A pointer to the stack: what lies there, seen from where the search began. */
static void look_behind(struct search *search, int64_t slot, const struct place *place)
{
	const struct place there = {
		.kind = PLACE_STACK, .number = slot + place->offset, .add = place->add,
	};

	add_look(search, search->start, &there);
}

static void follow_load(struct search *search, uint32_t step, const struct place *place,
			struct place from)
{
	from.add = place->add;
	if (from.kind == PLACE_GLOBAL) {
		from.behind = place->behind;
		from.offset = place->offset;
		add_origin(search->values, &from, 0);
	} else if (place->behind) {
		search->values->unknown = true;
	} else {
		add_look(search, step, &from);
	}
}

static void follow_copy(struct search *search, uint32_t step, const struct place *place,
			struct place from)
{
	const struct step *at = &search->body->step[step];

	/* A counter would be followed for ever. */
	if (same_place(&from, place) && from.add) {
		search->values->unknown = true;
		return;
	}
	from.behind = place->behind;
	from.offset = place->offset + (place->behind ? from.add : 0);
	from.add = place->add + (place->behind ? 0 : from.add);
	if (from.add < -4096 || from.add > 4096 || from.offset < -4096 || from.offset > 4096)
		search->values->unknown = true;
	else if (from.behind && from.kind == PLACE_REGISTER && from.number == RSP)
		at->stack == NO_DEPTH ? (void)(search->values->unknown = true) :
		look_behind(search, at->stack, &from);
	else
		add_look(search, step, &from);
}

/* The place after the instruction @step: where its contents come from. */
static void follow(struct search *search, uint32_t step, const struct place *place)
{
	struct effect effect = effect_of(search, step, place);

	switch (effect.kind) {
	case EFFECT_MAY_COPY:
		add_look(search, step, place);
		follow_copy(search, step, place, effect.from);
		break;
	case EFFECT_KEEP:
		add_look(search, step, place);
		break;
	case EFFECT_COPY:
		follow_copy(search, step, place, effect.from);
		break;
	case EFFECT_LOAD:
		follow_load(search, step, place, effect.from);
		break;
	case EFFECT_NUMBER:
		if (place->behind)
			search->values->unknown = true;
		else
			add_number(search->values, (int32_t)(effect.number + place->add));
		break;
	case EFFECT_EITHER:
		search->values->unknown |= place->behind;
		add_number(search->values, (int32_t)place->add);
		add_number(search->values, (int32_t)(effect.number + place->add));
		break;
	case EFFECT_STACK_ADDRESS:
		if (place->behind)
			look_behind(search, effect.number, place);
		else
			search->values->unknown = true;
		break;
	case EFFECT_UNKNOWN:
		search->values->unknown = true;
		break;
	}
}

/* The function is entered here, so its callers decide; of its stack, they do not. */
static void enter(struct search *search, uint32_t step, const struct place *place)
{
	if (place->kind == PLACE_STACK && (step || place->number < 8))
		search->values->unknown = true;
	else
		add_origin(search->values, place, search->body->step[step].at);
}

/* Whether the instruction before leads here; padding to which nothing leads does not. */
static bool falls_into(const struct body *body, uint32_t step)
{
	while (step) {
		const struct step *before = &body->step[--step];

		if (!before->falls && !before->padding)
			return false;
		if (!before->padding || before->entered ||
		    body->step[step + 1].first > before->first)
			return before->falls;
	}
	return false;
}

/* Follows all ways that lead to the instruction. */
static void look_before(struct search *search, uint32_t step, const struct place *place)
{
	const struct body *body = search->body;
	bool found = body->step[step].entered;

	if (found)
		enter(search, step, place);
	for (uint32_t i = body->step[step].first; i < body->step[step + 1].first; i++) {
		follow(search, body->source[i], place);
		found = true;
	}
	if (falls_into(body, step)) {
		follow(search, step - 1, place);
		found = true;
	}
	for (size_t i = 0; !found && i < body->nr_computed; i++)
		follow(search, body->computed[i], place);
	/* Without a way, an unwinder comes here, or nothing does. */
	if (!found && !body->nr_computed)
		search->values->unknown = true;
}

static void search_from(const struct body *body, uint32_t start, uint32_t first,
			const struct place *place, struct values *values)
{
	struct search search = { .body = body, .start = start, .values = values };

	search.look = mem_alloc(MOST_LOOKS * sizeof(*search.look));
	add_look(&search, first, place);
	while (search.next < search.count && !values->unknown) {
		struct look look = search.look[search.next++];

		look_before(&search, look.step, &look.place);
	}
	free(search.look);
}

void flow_trace(const struct body *body, uint64_t at, struct place place, struct values *values)
{
	int step = at == body->end ? (int)body->count : body_find(body, at);

	*values = (struct values){ 0 };
	if (step >= 0 && place.kind == PLACE_STACK) {
		if (body->step[step].stack == NO_DEPTH)
			step = -1;
		else
			place.number += body->step[step].stack;
	}
	if (step < 0)
		values->unknown = true;
	else
		search_from(body, step, step, &place, values);
}

void flow_trace_stored(const struct body *body, uint64_t at, struct place behind,
		       struct values *values)
{
	ZydisDecodedOperand operand[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction what;
	int step = body_find(body, at);

	*values = (struct values){ .unknown = true };
	if (step < 0 || !body_decode(body, step, &what, operand))
		return;
	if (wide_register(&operand[1]) < 0)
		return;
	behind.kind = PLACE_REGISTER;
	behind.number = wide_register(&operand[1]);
	flow_trace(body, at, behind, values);
}
