// SPDX-License-Identifier: GPL-2.0
/*
 * Action kill: end the current process with a SIGSYS it can't escape.
 *
 * Signals take locks that the hook must not take, so the signal is raised by
 * task work, when the task is about to leave the kernel.
 */
#include <linux/delay.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/task_work.h>

#include "compat.h"
#include "kill.h"

/*
 * Tasks between being refused and being killed. With all in use a call is
 * still refused; the task's next one finds a free one.
 */
#define KILLS	64

static struct callback_head kills[KILLS];
static DECLARE_BITMAP(kills_busy, KILLS);

static void kill_fn(struct callback_head *work)
{
	struct sighand_struct *sighand =
		rcu_dereference_protected(current->sighand, true);
	struct sigaction *action = &sighand->action[SIGSYS - 1].sa;

	spin_lock_irq(&sighand->siglock);
	action->sa_handler = SIG_DFL;
	/* Or another thread could put a handler there before we are done. */
	action->sa_flags |= SA_IMMUTABLE;
	/* A namespace's init would be spared otherwise. */
	current->signal->flags &= ~SIGNAL_UNKILLABLE;
	spin_unlock_irq(&sighand->siglock);
	force_sig(SIGSYS);
	clear_bit_unlock(work - kills, kills_busy);
}

/* Context: the hook; the call itself has been refused. */
void scmod_kill_current(void)
{
	unsigned int i;

	if (current->flags & PF_EXITING)
		return;
	for (i = 0; i < KILLS; i++)
		if (!test_and_set_bit_lock(i, kills_busy))
			break;
	if (i == KILLS)
		return;
	init_task_work(&kills[i], kill_fn);
	if (task_work_add(current, &kills[i], TWA_RESUME))
		clear_bit_unlock(i, kills_busy);
}

/*
 * At unload: the hook is off. Wait until no task is inside kill_fn(), nor in any
 * other code of the module that is left by returning from it.
 */
void scmod_kill_drain(void)
{
	while (!bitmap_empty(kills_busy, KILLS))
		msleep(20);
	synchronize_rcu_tasks();
}
