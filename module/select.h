/* SPDX-License-Identifier: GPL-2.0 */
/* Selectors: which calls have an argument whose value is looked at, and that value. */
#ifndef SCMOD_SELECT_H
#define SCMOD_SELECT_H

#include <linux/scmod.h>

#include "arch.h"
#include "value.h"

/**
 * struct scmod_arg - the value that a call has for its selector
 * @value: see &enum scmod_selector
 * @tag: of the call; 0 if the call has no selector or nobody looks at it, and then @value
 *	means nothing
 *
 * A tag stands for an ABI and a selector. As far as an ABI has a selector, that is one
 * call; so the tag stands for the call, too.
 */
struct scmod_arg {
	u64 value;
	unsigned int tag;
};

#define SCMOD_TAG_SELECTOR_BITS	5
#define SCMOD_TAG(abi, selector)	(((abi) << SCMOD_TAG_SELECTOR_BITS) + (selector) + 1)
#define SCMOD_TAG_LAST			SCMOD_TAG(SCMOD_ABI_MAX, SCMOD_SELECTOR_MAX)

static_assert(BIT(SCMOD_TAG_SELECTOR_BITS) >= SCMOD_SELECTORS);
static_assert(SCMOD_TAG_LAST <= U8_MAX);

enum scmod_select_form { SCMOD_SELECT_ONE, SCMOD_SELECT_PAIR, SCMOD_SELECT_SOCKET };

/**
 * struct scmod_select - how a selector's value is made of the arguments
 * @mask: bits of the argument that count; of SCMOD_SELECT_ONE
 * @form: one argument, two of 32 bits each, or those of socket()
 * @arg: which argument, 0 being the first; of two it is the upper one
 */
struct scmod_select {
	u64 mask;
	u8 form;
	u8 arg;
};

extern const struct scmod_select scmod_selects[SCMOD_SELECTORS];

/* Tags by ABI and number; written by scmod_select_init() only. */
extern u8 scmod_select_tags[SCMOD_ABIS][SCMOD_NR_BITS];

void scmod_select_init(void);
void scmod_select_strip(struct scmod_bitmap *quiet, unsigned int abi, u32 looked);

/* @tag: not 0 */
static __always_inline unsigned int scmod_tag_selector(unsigned int tag)
{
	return (tag - 1) % BIT(SCMOD_TAG_SELECTOR_BITS);
}

static __always_inline unsigned int scmod_tag_abi(unsigned int tag)
{
	return (tag - 1) >> SCMOD_TAG_SELECTOR_BITS;
}

/*
 * The kernel refuses a type with bits beside SOCK_CLOEXEC, SOCK_NONBLOCK and those of
 * SOCK_TYPE_MASK; include/linux/net.h.
 */
static __always_inline u64 scmod_select_socket(const struct pt_regs *regs, unsigned int abi)
{
	u32 family = scmod_call_arg(regs, abi, 0);
	u32 type = scmod_call_arg(regs, abi, 1) & 0xf;

	return (u64)min_t(u32, family, U16_MAX) << 48 | (u64)type << 32 |
	       (u32)scmod_call_arg(regs, abi, 2);
}

/**
 * scmod_select_arg() - the value that a call has for its selector
 * @call: the call; its number is below SCMOD_NR_BITS
 * @regs: the user registers that it is made with
 * @looked: selectors that are looked at, a bit each
 */
static __always_inline struct scmod_arg
scmod_select_arg(struct scmod_call call, const struct pt_regs *regs, u32 looked)
{
	struct scmod_arg arg = { 0, scmod_select_tags[call.abi][call.nr] };
	const struct scmod_select *s;
	unsigned int selector;

	if (likely(!arg.tag))
		return arg;
	selector = scmod_tag_selector(arg.tag);
	if (!(looked & BIT(selector))) {
		arg.tag = 0;
		return arg;
	}
	s = &scmod_selects[selector];
	if (s->form == SCMOD_SELECT_ONE)
		arg.value = scmod_call_arg(regs, call.abi, s->arg) & s->mask;
	else if (s->form == SCMOD_SELECT_PAIR)
		arg.value = scmod_call_arg(regs, call.abi, s->arg) << 32 |
			    (u32)scmod_call_arg(regs, call.abi, s->arg + 1);
	else
		arg.value = scmod_select_socket(regs, call.abi);
	return arg;
}

#endif /* SCMOD_SELECT_H */
