// SPDX-License-Identifier: GPL-2.0
/*
 * Which tasks are marked: those whose cgroup is under an active policy.
 *
 * A mark follows the task's cgroup at fork and at every move; a change of
 * policy walks all tasks. A mark too many costs that task some instructions; a
 * mark too few would let its calls slip past.
 */
#include <linux/cgroup.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

#include "arch.h"
#include "compat.h"
#include "decide.h"
#include "mark.h"
#include "policy.h"
#include "share.h"
#include "tracepoint.h"

/* Rounds of a walk after which the rest is left to the tracepoints. */
#define WALK_ROUNDS	8

/* See compat.h. */
unsigned int scmod_mark_flag = SCMOD_FLAG_AUDIT;

/* Set by scmod_mark_exit(): from then on no task is to be marked. */
static bool stopping;

/*
 * Is an active policy above this task, or does a tracer want all tasks to be
 * marked? Under rcu_read_lock().
 */
static bool wanted(struct task_struct *t)
{
	struct scmod_view *view = scmod_view_of(task_dfl_cgroup(t));

	/* A kernel thread makes no calls, but may become a program: unmarked. */
	if (t->flags & PF_KTHREAD)
		view = NULL;
	return (view && view->active && !READ_ONCE(stopping)) ||
	       scmod_share_tracing();
}

/*
 * What a task's cgroup asks for is read and written as one: who comes next, with a
 * new policy or a new cgroup, waits for who may still write by the old one. Also who
 * finds the mark right does.
 */
#define SETTLE_LOCKS	64

static raw_spinlock_t settle_locks[SETTLE_LOCKS] = {
	[0 ... SETTLE_LOCKS - 1] = __RAW_SPIN_LOCK_UNLOCKED(settle_locks),
};

/* Return: whether the mark was changed. */
static bool settle(struct task_struct *t)
{
	raw_spinlock_t *lock = &settle_locks[hash_ptr(t, ilog2(SETTLE_LOCKS))];
	bool changed = false;
	unsigned long flags;
	bool want;

	rcu_read_lock();
	raw_spin_lock_irqsave(lock, flags);
	/* That the task is on the list, or in its cgroup, is written before it is asked. */
	smp_mb__after_spinlock();
	want = wanted(t);
	if (want && !scmod_mark_test(t)) {
		scmod_mark_set(t);
		changed = true;
	} else if (!want && scmod_mark_test(t) && !scmod_mark_shared(t)) {
		scmod_mark_clear(t);
		changed = true;
	}
	raw_spin_unlock_irqrestore(lock, flags);
	rcu_read_unlock();
	return changed;
}

/*
 * Record the call that a task, not on a CPU, sits in. Under rcu_read_lock().
 *
 * The stack may go while it is read (modules can't hold it), so it is read with
 * care, and believed only if the task had not ended by then.
 */
static void record_sleeper(struct task_struct *t)
{
	struct scmod_view *view = scmod_view_of(task_dfl_cgroup(t));
	struct pt_regs regs;

	if (!view || READ_ONCE(t->on_cpu) ||
	    copy_from_kernel_nofault(&regs, task_pt_regs(t), sizeof(regs)))
		return;
	/* The registers are read before it is asked whether the task lives. */
	smp_rmb();
	if (!READ_ONCE(t->exit_state) && !(t->flags & PF_EXITING))
		scmod_decide_sitting(view, t, &regs);
}

/*
 * On every CPU: the task that this call interrupted, if it is below the cgroup. If
 * it was in user mode, the interrupt's frame is at the top of its stack and holds
 * no call.
 */
static void record_running(void *top)
{
	if (current->flags & PF_KTHREAD)
		return;
	rcu_read_lock();
	if (cgroup_is_descendant(task_dfl_cgroup(current), top)) {
		struct scmod_view *view = scmod_view_of(task_dfl_cgroup(current));

		if (view)
			scmod_decide_sitting(view, current, task_pt_regs(current));
	}
	rcu_read_unlock();
}

static unsigned int walk(struct cgroup *top, bool record, bool *changed)
{
	struct task_struct *p, *t;
	unsigned int tasks = 0;

	*changed = false;
	rcu_read_lock();
	for_each_process_thread(p, t) {
		if (!cgroup_is_descendant(task_dfl_cgroup(t), top) ||
		    t->flags & PF_KTHREAD)
			continue;
		tasks++;
		if (settle(t))
			*changed = true;
		if (record)
			record_sleeper(t);
	}
	rcu_read_unlock();
	return tasks;
}

/**
 * scmod_mark_below() - after a policy change: settle the marks of a subtree
 * @top: its cgroup
 * @record: recording begins: record, too, the call that each task sits in. It
 *	may never enter it again, yet needs it when it is woken.
 *
 * The new policy is published, so tasks that are forked or moved from now on
 * are settled by the tracepoints, and those from before are on the task list.
 *
 * Return: how many tasks there were.
 */
unsigned int scmod_mark_below(struct cgroup *top, bool record)
{
	unsigned int rounds = WALK_ROUNDS;
	unsigned int tasks;
	bool changed;

	do {
		tasks = walk(top, record, &changed);
	} while (changed && --rounds);
	if (record) {
		on_each_cpu(record_running, top, 1);
		walk(top, true, &changed);
	}
	return tasks;
}

/**
 * scmod_mark_settle() - give every task the mark that it should have
 *
 * Context: any, also from a probe.
 */
void scmod_mark_settle(void)
{
	struct task_struct *p, *t;

	rcu_read_lock();
	for_each_process_thread(p, t)
		settle(t);
	rcu_read_unlock();
}

/* The child is on the task list and in its cgroup, and has not run yet. */
static void on_fork(void *data, struct task_struct *parent,
		    struct task_struct *child)
{
	bool nothing;

	/*
	 * Most forks there are. A policy that is not seen yet looks for its tasks after
	 * it is published, and finds the child on the list.
	 */
	smp_mb();
	rcu_read_lock();
	nothing = !scmod_mark_test(child) && !wanted(child);
	rcu_read_unlock();
	if (!nothing)
		settle(child);
}

/*
 * As when recording begins, the call that a task sits in is taken along; but for
 * the write by which a task moves itself, which is the last of its former life.
 */
static void arrive(struct task_struct *t)
{
	settle(t);
	if (t != current)
		record_sleeper(t);
}

/* The task, or its whole thread group, is in its new cgroup already. */
static void on_attach(void *data, struct cgroup *dst, const char *path,
		      struct task_struct *task, bool threadgroup)
{
	struct task_struct *t;

	rcu_read_lock();
	if (threadgroup)
		for_each_thread(task, t)
			arrive(t);
	else
		arrive(task);
	rcu_read_unlock();
}

static void on_rmdir(void *data, struct cgroup *cgrp, const char *path)
{
	scmod_policy_rmdir(cgrp);
}

static struct watch {
	const char *name;
	void *probe;
	struct tracepoint *tp;
	bool on;
} watches[] = {
	{ "sched_process_fork", on_fork },
	{ "cgroup_attach_task", on_attach },
	{ "cgroup_transfer_tasks", on_attach },
	{ "cgroup_rmdir", on_rmdir },
};

static void watches_stop(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(watches); i++) {
		if (watches[i].on)
			tracepoint_probe_unregister(watches[i].tp,
						    watches[i].probe, NULL);
		watches[i].on = false;
	}
	tracepoint_synchronize_unregister();
}

/**
 * scmod_mark_exit() - at unload, or when loading fails: leave no mark
 *
 * A fork copies its parent's mark early and passes the tracepoint late. So the
 * marks are cleared first, then the forks that began before are waited for, and
 * only then the tracepoints go. One that sleeps all that while, for memory say, is
 * not waited for: its child keeps the mark, which costs it the slow entry, until the
 * module is loaded again.
 */
void scmod_mark_exit(void)
{
	WRITE_ONCE(stopping, true);
	scmod_mark_settle();
	synchronize_rcu_tasks();
	watches_stop();
	scmod_mark_settle();
}

int scmod_mark_init(void)
{
	unsigned int i;
	int ret;

	WRITE_ONCE(stopping, false);
	for (i = 0; i < ARRAY_SIZE(watches); i++) {
		ret = -ENOENT;
		watches[i].tp = scmod_tracepoint_find(watches[i].name);
		if (watches[i].tp)
			ret = tracepoint_probe_register(watches[i].tp,
							watches[i].probe, NULL);
		if (ret) {
			pr_err("cannot use tracepoint %s: %pe; scmod needs a kernel with CONFIG_TRACEPOINTS and cgroup v2\n",
			       watches[i].name, ERR_PTR(ret));
			watches_stop();
			return ret;
		}
		watches[i].on = true;
	}
	/* Those that were forked until now may have a mark of their parent's. */
	scmod_mark_settle();
	return 0;
}
