/* SPDX-License-Identifier: GPL-2.0 */
/* One function, instruction by instruction: what leads where, and how deep the stack is. */
#ifndef CTL_BODY_H
#define CTL_BODY_H

#include "reach/code.h"
#include "reach/decode.h"

/* The stack's depth is not known. */
#define NO_DEPTH INT64_MIN

/**
 * struct step - an instruction
 * @at: its address
 * @len: its size in bytes
 * @falls: the next one may follow
 * @padding: it does nothing
 * @computed: it jumps to a computed place
 * @entered: other functions come here, or the function begins here
 * @target: number of the instruction to which it jumps, or -1
 * @first: number of the first jump to it in &body.source; up to @first of the next step
 * @stack: where rsp points right before it, as a distance to where it pointed at the beginning
 * @frame: the same for rbp; both NO_DEPTH if not known
 */
struct step {
	uint64_t at;
	uint8_t len;
	bool falls;
	bool padding;
	bool computed;
	bool entered;
	int32_t target;
	uint32_t first;
	int64_t stack;
	int64_t frame;
};

/**
 * struct body - a function
 * @binary: where it is
 * @code: all functions of the binary
 * @end: where it ends
 * @step: its instructions; there are two more, which are empty
 * @count: number of them
 * @source: numbers of the instructions that jump to others, by target
 * @computed: numbers of the jumps to computed places
 */
struct body {
	const struct binary *binary;
	const struct code *code;
	uint64_t end;
	struct step *step;
	size_t count;
	uint32_t *source;
	uint32_t *computed;
	size_t nr_computed;
};

/*
 * Decodes a function. @entry: addresses at which other functions enter it elsewhere than at its
 * beginning, sorted; @nr_entries of them. NULL if it is too long.
 */
struct body *body_new(const struct binary *binary, const struct code *code,
		      const struct span *span, const uint64_t *entry, size_t nr_entries);
void body_free(struct body *body);

/* The number of the instruction at @at, or -1. */
int body_find(const struct body *body, uint64_t at);
/* Decodes an instruction again, with its operands. */
bool body_decode(const struct body *body, size_t number, ZydisDecodedInstruction *instruction,
		 ZydisDecodedOperand *operands);

/* Number of the 64-bit register that holds @name; -1 if it is none of the general ones. */
int body_register(ZydisRegister name);

#endif /* CTL_BODY_H */
