/* SPDX-License-Identifier: GPL-2.0 */
/* Which numbers a register can hold at an instruction: found backwards through one function. */
#ifndef CTL_FLOW_H
#define CTL_FLOW_H

#include "reach/code.h"

enum place_kind {
	PLACE_REGISTER,
	PLACE_STACK,
	PLACE_GLOBAL,
};

/**
 * struct place - where a number is
 * @kind: where
 * @number: of a register, as in machine code: 0 for rax, 7 for rdi; on the stack: the distance in
 *	bytes to where rsp points when the function begins; or the address of a variable
 * @behind: not the number is there, but a pointer, and the number lies @offset bytes behind what
 *	that points to
 * @offset: see @behind
 * @add: what is added to the number that is there
 */
struct place {
	enum place_kind kind;
	int64_t number;
	bool behind;
	int64_t offset;
	int64_t add;
};

/* The most numbers or places of one register; there are more only in what was made to have them. */
#define FLOW_MOST 64

/**
 * struct origin - a place whose contents are decided elsewhere
 * @place: the place; a variable, or else as it is when the code at @entry is entered
 * @entry: an address at which the function is entered
 */
struct origin {
	struct place place;
	uint64_t entry;
};

/**
 * struct values - the numbers
 * @number: numbers
 * @origin: places that decide on further numbers
 * @unknown: there may be more
 */
struct values {
	int64_t number[FLOW_MOST];
	unsigned int nr_numbers;
	struct origin origin[FLOW_MOST];
	unsigned int nr_origins;
	bool unknown;
};

struct body;

/*
 * Finds what can be at @place right before the instruction at @at. A place on the stack is seen
 * from that instruction: @number is the distance to where rsp points then. @at may be the end of
 * the function.
 */
void flow_trace(const struct body *body, uint64_t at, struct place place, struct values *values);
/* The same for the register that the instruction at @at stores, or loads. */
void flow_trace_stored(const struct body *body, uint64_t at, struct place behind,
		       struct values *values);

#endif /* CTL_FLOW_H */
