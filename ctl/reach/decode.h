/* SPDX-License-Identifier: GPL-2.0 */
/* Decodes machine code for x86-64; the only user of Zydis' decoder. */
#ifndef CTL_DECODE_H
#define CTL_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <Zydis/Zydis.h>

/*
 * Decode the instruction at @bytes, of which there are @size; decode_operands() also its operands.
 * Return false if there is none. Both read no more than the instruction.
 */
bool decode(const void *bytes, size_t size,
	    struct ZydisDecodedInstruction_ *instruction);
bool decode_operands(const void *bytes, size_t size, ZydisDecodedInstruction *instruction,
		     ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT]);

/* Whether what comes next in memory is executed next; of a call, that is assumed. */
bool decode_falls(const ZydisDecodedInstruction *instruction);
/* Whether it is a jump or call to a fixed place, and to which; it is at @at. */
bool decode_target(const ZydisDecodedInstruction *instruction, uint64_t at, uint64_t *target);
/* Whether it has an operand in memory at a fixed place, and where. */
bool decode_place(const ZydisDecodedInstruction *instruction, uint64_t at, uint64_t *place);

#endif /* CTL_DECODE_H */
