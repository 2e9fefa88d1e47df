/* SPDX-License-Identifier: GPL-2.0 */
/* The functions of a binary, and what they refer to. */
#ifndef CTL_CODE_H
#define CTL_CODE_H

#include "reach/binary.h"
#include "reach/frames.h"
#include "reach/limits.h"

/**
 * enum event_kind - what an instruction does that matters for what can be reached
 * @EVENT_CALL: it calls @target
 * @EVENT_JUMP: it jumps to @target, out of its function
 * @EVENT_CALL_SLOT: it calls what the pointer at @target points to, which is an imported symbol
 * @EVENT_JUMP_SLOT: the same by a jump
 * @EVENT_LOAD: it uses that pointer in another way
 * @EVENT_TAKE: it takes the address @target of code or data
 * @EVENT_REFER: it uses the data at @target, which may hold pointers
 * @EVENT_STORE: it stores a register in the word at @target
 * @EVENT_INDIRECT: it calls or jumps to what a register or a word of memory points to
 * @EVENT_SYSCALL: it makes a system call
 * @EVENT_FOREIGN: it makes a system call of another ABI
 */
enum event_kind {
	EVENT_CALL,
	EVENT_JUMP,
	EVENT_CALL_SLOT,
	EVENT_JUMP_SLOT,
	EVENT_LOAD,
	EVENT_TAKE,
	EVENT_REFER,
	EVENT_STORE,
	EVENT_INDIRECT,
	EVENT_SYSCALL,
	EVENT_FOREIGN,
};

struct event {
	uint64_t at;
	uint64_t target;
	enum event_kind kind;
};

/**
 * struct function - a part of the code, which is reached as a whole
 * @span: its addresses
 * @first: number of its first event
 * @count: number of its events
 * @framed: the file tells where it begins and ends; otherwise, that was found by its callers
 * @falls: its last instruction leads to the next function
 * @jumps: it jumps to computed places, as for "switch"
 * @returns: it has a way back to its caller; that of functions such as abort() does not
 * @bad: number of bytes in it that are no instructions
 */
struct function {
	struct span span;
	size_t first;
	size_t count;
	bool framed;
	bool falls;
	bool jumps;
	bool returns;
	size_t bad;
};

/**
 * struct code - the functions of a binary
 * @function: in order of addresses; they cover all code
 * @event: what their instructions do
 */
struct code {
	struct function *function;
	size_t nr_functions;
	struct event *event;
	size_t nr_events;
};

/*
 * Finds the functions and their events. Returns false if a limit was reached. Release @code in
 * either case.
 */
bool code_read(const struct binary *binary, const struct frames *frames, struct limits *limits,
	       struct code *code);
void code_release(struct code *code);

/* The function that holds the address, or NULL. */
const struct function *code_function(const struct code *code, uint64_t address);

#endif /* CTL_CODE_H */
