// SPDX-License-Identifier: GPL-2.0
/*
 * Which tasks are marked: those whose cgroup is under an active policy.
 *
 * The mark of a task is set or cleared when the task is forked, when it moves to another
 * cgroup, and when a policy changes, for which all tasks are walked. A task that is
 * marked without need only takes the slower system call entry. A task that lacks the
 * mark would make calls that are neither seen nor refused.
 */
#include <linux/binfmts.h>
#include <linux/bitmap.h>
#include <linux/cgroup.h>
#include <linux/delay.h>
#include <linux/hash.h>
#include <linux/idr.h>
#include <linux/log2.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>

#include "arch.h"
#include "compat.h"
#include "decide.h"
#include "mark.h"
#include "sitting.h"
#include "taskwork.h"
#include "tracepoint.h"
#include "view.h"

/*
 * A walk is repeated while it finds wrong marks, at most so often. Tasks that come later
 * are left to the tracepoints.
 */
#define WALK_ROUNDS	8

/* See compat.h. */
unsigned int scmod_mark_flag = SCMOD_FLAG_AUDIT;

/* See scmod_mark_everyone(). */
static bool everyone;

/* Set by scmod_mark_exit(): from then on no task is to be marked. */
static bool stopping;

/**
 * scmod_mark_everyone() - is somebody else there who wants every task to be marked?
 * @yes: from now on. Whoever settles a task after a full barrier sees it; tasks from
 *	before have to be settled by the caller
 *
 * Context: any.
 */
void scmod_mark_everyone(bool yes)
{
	WRITE_ONCE(everyone, yes);
}

bool scmod_mark_is_everyone(void)
{
	return READ_ONCE(everyone);
}

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
	       READ_ONCE(everyone);
}

/*
 * Whether a task is to be marked is decided and written under one of these locks, chosen
 * by the task. So nobody can overwrite a mark by an older decision: after a change of
 * policy or cgroup, settle() waits for others who may still write by what held before,
 * even if it finds the mark right.
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
	/*
	 * The caller has put the task on the task list or into its cgroup, or has
	 * published a policy. Those writes come before the reads in wanted().
	 */
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

/**
 * struct walk - over all tasks, or some of them
 * @policy: only those that this policy applies to, unless it is NULL
 * @leader: only those of its thread group, unless it is NULL
 * @spare: record nothing for this one
 * @record: record the calls that they sit in
 * @tasks: how many there were
 * @changed: a mark was
 */
struct walk {
	struct scmod_policy *policy;
	struct task_struct *leader;
	struct task_struct *spare;
	bool record;
	unsigned int tasks;
	bool changed;
};

/* Does the policy apply to the task, itself or by those below it? */
static bool applies(struct scmod_policy *p, struct task_struct *t)
{
	struct scmod_view *view = scmod_view_of(task_dfl_cgroup(t));

	while (view && view->policy != p)
		view = view->up;
	return view;
}

static bool walk_concerns(const struct walk *w, struct task_struct *t)
{
	if (w->leader)
		return same_thread_group(w->leader, t);
	/* Kernel threads make no calls. Only a walk over all tasks sees to their marks. */
	return !w->policy || (!(t->flags & PF_KTHREAD) && applies(w->policy, t));
}

/* Return: whether it may have taken long. */
static bool walk_task(struct walk *w, struct task_struct *t)
{
	if (!walk_concerns(w, t))
		return false;
	w->tasks++;
	if (settle(t))
		w->changed = true;
	if (!w->record || t == w->spare)
		return false;
	/*
	 * After the mark is set: otherwise the task could leave the call that is recorded
	 * and make another one, which nobody sees.
	 */
	scmod_sitting_record(t);
	return true;
}

/*
 * So many tasks are settled before the CPU may be given to others. That takes less than
 * 100 us even if each of them is looked up through a thousand parent cgroups. With a
 * thousand recording policies above a task, recording its call alone can take that long,
 * so a recorded task ends the batch.
 */
#define WALK_BATCH	16

/* Visit a batch of tasks, from thread id *@nr on. Return: whether there are more. */
static bool walk_some(struct walk *w, int *nr)
{
	unsigned int n = WALK_BATCH;
	struct task_struct *t;
	struct pid *pid = NULL;

	rcu_read_lock();
	while (n && (pid = idr_get_next(&init_pid_ns.idr, nr))) {
		t = pid_task(pid, PIDTYPE_PID);
		n = t && walk_task(w, t) ? 0 : n - 1;
		++*nr;
	}
	rcu_read_unlock();
	return pid;
}

/*
 * Walk by thread id, as /proc does, so that the walk can pause after any task although
 * tasks end meanwhile. Tasks that are forked meanwhile are settled by on_fork(). A task
 * keeps its thread id, with one exception: a thread that executes a program takes over
 * the id of its thread group's leader, which the walk may have passed already. on_exec()
 * settles that thread.
 */
static void walk(struct walk *w)
{
	int nr = 1;

	while (walk_some(w, &nr))
		cond_resched();
}

/**
 * scmod_mark_policy() - after a policy change: settle the marks of tasks that it applies to
 * @p: the policy
 * @record: recording begins, so also record the call that each task is inside. The task
 *	may never enter that call again, but was seen to need it.
 *
 * The new policy is published: tasks that are forked or moved from now on are settled by
 * the tracepoints, and all others are on the task list.
 *
 * Return: how many tasks there were.
 */
unsigned int scmod_mark_policy(struct scmod_policy *p, bool record)
{
	unsigned int rounds = WALK_ROUNDS;
	struct walk w;

	do {
		w = (struct walk){ .policy = p, .record = record };
		walk(&w);
	} while (w.changed && --rounds);
	return w.tasks;
}

/**
 * scmod_mark_settle() - give every task the mark that it should have
 *
 * Context: process; may sleep.
 *
 * Return: whether a mark was changed.
 */
bool scmod_mark_settle(void)
{
	struct walk w = { };

	walk(&w);
	return w.changed;
}

#define LATERS	64

/**
 * struct later - a walk that current does before it returns to user mode
 *
 * For walks that take too long where they become necessary, with interrupts off, but
 * must be over when the system call returns that made them necessary. Each is in use
 * during one such call, so that this many are hardly ever in use at once.
 *
 * @work: the task work
 * @task: the task to settle, with a reference; NULL for all tasks
 * @threadgroup: settle the other threads of its group, too
 * @record: record the calls that they are inside
 */
struct later {
	struct callback_head work;
	struct task_struct *task;
	bool threadgroup;
	bool record;
};

static struct later laters[LATERS];
static DECLARE_BITMAP(laters_busy, LATERS);

static struct later *later_get(struct task_struct *task)
{
	unsigned int i;

	for (i = 0; i < LATERS; i++) {
		if (test_and_set_bit_lock(i, laters_busy))
			continue;
		if (task)
			get_task_struct(task);
		laters[i].task = task;
		return &laters[i];
	}
	return NULL;
}

static void later_put(struct later *later)
{
	if (later->task)
		put_task_struct(later->task);
	clear_bit_unlock(later - laters, laters_busy);
}

static void later_fn(struct callback_head *work)
{
	struct later *later = container_of(work, struct later, work);
	struct walk w = {
		.leader = later->task,
		.spare = current,
		.record = later->record,
	};

	if (!later->task || later->threadgroup) {
		walk(&w);
	} else {
		rcu_read_lock();
		walk_task(&w, later->task);
		rcu_read_unlock();
	}
	later_put(later);
}

/*
 * Return: false if it can't be done later: kernel threads and io_uring's workers never
 * return to user mode, or all slots are in use.
 */
static bool walk_later(struct task_struct *task, bool threadgroup, bool record)
{
	struct later *later;

	if (current->flags & (PF_KTHREAD | PF_IO_WORKER | PF_EXITING))
		return false;
	later = later_get(task);
	if (!later)
		return false;
	later->threadgroup = threadgroup;
	later->record = record;
	init_task_work(&later->work, later_fn);
	if (!scmod_taskwork_add(&later->work))
		return true;
	later_put(later);
	return false;
}

/* Nobody calls walk_later() any more. Wait until no task is inside later_fn(). */
static void laters_drain(void)
{
	while (!bitmap_empty(laters_busy, LATERS))
		msleep(20);
	synchronize_rcu_tasks();
}

/**
 * scmod_mark_settle_soon() - as scmod_mark_settle(), before current's call returns
 *
 * Context: any, also from a probe.
 */
void scmod_mark_settle_soon(void)
{
	struct task_struct *p, *t;

	if (walk_later(NULL, false, false))
		return;
	rcu_read_lock();
	for_each_process_thread(p, t)
		settle(t);
	rcu_read_unlock();
}

/* At this tracepoint the child is on the task list and in its cgroup, and has not run. */
static void on_fork(void *data, struct task_struct *parent,
		    struct task_struct *child)
{
	bool nothing;

	/*
	 * Nearly all forks need nothing, so look without the lock first. If this misses a
	 * policy that is being published, then the walk that follows its publication finds
	 * the child on the task list.
	 */
	smp_mb();
	rcu_read_lock();
	nothing = !scmod_mark_test(child) && !wanted(child);
	rcu_read_unlock();
	if (!nothing)
		settle(child);
}

/*
 * Two kinds of tasks need this. Before Linux 5.19 a usermode helper is forked as a kernel
 * thread, which is not marked, and becomes a program here, before its first call. And a
 * thread that executes a program gets another thread id, see walk(). For other tasks the
 * mark is right already.
 */
static void on_exec(void *data, struct task_struct *p, pid_t old_pid,
		    struct linux_binprm *bprm)
{
	settle(p);
}

/*
 * When a thread group is moved, so many of its threads are settled inside the tracepoint,
 * which is passed with interrupts off. Each takes less than a microsecond.
 */
#define ARRIVE_AT_ONCE	64

/* Return: whether there are more. */
static bool arrive_at_once(struct task_struct *task, unsigned int most)
{
	struct task_struct *t;
	bool more = false;

	rcu_read_lock();
	for_each_thread(task, t) {
		more = !most;
		if (more)
			break;
		settle(t);
		most--;
	}
	rcu_read_unlock();
	return more;
}

/* Does a policy that applies to @cgrp record? */
static bool records(struct cgroup *cgrp)
{
	struct scmod_view *view;

	rcu_read_lock();
	view = scmod_view_of(cgrp);
	while (view && !scmod_mode_records(view->rules->mode))
		view = view->up;
	rcu_read_unlock();
	return view;
}

/* Where walk_later() can't: settle and record with interrupts off, however long it takes. */
static void arrive_now(struct task_struct *task, bool threadgroup)
{
	struct task_struct *t;

	rcu_read_lock();
	for_each_thread(task, t) {
		if (!threadgroup && t != task)
			continue;
		settle(t);
		if (t != current)
			scmod_sitting_record_asleep(t);
	}
	rcu_read_unlock();
}

/*
 * The task, or its whole thread group, is in its new cgroup already and may have run
 * there: the kernel calls this tracepoint some time after the move, with interrupts off.
 * What is not done here is done before the write that moves the task returns; until then
 * nobody can rely on the move.
 *
 * Before the call the kernel makes the path of @dst for the tracepoint, also with
 * interrupts off, in time that grows with the square of the cgroup's depth
 * (kernfs_path_from_node_locked()): 2.5 ms at a depth of 1000 on 6.1. That can't be
 * avoided by a user of the tracepoint.
 *
 * If a policy above the new cgroup records, the call that a task is inside is recorded,
 * as when recording begins. The exception is a task that moves itself: the write by which
 * it does so belongs to what it did in its old cgroup.
 */
static void on_attach(void *data, struct cgroup *dst, const char *path,
		      struct task_struct *task, bool threadgroup)
{
	bool more = false;
	bool record;

	/* A move in a cgroup v1 hierarchy changes nothing here. */
	if (!scmod_cgroup_is_v2(dst))
		return;
	threadgroup = threadgroup && !thread_group_empty(task);
	if (threadgroup)
		more = arrive_at_once(task, ARRIVE_AT_ONCE);
	else
		settle(task);
	record = (threadgroup || task != current) && records(dst);
	if ((more || record) && !walk_later(task, threadgroup, record))
		arrive_now(task, threadgroup);
}

/*
 * A task gets into a cgroup of the v2 hierarchy in two ways: by fork, and by
 * cgroup_attach_task(), through which go all writes to cgroup.procs and cgroup.threads,
 * and cgroup_attach_task_all(). cgroup_transfer_tasks() is for v1 hierarchies only. A
 * controller that is switched on or off gives tasks another css_set, but of the same
 * cgroup. A task that has ended keeps its cgroup until it is freed.
 */
static struct scmod_tracepoint_use uses[] = {
	{ .name = "sched_process_fork", .probe = on_fork },
	{ .name = "sched_process_exec", .probe = on_exec },
	{ .name = "cgroup_attach_task", .probe = on_attach },
};

/**
 * scmod_mark_exit() - at unload, or when loading fails: leave no mark
 *
 * Where other tracers share the flag, share.c has said by now that everyone is to be
 * marked: every task gets the mark, and the kernel takes it away when the last goes.
 *
 * A fork copies the parent's mark early and passes the tracepoint late. So first all
 * marks are settled, then forks that began before are waited for, and only then the
 * tracepoints are left. A fork that sleeps during all of that, for memory say, is not
 * waited for: its child keeps the mark, and so takes the slower system call entry, until
 * the module is loaded again.
 */
void scmod_mark_exit(void)
{
	WRITE_ONCE(stopping, true);
	scmod_mark_settle();
	synchronize_rcu_tasks();
	scmod_tracepoint_unuse(uses, ARRAY_SIZE(uses));
	laters_drain();
	scmod_mark_settle();
}

int scmod_mark_init(void)
{
	int ret;

	WRITE_ONCE(stopping, false);
	ret = scmod_tracepoint_use(uses, ARRAY_SIZE(uses));
	if (ret)
		return ret;
	/* Tasks that were forked before this may have copied a mark from their parent. */
	scmod_mark_settle();
	return 0;
}
