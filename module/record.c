// SPDX-License-Identifier: GPL-2.0
/*
 * Provenance: who made a call first and when, in tables of fixed size.
 *
 * Every call of this kernel has a slot of its own, and a refusal has precedence there: if
 * the call has been seen before, that record moves to the slots that are shared. So what
 * other calls are made, or how many, can't keep a refused call from being recorded. The
 * shared slots are for those records, for calls that are seen after they were refused, and
 * for numbers that are no call of this kernel.
 *
 * The hook adds to the tables from any CPU with preemption off, so there is no lock: a
 * record is one word, and is put in place by cmpxchg(). Nothing is ever taken out; the
 * tables die with their policy.
 */
#include <linux/bitfield.h>
#include <linux/jhash.h>
#include <linux/string.h>
#include <linux/threads.h>
#include <linux/vmalloc.h>

#include "record.h"

/*
 * A record: when in tenths of a second since the policy was made, signed, since the clock
 * may be set back; thread id in the initial namespace; index of the name; and a bit for each
 * kind. Both bits are set if the call was seen and refused at once.
 */
#define WHO_WHEN	GENMASK_ULL(31, 0)
#define WHO_PID		GENMASK_ULL(53, 32)
#define WHO_COMM	GENMASK_ULL(61, 54)
#define WHO_MARK	GENMASK_ULL(63, 62)
#define WHO_KIND(kind)	BIT_ULL(62 + (kind))

/* While the name is pending, the record is not shown. */
#define COMM_UNKNOWN	0
#define COMM_PENDING	(WHO_COMM >> 54)

/* The key of a shared slot. */
#define KEY_KIND	BIT(0)
#define KEY_ABI		GENMASK(2, 1)
#define KEY_NR		GENMASK(12, 3)
#define KEY_USED	BIT(13)

static_assert(sizeof(struct scmod_slots) <= SCMOD_RECORD_BYTES);
static_assert(sizeof(struct scmod_comm) == SCMOD_COMM_LEN);
static_assert(SCMOD_RECORD_COMMS <= COMM_PENDING);
static_assert((WHO_PID >> 32) >= PID_MAX_LIMIT - 1);
static_assert((KEY_NR >> 3) >= SCMOD_NR_BITS - 1);
static_assert((KEY_ABI >> 1) >= SCMOD_ABIS - 1);
static_assert(SCMOD_RECORD_SLOTS < U16_MAX);
static_assert(NR_syscalls >= SCMOD_NR_COMMON && NR_syscalls <= SCMOD_NR_X32 &&
	      X32_NR_syscalls >= SCMOD_NR_X32,
	      "the numbers of this kernel's calls are not where record.h says");
static_assert(SCMOD_RECORD_SHARED >= 32,
	      "this kernel has more system calls than the records have room for");

enum { COMM_FREE, COMM_BUSY, COMM_READY };

static const s64 tick_ns = NSEC_PER_SEC / 10;

/* The calls of this kernel, in the order of their slots; @end is the first number after. */
static const struct calls {
	u16 abi, first, end;
} calls[] = {
	{ SCMOD_ABI_X86_64, 0, SCMOD_NR_OLD_END },
	{ SCMOD_ABI_X86_64, SCMOD_NR_COMMON, NR_syscalls },
	{ SCMOD_ABI_I386, 0, IA32_NR_syscalls },
	{ SCMOD_ABI_X32, 0, SCMOD_NR_OLD_END },
	{ SCMOD_ABI_X32, SCMOD_NR_COMMON, NR_syscalls },
	{ SCMOD_ABI_X32, SCMOD_NR_X32, X32_NR_syscalls },
};

int scmod_record_init(struct scmod_records *r)
{
	r->created = ktime_get_real();
	r->slots = __vmalloc(sizeof(*r->slots), GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	return r->slots ? 0 : -ENOMEM;
}

void scmod_record_exit(struct scmod_records *r)
{
	vfree(r->slots);
}

/* The slot that @call has for itself, or -1 if it is no call of this kernel. */
static int own_slot(struct scmod_call call)
{
	unsigned int i, at = 0;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		const struct calls *c = &calls[i];

		if (c->abi == call.abi && c->first <= call.nr && call.nr < c->end)
			return at + call.nr - c->first;
		at += c->end - c->first;
	}
	return -1;
}

/* The call whose slot this is; @at is below SCMOD_RECORD_CALLS. */
static struct scmod_call own_call(unsigned int at)
{
	const struct calls *c = calls;

	for (; at >= c->end - c->first; c++)
		at -= c->end - c->first;
	return (struct scmod_call){ c->abi, c->first + at };
}

/*
 * The shared slot for records of this kind of @call, which is claimed if it is the first;
 * -1 if all are taken.
 */
static int shared_slot(struct scmod_slots *s, struct scmod_call call, unsigned int kind)
{
	u16 key = KEY_USED | FIELD_PREP(KEY_NR, call.nr) | FIELD_PREP(KEY_ABI, call.abi) |
		  FIELD_PREP(KEY_KIND, kind);
	unsigned int at = jhash_1word(key, 0) % SCMOD_RECORD_SHARED;
	unsigned int i;

	for (i = 0; i < SCMOD_RECORD_SHARED; i++) {
		u16 was = READ_ONCE(s->key[at]);

		if (!was)
			was = cmpxchg(&s->key[at], 0, key);
		if (!was || was == key)
			return SCMOD_RECORD_CALLS + at;
		at = at + 1 == SCMOD_RECORD_SHARED ? 0 : at + 1;
	}
	return -1;
}

/* Names that some records may take; they are taken in order. */
struct comm_range {
	u32 first, end;
};

static const struct comm_range for_all = { 1, SCMOD_COMMS_ALL };
static const struct comm_range for_native = {
	SCMOD_COMMS_ALL, SCMOD_COMMS_ALL + SCMOD_COMMS_NATIVE
};

static const struct comm_range for_other = {
	SCMOD_COMMS_ALL + SCMOD_COMMS_NATIVE, SCMOD_RECORD_COMMS
};

static u32 comm_find(struct scmod_slots *s, const char *name, struct comm_range range)
{
	u32 i;

	for (i = range.first; i < range.end; i++) {
		struct scmod_comm *c = &s->comm[i];
		u8 state;

		/* Pairs with the release in comm_claim(): read the name after it was written. */
		state = smp_load_acquire(&c->state);
		if (state == COMM_FREE)
			break;
		if (state == COMM_READY && !strncmp(c->name, name, sizeof(c->name)))
			return i;
	}
	return COMM_UNKNOWN;
}

static u32 comm_claim(struct scmod_slots *s, const char *name, struct comm_range range)
{
	u32 i;

	for (i = range.first; i < range.end; i++) {
		struct scmod_comm *c = &s->comm[i];

		if (READ_ONCE(c->state) != COMM_FREE ||
		    cmpxchg(&c->state, COMM_FREE, COMM_BUSY) != COMM_FREE)
			continue;
		memcpy(c->name, name, sizeof(c->name));
		/* Pairs with the acquire in comm_find(). */
		smp_store_release(&c->state, COMM_READY);
		return i;
	}
	return COMM_UNKNOWN;
}

/*
 * Index of @name in the table of names, to which it is added if need be. If two tasks add the
 * same name at once, the table has it twice, which does no harm: each record takes one name
 * at most, so there is one for each call of x86-64 that has priority.
 */
static u32 comm_index(struct scmod_slots *s, const char *name, unsigned int abi, bool priority)
{
	u32 at = comm_find(s, name, for_all) ?: comm_find(s, name, for_native) ?:
		 comm_find(s, name, for_other);

	if (!at && priority)
		at = comm_claim(s, name, abi == SCMOD_ABI_X86_64 ? for_native : for_other);
	return at ?: comm_claim(s, name, for_all);
}

/* A record, but for the name and what is told of. */
static u64 word_new(const struct scmod_records *r, struct task_struct *who)
{
	s64 when = div_s64(ktime_get_real() - r->created, tick_ns);

	return FIELD_PREP(WHO_WHEN, (u32)when) | FIELD_PREP(WHO_PID, task_pid_nr(who)) |
	       FIELD_PREP(WHO_COMM, COMM_PENDING);
}

static u64 word_named(u64 word, u32 comm)
{
	return (word & ~WHO_COMM) | FIELD_PREP(WHO_COMM, comm);
}

/*
 * Give the record @word, which has been put into @slot, its name. Only who has put a record
 * in place looks for a name, so that tasks that come too late take up none.
 */
static void give_name(struct scmod_slots *s, u64 *slot, u64 word, struct task_struct *who,
		      unsigned int abi, bool priority)
{
	char name[SCMOD_COMM_LEN];
	u64 was, now = word;
	u32 comm;

	/* A comm may be changed as we read; the last byte is always NUL. */
	memcpy(name, who->comm, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	comm = comm_index(s, name, abi, priority);
	/* Meanwhile it may have become a record of both kinds, or have been moved. */
	do {
		was = now;
		now = cmpxchg64(slot, was, word_named(was, comm));
	} while (now != was && !((now ^ word) & (WHO_WHEN | WHO_PID | WHO_COMM)));
}

/* Were both written for the same call? The clock may have ticked between them. */
static bool same_moment(u64 a, u64 b)
{
	s32 ticks = (u32)FIELD_GET(WHO_WHEN, b) - (u32)FIELD_GET(WHO_WHEN, a);

	return !((a ^ b) & WHO_PID) && ticks >= 0 && ticks <= 1;
}

/* A refusal has taken the slot of the record @word: move that to the shared slots. */
static void keep_seen(struct scmod_records *r, struct scmod_call call, u64 word)
{
	int at = shared_slot(r->slots, call, SCMOD_RECORD_SEEN);

	if (at < 0) {
		atomic_inc(&r->lost);
		return;
	}
	if (FIELD_GET(WHO_COMM, word) == COMM_PENDING)
		word = word_named(word, COMM_UNKNOWN);
	cmpxchg64(&r->slots->who[at], 0, word);
}

/* Record it in the call's own slot. Return: false if there is a refusal already. */
static bool add_own(struct scmod_records *r, unsigned int at, struct scmod_call call,
		    unsigned int kind, struct task_struct *who, bool priority)
{
	u64 *slot = &r->slots->who[at];
	u64 was, now = READ_ONCE(*slot);
	u64 word = 0, next;

	do {
		was = now;
		if (was & WHO_KIND(kind))
			return true;
		if (was && kind == SCMOD_RECORD_SEEN)
			return false;
		if (!word)
			word = word_new(r, who) | WHO_KIND(kind);
		/* One that has priority may find room for its name where the other found none. */
		next = was && !priority && same_moment(was, word) ? was | WHO_KIND(kind) : word;
		now = cmpxchg64(slot, was, next);
	} while (now != was);
	if (next != word)
		return true;
	give_name(r->slots, slot, word, who, call.abi, priority);
	if (was)
		keep_seen(r, call, was);
	return true;
}

/* Record it in a shared slot. Return: which, or -1 if there is no room. */
static int add_shared(struct scmod_records *r, struct scmod_call call, unsigned int kind,
		      struct task_struct *who, bool priority)
{
	int at = shared_slot(r->slots, call, kind);
	u64 *slot, word;

	if (at < 0)
		return at;
	slot = &r->slots->who[at];
	if (READ_ONCE(*slot))
		return at;
	word = word_new(r, who) | WHO_KIND(kind);
	if (!cmpxchg64(slot, 0, word))
		give_name(r->slots, slot, word, who, call.abi, priority);
	return at;
}

/* The counter beyond 16 bits for a slot, claimed if there is none; NULL if all are taken. */
static u32 *wide_count(struct scmod_slots *s, unsigned int at, bool claim)
{
	unsigned int i;

	for (i = 0; i < SCMOD_RECORD_WIDE; i++) {
		unsigned int n = (at + i) % SCMOD_RECORD_WIDE;
		u16 was = READ_ONCE(s->wide_of[n]);

		if (!was && claim)
			was = cmpxchg(&s->wide_of[n], 0, at + 1);
		if (was == at + 1 || (!was && claim))
			return &s->wide[n];
		if (!was)
			break;
	}
	return NULL;
}

static void count_wide(struct scmod_slots *s, unsigned int at)
{
	u32 *count = wide_count(s, at, true);
	u32 was, now;

	if (!count)
		return;
	now = READ_ONCE(*count);
	do {
		was = now;
		if (was == U32_MAX - U16_MAX)
			return;
		now = cmpxchg(count, was, was + 1);
	} while (now != was);
}

static void count_up(struct scmod_slots *s, unsigned int at)
{
	u16 was, now = READ_ONCE(s->count[at]);

	do {
		was = now;
		if (was == U16_MAX) {
			count_wide(s, at);
			return;
		}
		now = cmpxchg(&s->count[at], was, was + 1);
	} while (now != was);
}

static u32 count_of(struct scmod_slots *s, unsigned int at)
{
	u16 count = READ_ONCE(s->count[at]);
	u32 *wide = count == U16_MAX ? wide_count(s, at, false) : NULL;

	return count + (wide ? READ_ONCE(*wide) : 0);
}

/**
 * scmod_record_add() - a call was seen, or refused
 * @r: the policy's records
 * @call: which; its number is below SCMOD_NR_BITS
 * @kind: &enum scmod_record_kind
 * @who: the task that made it
 * @priority: the call is refused, and the rules say that it has priority
 *
 * Context: any, also from the hook; lock-free.
 *
 * Return: whether there was room for it.
 */
bool scmod_record_add(struct scmod_records *r, struct scmod_call call,
		      unsigned int kind, struct task_struct *who, bool priority)
{
	int at = own_slot(call);

	if (at < 0 || !add_own(r, at, call, kind, who, priority))
		at = add_shared(r, call, kind, who, priority);
	if (at >= 0 && kind == SCMOD_RECORD_DENIED)
		count_up(r->slots, at);
	return at >= 0;
}

static struct scmod_call call_of(const struct scmod_slots *s, unsigned int at)
{
	u16 key;

	if (at < SCMOD_RECORD_CALLS)
		return own_call(at);
	key = s->key[at - SCMOD_RECORD_CALLS];
	return (struct scmod_call){ FIELD_GET(KEY_ABI, key), FIELD_GET(KEY_NR, key) };
}

/**
 * scmod_record_sign() - let a word say who did something, and that it is now
 * @r: the policy's records
 * @word: 0; nobody else writes it. It may be read at the same time
 * @mark: 1 to 3; means nothing here
 * @who: the task; NULL if it is not known, and then the time is not, either
 *
 * Context: any, also from the hook; lock-free.
 */
void scmod_record_sign(struct scmod_records *r, u64 *word, unsigned int mark,
		       struct task_struct *who)
{
	u64 new = FIELD_PREP(WHO_MARK, mark);

	if (!who) {
		WRITE_ONCE(*word, new);
		return;
	}
	new |= word_new(r, who);
	WRITE_ONCE(*word, new);
	give_name(r->slots, word, new, who, SCMOD_ABI_X86_64, false);
}

/**
 * scmod_record_signed() - read such a word
 * @r: the policy's records
 * @word: written by scmod_record_sign(), or 0
 * @out: filled if there is something
 *
 * Return: whether there is something in it.
 */
bool scmod_record_signed(struct scmod_records *r, const u64 *word,
			 struct scmod_signature *out)
{
	/* Pairs with cmpxchg64() in give_name(): what the word refers to is written before. */
	u64 w = smp_load_acquire(word);
	u32 comm = FIELD_GET(WHO_COMM, w);
	const char *name;

	if (!w || comm == COMM_PENDING)
		return false;
	*out = (struct scmod_signature) {
		.pid = FIELD_GET(WHO_PID, w),
		.mark = FIELD_GET(WHO_MARK, w),
	};
	if (out->pid)
		out->time_ns = r->created + (s32)FIELD_GET(WHO_WHEN, w) * tick_ns;
	name = r->slots->comm[comm].name;
	memcpy(out->comm, name, strnlen(name, sizeof(r->slots->comm[comm].name)));
	return true;
}

/**
 * scmod_record_get() - one record, in the form that user space gets
 * @r: the policy's records
 * @i: which, below SCMOD_RECORDS_MAX
 * @out: filled if there is something
 *
 * Return: whether there is something in it.
 */
bool scmod_record_get(struct scmod_records *r, unsigned int i,
		      struct scmod_record *out)
{
	unsigned int kind = i % 2, at = i / 2;
	struct scmod_signature by;
	struct scmod_call call;

	if (!scmod_record_signed(r, &r->slots->who[at], &by) || !(by.mark & BIT(kind)))
		return false;
	call = call_of(r->slots, at);
	*out = (struct scmod_record) {
		.time_ns = by.time_ns,
		.pid = by.pid,
		.count = kind == SCMOD_RECORD_DENIED ? max(count_of(r->slots, at), 1U) : 1,
		.nr = call.nr,
		.abi = call.abi,
		.kind = kind,
	};
	memcpy(out->comm, by.comm, sizeof(out->comm));
	return true;
}
