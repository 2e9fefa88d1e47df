// SPDX-License-Identifier: GPL-2.0
/*
 * Provenance: who made a call first and when, in a table of fixed size.
 *
 * The hook adds to the table from any CPU with preemption off, so there is no
 * lock: a slot is claimed by cmpxchg(), filled, then declared ready. Nothing is
 * ever taken out; the table dies with its policy.
 */
#include <linux/jhash.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "record.h"

/*
 * A slot's key: READY | CLAIMED | kind | ABI | number | index of the name. KEY_CALL masks
 * the part by which a slot is found again.
 */
#define KEY_READY	BIT(31)
#define KEY_CLAIMED	BIT(30)
#define KEY_KIND_SHIFT	29
#define KEY_ABI_SHIFT	27
#define KEY_NR_SHIFT	16
#define KEY_CALL	(GENMASK(30, 0) & ~KEY_COMM)
#define KEY_COMM	GENMASK(7, 0)

static_assert(BIT(KEY_ABI_SHIFT - KEY_NR_SHIFT) >= SCMOD_NR_BITS);
static_assert(SCMOD_ABIS <= 1 << (KEY_KIND_SHIFT - KEY_ABI_SHIFT));
static_assert(!((SCMOD_RECORD_COMMS - 1) & ~KEY_COMM));

enum { COMM_FREE, COMM_BUSY, COMM_READY };

static const s64 tick_ns = NSEC_PER_SEC / 10;

int scmod_record_init(struct scmod_records *r)
{
	r->created = ktime_get_real();
	/* Three pages; kmalloc() would take four. */
	r->slots = __vmalloc(SCMOD_RECORD_SLOTS * sizeof(*r->slots),
			     GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	return r->slots ? 0 : -ENOMEM;
}

void scmod_record_exit(struct scmod_records *r)
{
	vfree(r->slots);
}

/*
 * Index of @name in the table of names, to which it is added if need be; 0 if the table is
 * full. If two tasks add the same name at once, the table has it twice, which does no harm.
 */
static u32 comm_index(struct scmod_records *r, const char *name)
{
	u32 i;

	for (i = 1; i < SCMOD_RECORD_COMMS; i++) {
		struct scmod_comm *c = &r->comms[i];

		/* Pairs with the release below: read the name after it was written. */
		if (smp_load_acquire(&c->state) == COMM_READY &&
		    !strncmp(c->name, name, SCMOD_COMM_LEN))
			return i;
		if (cmpxchg(&c->state, COMM_FREE, COMM_BUSY) == COMM_FREE) {
			strscpy(c->name, name, SCMOD_COMM_LEN);
			/* Pairs with the acquire above. */
			smp_store_release(&c->state, COMM_READY);
			return i;
		}
	}
	return 0;
}

static void count_up(u32 *count)
{
	u32 old = READ_ONCE(*count);

	while (old != U32_MAX) {
		u32 was = cmpxchg(count, old, old + 1);

		if (was == old)
			break;
		old = was;
	}
}

static void fill(struct scmod_records *r, struct scmod_slot *s, u32 key,
		 struct task_struct *who)
{
	char name[SCMOD_COMM_LEN];

	/* A comm may be changed as we read; the last byte is always NUL. */
	memcpy(name, who->comm, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	s->pid = task_pid_nr(who);
	s->when = div_s64(ktime_get_real() - r->created, tick_ns);
	count_up(&s->count);
	/* Pairs with the acquire in scmod_record_get(): all fields are written before. */
	smp_store_release(&s->key, key | comm_index(r, name) | KEY_READY);
}

/**
 * scmod_record_add() - a call was seen, or refused
 * @r: the policy's records
 * @call: which; its number is below SCMOD_NR_BITS
 * @kind: &enum scmod_record_kind
 * @who: the task that made it
 *
 * Context: any, also from the hook; lock-free.
 *
 * Return: whether there was room for it.
 */
bool scmod_record_add(struct scmod_records *r, struct scmod_call call,
		      unsigned int kind, struct task_struct *who)
{
	u32 key = KEY_CLAIMED | kind << KEY_KIND_SHIFT |
		  call.abi << KEY_ABI_SHIFT | call.nr << KEY_NR_SHIFT;
	u32 at = jhash_1word(key, 0) % SCMOD_RECORD_SLOTS;
	u32 i;

	for (i = 0; i < SCMOD_RECORD_SLOTS; i++) {
		struct scmod_slot *s = &r->slots[at];
		u32 was = READ_ONCE(s->key);

		if (!was)
			was = cmpxchg(&s->key, 0, key);
		if (!was) {
			fill(r, s, key, who);
			return true;
		}
		if ((was & KEY_CALL) == key) {
			if (kind == SCMOD_RECORD_DENIED)
				count_up(&s->count);
			return true;
		}
		at = at + 1 == SCMOD_RECORD_SLOTS ? 0 : at + 1;
	}
	return false;
}

/**
 * scmod_record_get() - one slot, in the form that user space gets
 * @r: the policy's records
 * @i: slot, below SCMOD_RECORD_SLOTS
 * @out: filled if there is something
 *
 * Return: whether there is something in it.
 */
bool scmod_record_get(struct scmod_records *r, unsigned int i,
		      struct scmod_record *out)
{
	struct scmod_slot *s = &r->slots[i];
	/* Pairs with the release in fill(). */
	u32 key = smp_load_acquire(&s->key);

	if (!(key & KEY_READY))
		return false;
	*out = (struct scmod_record) {
		.time_ns = r->created + (s32)s->when * tick_ns,
		.pid = s->pid,
		.count = READ_ONCE(s->count),
		.nr = key >> KEY_NR_SHIFT & (BIT(KEY_ABI_SHIFT - KEY_NR_SHIFT) - 1),
		.abi = key >> KEY_ABI_SHIFT & (BIT(KEY_KIND_SHIFT - KEY_ABI_SHIFT) - 1),
		.kind = key >> KEY_KIND_SHIFT & 1,
	};
	strscpy(out->comm, r->comms[key & KEY_COMM].name, sizeof(out->comm));
	return true;
}
