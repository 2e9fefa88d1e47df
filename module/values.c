// SPDX-License-Identifier: GPL-2.0
/*
 * Which values of arguments were used, and which were refused, in a table of fixed size.
 *
 * The hook adds to the table from any CPU with preemption off, so there is no lock. A slot
 * is claimed in one or two steps, each of which whoever comes next may do as well: so two
 * tasks that use the same value at once never take two slots, and neither waits for the
 * other. Nothing is ever taken out; the table dies with its policy.
 */
#include <linux/bitops.h>

#include "record.h"
#include "values.h"

/* Stands for a value in @key, so that no common value is 0 there. */
#define KEY_OF(value)	((value) ^ 0x5ca1ab1e5ca1ab1eull)

/* The mark of a value's record: the ABI, plus 1. A restored one has no thread id. */
#define MARK_OF(abi)	((abi) + 1)

/*
 * Where the slots end that each selector has for itself, for values that were refused. There
 * are more for those that attacks try in many ways.
 */
static const u8 denied_end[SCMOD_SELECTORS] = {
	[SCMOD_SELECTOR_SOCKET] = 5,
	[SCMOD_SELECTOR_SOCKETPAIR] = 6,
	[SCMOD_SELECTOR_CLONE] = 8,
	[SCMOD_SELECTOR_UNSHARE] = 10,
	[SCMOD_SELECTOR_SETNS] = 12,
	[SCMOD_SELECTOR_PRCTL] = 16,
	[SCMOD_SELECTOR_PERSONALITY] = 17,
	[SCMOD_SELECTOR_IOCTL] = 21,
	[SCMOD_SELECTOR_SETSOCKOPT] = 25,
	[SCMOD_SELECTOR_GETSOCKOPT] = 27,
	[SCMOD_SELECTOR_KEYCTL] = 29,
	[SCMOD_SELECTOR_BPF] = 31,
	[SCMOD_SELECTOR_PTRACE] = 33,
	[SCMOD_SELECTOR_SECCOMP] = 34,
	[SCMOD_SELECTOR_SOCKETCALL] = 36,
	[SCMOD_SELECTOR_IPC] = 37,
	[SCMOD_SELECTOR_MMAP] = 38,
	[SCMOD_SELECTOR_MPROTECT] = 39,
	[SCMOD_SELECTOR_PKEY_MPROTECT] = SCMOD_VALUES_DENIED,
};

/*
 * In this order: the selectors' own slots for values that were seen, those that such values
 * share; those that refused values share, the selectors' own ones for these.
 */
#define SHARED_FIRST		SCMOD_VALUES_SEEN
#define DENIED_FIRST		(SHARED_FIRST + SCMOD_VALUES_SEEN_SHARED)
#define DENIED_OWN_FIRST	(DENIED_FIRST + SCMOD_VALUES_DENIED_SHARED)

static_assert(SCMOD_ABIS <= 3, "a mark has two bits");

enum claim { CLAIM_TAKEN, CLAIM_THERE, CLAIM_NEW };

static enum claim claim(struct scmod_values *v, unsigned int at, u64 key)
{
	u64 was = READ_ONCE(v->key[at]);

	if (!was)
		was = cmpxchg64(&v->key[at], 0, key);
	if (!was)
		return CLAIM_NEW;
	return was == key ? CLAIM_THERE : CLAIM_TAKEN;
}

static enum claim claim_shared(struct scmod_values *v, unsigned int at, unsigned int selector,
			       u64 key)
{
	u8 *shared = &v->shared[at - SHARED_FIRST];
	u8 was = READ_ONCE(*shared);

	if (!was)
		was = cmpxchg(shared, 0, selector + 1);
	if (was && was != selector + 1)
		return CLAIM_TAKEN;
	return claim(v, at, key);
}

/* One of the shared slots from @at to @end, which is put in @at. */
static enum claim claim_any_shared(struct scmod_values *v, unsigned int selector, u64 key,
				   unsigned int *at, unsigned int end)
{
	enum claim ret;

	for (; *at < end; ++*at) {
		ret = claim_shared(v, *at, selector, key);
		if (ret != CLAIM_TAKEN)
			return ret;
	}
	return CLAIM_TAKEN;
}

/* The slot for a value that was seen is put in @at. */
static enum claim claim_seen(struct scmod_values *v, unsigned int selector, u64 key,
			     unsigned int *at)
{
	enum claim ret = claim(v, selector, key);

	*at = selector;
	if (ret != CLAIM_TAKEN)
		return ret;
	*at = SHARED_FIRST;
	return claim_any_shared(v, selector, key, at, DENIED_FIRST);
}

/* The same for one that was refused. */
static enum claim claim_denied(struct scmod_values *v, unsigned int selector, u64 key,
			       unsigned int *at)
{
	unsigned int end = DENIED_OWN_FIRST + denied_end[selector];
	enum claim ret;

	*at = DENIED_OWN_FIRST + (selector ? denied_end[selector - 1] : 0);
	for (; *at < end; ++*at) {
		ret = claim(v, *at, key);
		if (ret != CLAIM_TAKEN)
			return ret;
	}
	*at = DENIED_FIRST;
	return claim_any_shared(v, selector, key, at, DENIED_OWN_FIRST);
}

static void count_up(u16 *count)
{
	u16 was, now = READ_ONCE(*count);

	do {
		was = now;
		if (was == U16_MAX)
			return;
		now = cmpxchg(count, was, was + 1);
	} while (now != was);
}

static void no_room(struct scmod_values *v, unsigned int selector, unsigned int kind)
{
	if (kind == SCMOD_RECORD_DENIED)
		atomic_add_unless(&v->lost[selector], 1, (int)U32_MAX);
	else if (!test_bit(selector, &v->full))
		set_bit(selector, &v->full);
}

/**
 * scmod_values_add() - a value was used, or refused
 * @v: the policy's values
 * @r: its records, which have the names of those who used values first
 * @arg: the value; its tag is not 0
 * @kind: &enum scmod_record_kind
 * @who: the task that used it
 *
 * Context: any, also from the hook; lock-free.
 *
 * Return: whether it is the first time. That is not known of a value that finds no room.
 */
bool scmod_values_add(struct scmod_values *v, struct scmod_records *r, struct scmod_arg arg,
		      unsigned int kind, struct task_struct *who)
{
	unsigned int selector = scmod_tag_selector(arg.tag);
	u64 key = KEY_OF(arg.value);
	enum claim ret = CLAIM_TAKEN;
	unsigned int at;

	if (key && kind == SCMOD_RECORD_SEEN)
		ret = claim_seen(v, selector, key, &at);
	else if (key)
		ret = claim_denied(v, selector, key, &at);
	if (ret == CLAIM_TAKEN) {
		no_room(v, selector, kind);
		return false;
	}
	if (kind == SCMOD_RECORD_DENIED)
		count_up(&v->count[at - DENIED_FIRST]);
	if (ret == CLAIM_NEW)
		scmod_record_sign(r, &v->who[at], MARK_OF(scmod_tag_abi(arg.tag)), who);
	return ret == CLAIM_NEW;
}

/*
 * Add a value that was recorded as seen before the policy was made. Context: as
 * scmod_values_add().
 */
void scmod_values_restore(struct scmod_values *v, unsigned int selector, u64 value)
{
	u64 key = KEY_OF(value);
	enum claim ret = CLAIM_TAKEN;
	unsigned int at;

	if (key)
		ret = claim_seen(v, selector, key, &at);
	if (ret == CLAIM_TAKEN)
		no_room(v, selector, SCMOD_RECORD_SEEN);
	else if (ret == CLAIM_NEW)
		scmod_record_sign(NULL, &v->who[at], MARK_OF(0), NULL);
}

static unsigned int selector_of(const struct scmod_values *v, unsigned int at)
{
	unsigned int selector = 0;

	if (at < SHARED_FIRST)
		return at;
	if (at < DENIED_OWN_FIRST)
		return READ_ONCE(v->shared[at - SHARED_FIRST]) - 1;
	while (at - DENIED_OWN_FIRST >= denied_end[selector])
		selector++;
	return selector;
}

/**
 * scmod_values_get() - one value, in the form that user space gets
 * @v: the policy's values
 * @r: its records
 * @i: which, below SCMOD_VALUES_MAX
 * @out: filled if there is something
 *
 * Return: whether there is something in it.
 */
bool scmod_values_get(struct scmod_values *v, struct scmod_records *r, unsigned int i,
		      struct scmod_value_record *out)
{
	bool denied = i >= DENIED_FIRST;
	struct scmod_signature by;

	if (!scmod_record_signed(r, &v->who[i], &by))
		return false;
	*out = (struct scmod_value_record) {
		.time_ns = by.time_ns,
		.value = KEY_OF(v->key[i]),
		.pid = by.pid,
		.count = denied ? max_t(u32, READ_ONCE(v->count[i - DENIED_FIRST]), 1) : 1,
		.selector = selector_of(v, i),
		.abi = by.mark - MARK_OF(0),
		.kind = denied ? SCMOD_RECORD_DENIED : SCMOD_RECORD_SEEN,
	};
	memcpy(out->comm, by.comm, sizeof(out->comm));
	return true;
}
