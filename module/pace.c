// SPDX-License-Identifier: GPL-2.0
/*
 * How many calls a policy refuses per second, and whose was the last. A program that repeats a
 * refused call in a loop is found by it: of a record, only who was refused first is known.
 */
#include <linux/bitfield.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "pace.h"

#define PACE_COUNT	GENMASK_ULL(31, 0)
#define PACE_SECOND	GENMASK_ULL(63, 32)

/* PID_MAX_LIMIT, which record.c checks, is 2^22. */
#define LAST_PID	GENMASK_ULL(31, 0)
#define LAST_NR		GENMASK_ULL(47, 32)
#define LAST_ABI	GENMASK_ULL(55, 48)

static u32 this_second(void)
{
	return (u32)ktime_get_seconds();
}

/* @now: a call of the current task was refused by the policy */
void scmod_pace_count(struct scmod_pace *pace, struct scmod_call call)
{
	u64 was = atomic64_read(&pace->now), next;
	u32 second = this_second();

	WRITE_ONCE(pace->last, FIELD_PREP(LAST_PID, task_pid_nr(current)) |
		   FIELD_PREP(LAST_NR, call.nr) | FIELD_PREP(LAST_ABI, call.abi));
	do {
		next = FIELD_GET(PACE_SECOND, was) == second ? was + 1 :
		       FIELD_PREP(PACE_SECOND, second) | 1;
	} while (!atomic64_try_cmpxchg(&pace->now, (s64 *)&was, next));
	if (FIELD_GET(PACE_SECOND, was) != second)
		WRITE_ONCE(pace->before, was);
}

struct scmod_pace_state scmod_pace_get(const struct scmod_pace *pace)
{
	u64 now = atomic64_read(&pace->now), last = READ_ONCE(pace->last);
	struct scmod_pace_state state = {
		.pid = FIELD_GET(LAST_PID, last),
		.call = { FIELD_GET(LAST_ABI, last), FIELD_GET(LAST_NR, last) },
	};
	u32 full = this_second() - 1;

	if (FIELD_GET(PACE_SECOND, now) == full + 1)
		now = READ_ONCE(pace->before);
	if (now && FIELD_GET(PACE_SECOND, now) == full)
		state.rate = FIELD_GET(PACE_COUNT, now);
	return state;
}
