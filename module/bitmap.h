/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The pure part: bitmaps of system calls and what they say of one call.
 *
 * No kernel service is used here, so that user-space tests compile this file
 * as it is. A bitmap is written in place only by set_bit(), on the hook's slow
 * path; everything else works on bitmaps that nobody else sees yet.
 */
#ifndef SCMOD_BITMAP_H
#define SCMOD_BITMAP_H

#include <linux/scmod.h>

#define SCMOD_ABIS		(SCMOD_ABI_MAX + 1)
#define SCMOD_BITMAP_WORDS	(SCMOD_NR_BITS / 64)
#define SCMOD_SELECTORS		(SCMOD_SELECTOR_MAX + 1)

/**
 * struct scmod_bitmap - a set of system call numbers of one ABI
 * @bits: call n is bit n % 64 of word n / 64
 */
struct scmod_bitmap {
	unsigned long bits[SCMOD_BITMAP_WORDS];
};

/**
 * struct scmod_rules - what one policy says, immutable once published
 * @mode: &enum scmod_mode
 * @action: &enum scmod_action
 * @err: what a refused call returns, 1 to SCMOD_ERRNO_MAX
 * @allowed: calls that complain and enforce let pass, per ABI
 * @soft: calls refused with ENOSYS, per ABI
 * @priority: calls whose refusal is told before that of others, per ABI
 * @any: selectors of which any value may be used, a bit each
 * @watch: selectors whose values are looked at, likewise
 * @at: where the rules of a selector begin in @words; they end where the next ones begin
 * @words: rules of values, as value.h says
 */
struct scmod_rules {
	unsigned int mode;
	unsigned int action;
	unsigned int err;
	struct scmod_bitmap allowed[SCMOD_ABIS];
	struct scmod_bitmap soft[SCMOD_ABIS];
	struct scmod_bitmap priority[SCMOD_ABIS];
	__u32 any;
	__u32 watch;
	__u16 at[SCMOD_SELECTORS + 1];
	__u64 words[];
};

static inline int scmod_bitmap_has(const struct scmod_bitmap *b,
				   unsigned int nr)
{
	return nr < SCMOD_NR_BITS && (b->bits[nr / 64] >> (nr % 64) & 1);
}

/* Does a policy in this mode record calls as seen: all, or those that it allows? */
static inline int scmod_mode_records(unsigned int mode)
{
	return mode == SCMOD_MODE_LEARN || mode == SCMOD_MODE_COMPLAIN ||
	       mode == SCMOD_MODE_COMPLAIN_LEARN;
}

/* Does it record all of them? What the others report is not to be learned in any way. */
static inline int scmod_mode_learns(unsigned int mode)
{
	return mode == SCMOD_MODE_LEARN || mode == SCMOD_MODE_COMPLAIN_LEARN;
}

/* Does a policy in this mode look at whether calls are allowed? */
static inline int scmod_mode_judges(unsigned int mode)
{
	return mode == SCMOD_MODE_COMPLAIN || mode == SCMOD_MODE_ENFORCE ||
	       mode == SCMOD_MODE_COMPLAIN_LEARN;
}

/* Of a policy that records: does it record @nr as seen? */
static inline int scmod_rules_learn(const struct scmod_rules *rules,
				    unsigned int abi, unsigned int nr)
{
	return rules->mode != SCMOD_MODE_COMPLAIN ||
	       scmod_bitmap_has(&rules->allowed[abi], nr);
}

/**
 * scmod_quiet_narrow() - leave in @quiet only calls with which a policy has nothing to do
 * @quiet: starts as all calls; narrowed by every policy of the chain in turn
 * @rules: the policy's rules
 * @seen: what the policy has seen, of @abi
 * @abi: &enum scmod_abi
 *
 * After all policies of a chain, the calls that are left need nothing done: every policy
 * that records has seen them, and every policy that judges allows them.
 */
static inline void scmod_quiet_narrow(struct scmod_bitmap *quiet,
				      const struct scmod_rules *rules,
				      const struct scmod_bitmap *seen,
				      unsigned int abi)
{
	unsigned int i;

	for (i = 0; i < SCMOD_BITMAP_WORDS; i++) {
		if (scmod_mode_records(rules->mode))
			quiet->bits[i] &= seen->bits[i];
		if (scmod_mode_judges(rules->mode))
			quiet->bits[i] &= rules->allowed[abi].bits[i];
	}
}

#endif /* SCMOD_BITMAP_H */
