/* SPDX-License-Identifier: GPL-2.0 */
/* Which values of arguments were used, and which were refused, in a table of fixed size. */
#ifndef SCMOD_VALUES_H
#define SCMOD_VALUES_H

#include <linux/scmod.h>

#include "select.h"

struct scmod_records;

/*
 * Each selector has a slot of its own for a value that was seen, and some for values that
 * were refused (see values.c), which no other selector and no value of the other kind can
 * take. Further values share slots, those that were seen and those that were refused apart.
 */
#define SCMOD_VALUES_SEEN		SCMOD_SELECTORS
#define SCMOD_VALUES_SEEN_SHARED	41
#define SCMOD_VALUES_DENIED		40
#define SCMOD_VALUES_DENIED_SHARED	22
#define SCMOD_VALUES_SHARED	(SCMOD_VALUES_SEEN_SHARED + SCMOD_VALUES_DENIED_SHARED)
#define SCMOD_VALUES_MAX						\
	(SCMOD_VALUES_SEEN + SCMOD_VALUES_SHARED + SCMOD_VALUES_DENIED)

/**
 * struct scmod_values - the values of one policy, added to by the hook without a lock
 * @key: the value, so changed that 0 says that there is none; claimed once by cmpxchg()
 * @who: who used it and when, as in &struct scmod_slots; 0 for a moment after the claim
 * @full: selectors of which a value that was seen found no room, a bit each
 * @lost: refusals that found no room, per selector; stop at U32_MAX
 * @count: times refused, of the slots for those; stop at U16_MAX
 * @shared: which selector a shared slot is for, plus 1; 0 while free; claimed likewise,
 *	before the key. First those of values that were seen
 */
struct scmod_values {
	u64 key[SCMOD_VALUES_MAX];
	u64 who[SCMOD_VALUES_MAX];
	unsigned long full;
	atomic_t lost[SCMOD_SELECTORS];
	u16 count[SCMOD_VALUES_DENIED + SCMOD_VALUES_DENIED_SHARED];
	u8 shared[SCMOD_VALUES_SHARED];
};

bool scmod_values_add(struct scmod_values *v, struct scmod_records *r, struct scmod_arg arg,
		      unsigned int kind, struct task_struct *who);
void scmod_values_restore(struct scmod_values *v, unsigned int selector, u64 value);
bool scmod_values_get(struct scmod_values *v, struct scmod_records *r, unsigned int i,
		      struct scmod_value_record *out);

static inline bool scmod_values_full(const struct scmod_values *v, unsigned int selector)
{
	return test_bit(selector, &v->full);
}

static inline u32 scmod_values_lost(const struct scmod_values *v, unsigned int selector)
{
	return atomic_read(&v->lost[selector]);
}

#endif /* SCMOD_VALUES_H */
