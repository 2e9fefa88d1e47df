// SPDX-License-Identifier: GPL-2.0
/*
 * Records the calls that tasks sit in when learning begins, or when they come to where
 * somebody learns: they may never enter these calls again, but need them.
 */
#include <linux/cgroup.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/smp.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "decide.h"
#include "sitting.h"
#include "view.h"

/**
 * scmod_sitting_record_asleep() - record the call that a task, not on a CPU, sits in
 * @t: the task; marked, or it could leave that call and make another one unseen
 *
 * The kernel may free the stack while it is read, since modules can't hold a reference
 * to it. So it is read by copy_from_kernel_nofault(), and what was read counts only if
 * the task had not ended by then.
 *
 * Context: under rcu_read_lock().
 *
 * Return: false if the task was on a CPU meanwhile, so that its registers on the stack
 * may be those of another call, or of none.
 */
bool scmod_sitting_record_asleep(struct task_struct *t)
{
	struct scmod_view *view = scmod_view_of(task_dfl_cgroup(t));
	struct pt_regs regs;

	if (READ_ONCE(t->on_cpu))
		return false;
	if (!view || copy_from_kernel_nofault(&regs, task_pt_regs(t), sizeof(regs)))
		return true;
	/* Read the registers first, then whether the task has run meanwhile. */
	smp_rmb();
	if (READ_ONCE(t->on_cpu))
		return false;
	if (!READ_ONCE(t->exit_state) && !(t->flags & PF_EXITING))
		scmod_decide_sitting(view, t, &regs);
	return true;
}

/* A running task whose call is asked for, and whether its CPU has found it running. */
struct asked {
	struct task_struct *task;
	bool answered;
};

/*
 * On the CPU that @asked->task was last seen on. If the interrupt came in user mode,
 * its frame is at the top of the task's stack and holds no call.
 */
static void record_running(void *data)
{
	struct asked *asked = data;
	struct scmod_view *view;

	if (current != asked->task)
		return;
	asked->answered = true;
	rcu_read_lock();
	view = scmod_view_of(task_dfl_cgroup(current));
	if (view)
		scmod_decide_sitting(view, current, task_pt_regs(current));
	rcu_read_unlock();
}

/*
 * A running task is asked by an interrupt on its CPU, and may have left that CPU by then.
 * It is missed only if it starts and stops running this many times in a row, each time
 * within the microseconds between the look and the interrupt.
 */
#define RECORD_TRIES	16

/**
 * scmod_sitting_record() - record the call that a task sits in, wherever it is
 * @t: the task; marked, or it could leave that call and make another one unseen
 *
 * Context: under rcu_read_lock(), with interrupts on.
 */
void scmod_sitting_record(struct task_struct *t)
{
	struct asked asked = { .task = t };
	unsigned int tries = RECORD_TRIES;

	while (tries-- && !asked.answered && !scmod_sitting_record_asleep(t))
		smp_call_function_single(task_cpu(t), record_running, &asked, true);
}
