/* SPDX-License-Identifier: GPL-2.0 */
/* Provenance: who made a call first and when, in tables of fixed size. */
#ifndef SCMOD_RECORD_H
#define SCMOD_RECORD_H

#include <linux/ktime.h>
#include <linux/scmod.h>

#include "arch.h"

/* Of one policy, in whole pages; the rest of it takes less than 4 KiB more. */
#define SCMOD_RECORD_BYTES	16384

/*
 * The numbers of this kernel's calls. Linux 5.1 began to give a new call the same number
 * in all tables, 424 and up; what is free below that in the 64-bit table stays so, but for
 * a few numbers that only x86 needs. From 512 on there are calls of x32 only.
 */
#define SCMOD_NR_OLD_END	340
#define SCMOD_NR_COMMON		424
#define SCMOD_NR_X32		512
#define SCMOD_RECORD_NATIVE	(SCMOD_NR_OLD_END + NR_syscalls - SCMOD_NR_COMMON)
#define SCMOD_RECORD_CALLS	(SCMOD_RECORD_NATIVE + IA32_NR_syscalls +		\
				 SCMOD_RECORD_NATIVE + X32_NR_syscalls - SCMOD_NR_X32)

/*
 * Names, 0 being none: the first are for all records, the others for refused calls that
 * have priority, one for each such call of x86-64 and some for those of other ABIs.
 */
#define SCMOD_COMMS_ALL		48
#define SCMOD_COMMS_NATIVE	80
#define SCMOD_COMMS_OTHER	24
#define SCMOD_RECORD_COMMS	(SCMOD_COMMS_ALL + SCMOD_COMMS_NATIVE + SCMOD_COMMS_OTHER)

/* Calls that may be counted past 16 bits. */
#define SCMOD_RECORD_WIDE	32

/**
 * struct scmod_comm - a command name, shared by the records that have it
 * @name: zero-padded, or terminated by @state; written before @state says ready
 * @state: see record.c; claimed once by cmpxchg()
 */
struct scmod_comm {
	char name[SCMOD_COMM_LEN - 1];
	u8 state;
};

/* What one slot takes: of a call that has it for itself, and of one that shares the rest. */
#define SCMOD_SLOT_BYTES	(sizeof(u64) + sizeof(u16))
#define SCMOD_SHARED_BYTES	(SCMOD_SLOT_BYTES + sizeof(u16))

/* As many slots as the rest has room for. */
#define SCMOD_RECORD_SHARED							\
	((SCMOD_RECORD_BYTES - SCMOD_RECORD_CALLS * SCMOD_SLOT_BYTES -		\
	  SCMOD_RECORD_WIDE * (sizeof(u32) + sizeof(u16)) -			\
	  SCMOD_RECORD_COMMS * sizeof(struct scmod_comm)) / SCMOD_SHARED_BYTES)
#define SCMOD_RECORD_SLOTS	(SCMOD_RECORD_CALLS + SCMOD_RECORD_SHARED)

/* A slot can hold a record of each kind. */
#define SCMOD_RECORDS_MAX	(2 * SCMOD_RECORD_SLOTS)

/**
 * struct scmod_slots - the tables, added to by the hook without a lock
 * @who: who made a call and when, in one word; 0 while there is no record. First the slots
 *	of the calls, in the order of their numbers; then those that are shared
 * @wide: how often calls were refused beyond what @count can tell
 * @count: times refused; atomic, stops at U16_MAX
 * @key: which call and kind a shared slot is for; 0 while free; claimed once by cmpxchg()
 * @wide_of: which slot each of @wide counts for, plus 1; likewise
 * @comm: names
 */
struct scmod_slots {
	u64 who[SCMOD_RECORD_SLOTS];
	u32 wide[SCMOD_RECORD_WIDE];
	u16 count[SCMOD_RECORD_SLOTS];
	u16 key[SCMOD_RECORD_SHARED];
	u16 wide_of[SCMOD_RECORD_WIDE];
	struct scmod_comm comm[SCMOD_RECORD_COMMS];
};

/**
 * struct scmod_records - the provenance of one policy
 * @created: when the policy was made; set once
 * @lost: records that found no room
 * @slots: the records
 */
struct scmod_records {
	ktime_t created;
	atomic_t lost;
	struct scmod_slots *slots;
};

/**
 * struct scmod_signature - who did something first, in the form that user space gets
 * @time_ns: when; 0 if unknown
 * @pid: 0 if unknown
 * @mark: what scmod_record_sign() was given
 * @comm: NUL-terminated
 */
struct scmod_signature {
	u64 time_ns;
	u32 pid;
	unsigned int mark;
	char comm[SCMOD_COMM_LEN];
};

int scmod_record_init(struct scmod_records *r);
void scmod_record_exit(struct scmod_records *r);
bool scmod_record_add(struct scmod_records *r, struct scmod_call call,
		      unsigned int kind, struct task_struct *who, bool priority);
bool scmod_record_get(struct scmod_records *r, unsigned int i,
		      struct scmod_record *out);

/* The same words for tables elsewhere that have the same life. */
void scmod_record_sign(struct scmod_records *r, u64 *word, unsigned int mark,
		       struct task_struct *who);
bool scmod_record_signed(struct scmod_records *r, const u64 *word,
			 struct scmod_signature *out);

#endif /* SCMOD_RECORD_H */
