// SPDX-License-Identifier: GPL-2.0
/*
 * What ends by itself: changes that nobody confirms. The kernel keeps the time, so that it
 * ends even if whoever made the change is gone.
 *
 * The clock is CLOCK_BOOTTIME, which counts while the machine is suspended, and timers do
 * not. So the time is looked at once a second as long as something waits: after a
 * suspension, what is overdue ends within a second.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/workqueue.h>

#include "deadline.h"
#include "event.h"
#include "policy.h"

static void look(struct work_struct *work);
static DECLARE_DELAYED_WORK(look_work, look);

/* With scmod_policy_lock held. */
static void roll_back(struct scmod_policy *p)
{
	if (!scmod_policy_go_back(p))
		return;
	pr_notice("cgroup %llu: not confirmed in time; it does again what it did before (mode %u)\n",
		  p->id, p->rules->mode);
	scmod_event_policy(SCMOD_EVENT_ROLLED_BACK, p);
}

/* End what is overdue. Return: when something else is due, U64_MAX if nothing waits. */
static u64 end_overdue(void)
{
	u64 now = ktime_get_boottime_ns(), next = U64_MAX;
	struct scmod_policy *p;

	for (p = scmod_policy_after(0); p; p = scmod_policy_after(p->serial)) {
		if (p->before && p->confirm_by <= now)
			roll_back(p);
		if (p->before)
			next = min(next, p->confirm_by);
	}
	return next;
}

static void look(struct work_struct *work)
{
	u64 next, now;

	mutex_lock(&scmod_policy_lock);
	next = end_overdue();
	now = ktime_get_boottime_ns();
	if (next != U64_MAX)
		schedule_delayed_work(&look_work, next <= now ? 0 :
				      min_t(u64, nsecs_to_jiffies(next - now) + 1, HZ));
	mutex_unlock(&scmod_policy_lock);
}

/* Something ends by itself from now on, or does so at another time. */
void scmod_deadline_start(void)
{
	/* If it waits already, that is not for longer than a second. */
	schedule_delayed_work(&look_work, 0);
}

/* At unload, when no request is taken any more. */
void scmod_deadline_exit(void)
{
	cancel_delayed_work_sync(&look_work);
}
