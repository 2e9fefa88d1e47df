// SPDX-License-Identifier: GPL-2.0
/*
 * Action kill: end the current process with a SIGSYS it can't escape.
 *
 * Signals take locks that the hook must not take, so the signal is raised by
 * task work, when the task is about to leave the kernel.
 */
#include <linux/bitmap.h>
#include <linux/sched/signal.h>
#include <linux/signal.h>
#include <linux/task_work.h>

#include "compat.h"
#include "kill.h"
#include "taskwork.h"

/*
 * So many tasks can be between a refused call and being killed for it. If all slots are in
 * use, the call is refused all the same, and the task is killed at a later refused call. A
 * task can be held in between by a tracer, or by a seccomp filter of its own whose user
 * notification nobody answers.
 */
#define KILLS	1024

static struct callback_head kills[KILLS];
static DECLARE_BITMAP(kills_busy, KILLS);
static struct scmod_work_slots slots = { KILLS, kills_busy };

static struct sighand_struct *our_sighand(void)
{
	return rcu_dereference_protected(current->sighand, true);
}

static void force_sigsys(void)
{
	struct sighand_struct *sighand = our_sighand();
	struct sigaction *action = &sighand->action[SIGSYS - 1].sa;

	spin_lock_irq(&sighand->siglock);
	action->sa_handler = SIG_DFL;
	/* Or another thread could install a handler before the signal is delivered. */
	action->sa_flags |= SA_IMMUTABLE;
	/* Or the init process of a pid namespace would survive the signal. */
	current->signal->flags &= ~SIGNAL_UNKILLABLE;
	spin_unlock_irq(&sighand->siglock);
	force_sig(SIGSYS);
}

/*
 * Where the kernel can't make a signal action immutable: send SIGKILL, which no thread can
 * catch, and change the exit code of the thread group to SIGSYS. The parent is told that
 * exit code, but not before all threads of the group are dead, of which current is one.
 */
static void kill_as_sigsys(void)
{
	struct sighand_struct *sighand = our_sighand();
	struct signal_struct *signal = current->signal;

	spin_lock_irq(&sighand->siglock);
	signal->flags &= ~SIGNAL_UNKILLABLE;
	spin_unlock_irq(&sighand->siglock);
	send_sig(SIGKILL, current, 1);
	spin_lock_irq(&sighand->siglock);
	if (signal->flags & SIGNAL_GROUP_EXIT && signal->group_exit_code == SIGKILL)
		signal->group_exit_code = SIGSYS;
	spin_unlock_irq(&sighand->siglock);
}

static void kill_fn(struct callback_head *work)
{
	if (SA_IMMUTABLE)
		force_sigsys();
	else
		kill_as_sigsys();
	scmod_work_slot_put(&slots, work - kills);
}

/*
 * Kill current before it returns to user mode. Called by the hook, which has refused the
 * call. Until the task is killed it holds a reference to the module, so that the module
 * can't be unloaded before.
 */
void scmod_kill_current(void)
{
	int slot;

	if (current->flags & PF_EXITING)
		return;
	slot = scmod_work_slot_get(&slots);
	if (slot < 0)
		return;
	init_task_work(&kills[slot], kill_fn);
	if (scmod_taskwork_add(&kills[slot]))
		scmod_work_slot_put(&slots, slot);
}

/* At unload, after the hook has been detached: wait until no task is to be killed any more. */
void scmod_kill_drain(void)
{
	scmod_work_slots_drain(&slots);
}
