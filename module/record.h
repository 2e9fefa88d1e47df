/* SPDX-License-Identifier: GPL-2.0 */
/* Provenance: who made a call first and when, in a table of fixed size. */
#ifndef SCMOD_RECORD_H
#define SCMOD_RECORD_H

#include <linux/ktime.h>
#include <linux/scmod.h>

#include "arch.h"

/*
 * Room for every x86-64 call (some 380) seen and as many again refused. They
 * take three pages of their own, so that a whole policy stays below 16 KiB.
 */
#define SCMOD_RECORD_SLOTS	768
#define SCMOD_RECORD_COMMS	64

/**
 * struct scmod_slot - one call's provenance
 * @key: 0 while free; claimed once by cmpxchg(), never freed. See record.c.
 * @pid: thread id in the initial namespace; written before @key says ready
 * @when: tenths of a second since the policy was made, signed, since the clock
 *	may be set back; likewise
 * @count: times refused; atomic, stops at U32_MAX
 */
struct scmod_slot {
	u32 key;
	u32 pid;
	u32 when;
	u32 count;
};

/**
 * struct scmod_comm - a command name, shared by the slots that name it
 * @state: 0 free, 1 being written, 2 ready; claimed once by cmpxchg()
 * @name: NUL-terminated; written before @state says ready
 */
struct scmod_comm {
	u32 state;
	char name[SCMOD_COMM_LEN];
};

/**
 * struct scmod_records - the provenance of one policy
 * @created: when the policy was made; set once
 * @lost: calls that found no free slot
 * @slots: open hash table of SCMOD_RECORD_SLOTS calls; added to by the hook
 *	without a lock
 * @comms: names; slot 0 is never used, it stands for unknown
 */
struct scmod_records {
	ktime_t created;
	atomic_t lost;
	struct scmod_slot *slots;
	struct scmod_comm comms[SCMOD_RECORD_COMMS];
};

int scmod_record_init(struct scmod_records *r);
void scmod_record_exit(struct scmod_records *r);
bool scmod_record_add(struct scmod_records *r, struct scmod_call call,
		      unsigned int kind, struct task_struct *who);
bool scmod_record_get(struct scmod_records *r, unsigned int i,
		      struct scmod_record *out);

#endif /* SCMOD_RECORD_H */
