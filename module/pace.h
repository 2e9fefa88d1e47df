/* SPDX-License-Identifier: GPL-2.0 */
/* How many calls a policy refuses per second, and whose was the last. */
#ifndef SCMOD_PACE_H
#define SCMOD_PACE_H

#include <linux/atomic.h>
#include <linux/types.h>

#include "arch.h"

/**
 * struct scmod_pace - the pace of one policy's refusals; all zero at first
 *
 * Added to by the hook from any CPU, without a lock. Where two CPUs change the second at once,
 * a few refusals may be missed.
 *
 * @now: the second (of ktime_get_seconds(), 32 bits of it) in which a call was refused last, and
 *	below it how many were refused in that second; changed by cmpxchg
 * @before: the same of the second with refusals that came before; written by who changes the
 *	second of @now
 * @last: whose call was refused last, and which: see pace.c
 */
struct scmod_pace {
	atomic64_t now;
	u64 before;
	u64 last;
};

/**
 * struct scmod_pace_state - the pace, for people
 * @rate: refusals in the last full second
 * @pid: thread id, in the initial pid namespace, of whose call was refused last; 0 if none was
 * @call: which call that was
 */
struct scmod_pace_state {
	u32 rate;
	u32 pid;
	struct scmod_call call;
};

void scmod_pace_count(struct scmod_pace *pace, struct scmod_call call);
struct scmod_pace_state scmod_pace_get(const struct scmod_pace *pace);

#endif /* SCMOD_PACE_H */
