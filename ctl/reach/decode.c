// SPDX-License-Identifier: GPL-2.0
/* Decodes machine code for x86-64; the only user of Zydis' decoder. */
#include "reach/decode.h"

static const ZydisDecoder *decoder(void)
{
	static ZydisDecoder made;
	static bool done;

	if (!done)
		ZydisDecoderInit(&made, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	done = true;
	return &made;
}

bool decode(const void *bytes, size_t size, ZydisDecodedInstruction *instruction)
{
	return ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(decoder(), NULL, bytes, size,
							  instruction));
}

bool decode_operands(const void *bytes, size_t size, ZydisDecodedInstruction *instruction,
		     ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT])
{
	return ZYAN_SUCCESS(ZydisDecoderDecodeFull(decoder(), bytes, size, instruction, operands));
}

bool decode_falls(const ZydisDecodedInstruction *instruction)
{
	switch (instruction->mnemonic) {
	case ZYDIS_MNEMONIC_JMP:
	case ZYDIS_MNEMONIC_RET:
	case ZYDIS_MNEMONIC_IRET:
	case ZYDIS_MNEMONIC_IRETD:
	case ZYDIS_MNEMONIC_IRETQ:
	case ZYDIS_MNEMONIC_HLT:
	case ZYDIS_MNEMONIC_INT3:
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UD2:
		return false;
	default:
		return true;
	}
}

bool decode_target(const ZydisDecodedInstruction *instruction, uint64_t at, uint64_t *target)
{
	if (!instruction->raw.imm[0].is_relative)
		return false;
	*target = at + instruction->length + instruction->raw.imm[0].value.s;
	return true;
}

static bool has_segment(const ZydisDecodedInstruction *instruction)
{
	return instruction->attributes &
	       (ZYDIS_ATTRIB_HAS_SEGMENT_FS | ZYDIS_ATTRIB_HAS_SEGMENT_GS);
}

bool decode_place(const ZydisDecodedInstruction *instruction, uint64_t at, uint64_t *place)
{
	if (!(instruction->attributes & ZYDIS_ATTRIB_HAS_MODRM) || has_segment(instruction) ||
	    instruction->raw.modrm.mod != 0 || instruction->raw.modrm.rm != 5)
		return false;
	*place = at + instruction->length + instruction->raw.disp.value;
	return true;
}
