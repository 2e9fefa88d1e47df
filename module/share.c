// SPDX-License-Identifier: GPL-2.0
/*
 * Shares the system call tracepoints, and their flag, with other tracers.
 *
 * Where that flag is the mark, the kernel gets in the way: it sets it on every
 * task when sys_enter and sys_exit get their first user, and clears it on every
 * task, ours too, when they lose their last. So the engine, whichever it is, is
 * registered there for as long as it is attached, and the kernel does neither.
 *
 * What other tracers need is done here instead. They come and go by few
 * functions, which are probed. Whoever is about to come has every task marked
 * before it can expect an event; that it has left, or did not come, is found out
 * afterwards, by a work. No mark of a tracked task is touched by any of this.
 *
 * While others are there every task is to be marked: scmod_mark_everyone(). The probes
 * say so, and the work, joining, leaving and exit say what they know.
 */
#include <linux/kprobes.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "mark.h"
#include "share.h"
#include "tracepoint.h"

/* Set once, by scmod_share_join() and scmod_share_init(). */
static struct tracepoint *enter, *leave;
static void *ours;

/* Counts up with everybody who is about to come. */
static atomic_t comings = ATOMIC_INIT(0);
/* Those who are coming: inside a function that registers. */
static atomic_t inside = ATOMIC_INIT(0);
static bool sharing;

static void look(struct work_struct *work);
static DECLARE_WORK(look_work, look);

int scmod_share_join(void *callback)
{
	int ret;

	enter = scmod_tracepoint_find("sys_enter");
	if (!enter)
		return -ENOENT;
	/* Until we know better: scmod_share_init(). */
	scmod_mark_everyone(true);
	ret = tracepoint_probe_register(enter, callback, NULL);
	if (ret)
		scmod_mark_everyone(false);
	else
		ours = callback;
	return ret;
}

void scmod_share_leave(void)
{
	tracepoint_probe_unregister(enter, ours, NULL);
	tracepoint_synchronize_unregister();
	scmod_mark_everyone(false);
}

static bool concerns(struct pt_regs *regs)
{
	struct tracepoint *tp = (void *)regs_get_kernel_argument(regs, 0);

	return tp == enter || tp == leave;
}

static int on_coming(struct kprobe *p, struct pt_regs *regs)
{
	if (!concerns(regs))
		return 0;
	atomic_inc(&comings);
	if (!scmod_mark_is_everyone()) {
		scmod_mark_everyone(true);
		/* Whoever settles a task from here on, us among them, sees it. */
		smp_mb();
		/* Done when current's call returns, before it can expect an event. */
		scmod_mark_settle_soon();
	}
	schedule_work(&look_work);
	return 0;
}

static int on_going(struct kprobe *p, struct pt_regs *regs)
{
	if (concerns(regs))
		schedule_work(&look_work);
	return 0;
}

static int enter_inside(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	if (!concerns(regs))
		return 1;
	atomic_inc(&inside);
	return 0;
}

static int leave_inside(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	/* What was registered is seen by who sees that nobody is inside. */
	smp_mb__before_atomic();
	atomic_dec(&inside);
	schedule_work(&look_work);
	return 0;
}

static int enter_going(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	return !concerns(regs);
}

static int leave_going(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	schedule_work(&look_work);
	return 0;
}

/* All the tasks at once that can be inside, or no other is looked for any more. */
#define INSIDE_MOST	256

#define RETURN_OF(name, at_entry, at_return) {				\
	.kp.symbol_name = (name),					\
	.entry_handler = (at_entry),					\
	.handler = (at_return),						\
	.maxactive = INSIDE_MOST,					\
}

/* When they come back from there. */
static struct kretprobe returns[] = {
	RETURN_OF("tracepoint_probe_register", enter_inside, leave_inside),
	RETURN_OF("tracepoint_probe_register_prio", enter_inside, leave_inside),
	RETURN_OF("tracepoint_probe_register_prio_may_exist", enter_inside, leave_inside),
	RETURN_OF("tracepoint_probe_unregister", enter_going, leave_going),
};

/* The ways to come, some of which lead through others, and the way to go. */
static struct kprobe probes[] = {
	{ .symbol_name = "tracepoint_probe_register",
	  .pre_handler = on_coming },
	{ .symbol_name = "tracepoint_probe_register_prio",
	  .pre_handler = on_coming },
	{ .symbol_name = "tracepoint_probe_register_prio_may_exist",
	  .pre_handler = on_coming },
	{ .symbol_name = "tracepoint_probe_unregister",
	  .pre_handler = on_going },
};

/* A probe that still runs may start the work, so that is ended after them. */
static void probes_unregister(unsigned int n, unsigned int n_returns)
{
	while (n--)
		unregister_kprobe(&probes[n]);
	while (n_returns--)
		unregister_kretprobe(&returns[n_returns]);
	cancel_work_sync(&look_work);
}

static int probes_register(void)
{
	unsigned int i, r;
	int ret = 0;

	for (r = 0; r < ARRAY_SIZE(returns); r++) {
		/* What an earlier registration left; see attach.c. */
		returns[r].kp.addr = NULL;
		returns[r].kp.flags = 0;
		ret = register_kretprobe(&returns[r]);
		if (ret) {
			probes_unregister(0, r);
			return ret;
		}
	}
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		/* What an earlier registration left; see attach.c. */
		probes[i].addr = NULL;
		probes[i].flags = 0;
		ret = register_kprobe(&probes[i]);
		if (ret) {
			probes_unregister(i, r);
			return ret;
		}
	}
	return 0;
}

/* Is somebody inside who was not counted? Then nobody can be said to be outside. */
static bool miscounted(void)
{
	unsigned int i, missed = 0;

	for (i = 0; i < ARRAY_SIZE(returns); i++)
		missed += READ_ONCE(returns[i].nmissed);
	return missed;
}

/* Steady while nobody registers or unregisters. */
static bool alone(void)
{
	/* With one callback the kernel calls it; with more, a loop over them. */
	return READ_ONCE(enter->static_call_key->func) == ours &&
	       !static_key_enabled(&leave->key);
}

/*
 * Whoever passed a probe before this began is counted inside until it has registered:
 * both are done with preemption off, so they are behind it after the grace period. To
 * wait for it by taking the tracepoints' lock, for which it may sleep, is not enough:
 * a mutex is no queue, and who comes later may get it first. Whoever comes later than
 * this makes it begin again.
 *
 * The barrier is for those who were inside before there were probes, once: the kernel
 * hands the lock to the first who sleeps for it when that was woken and overtaken, and
 * the barrier takes the lock twice with a grace period in between. That is no proof
 * where many sleep for it while scmod is loaded; a tracer that starts at that very
 * moment may have to be started again.
 */
static bool others_are_there(void)
{
	int before;
	bool there;

	do {
		before = atomic_read(&comings);
		synchronize_rcu_tasks();
		if (scmod_tracepoint_barrier())
			return true;
		there = atomic_read(&inside) || miscounted();
		/* Nobody is inside; then it is looked for what they have registered. */
		smp_rmb();
		there = there || !alone();
		/* They are looked for before it is asked who came meanwhile. */
		smp_mb();
	} while (before != atomic_read(&comings));
	return there;
}

static void look(struct work_struct *work)
{
	int before = atomic_read(&comings);

	if (others_are_there())
		return;
	scmod_mark_everyone(false);
	/* Somebody may have come by now and have taken our word for his. */
	smp_mb();
	if (before != atomic_read(&comings)) {
		scmod_mark_everyone(true);
		schedule_work(&look_work);
	}
	scmod_mark_settle();
}

/* The engine has joined by now. */
int scmod_share_init(void)
{
	int ret;

	/* Until we know better. An attempt before this one may have left it so. */
	scmod_mark_everyone(scmod_mark_flag == SCMOD_FLAG_TRACEPOINT);
	if (scmod_mark_flag != SCMOD_FLAG_TRACEPOINT)
		return 0;
	leave = scmod_tracepoint_find("sys_exit");
	ret = leave ? probes_register() : -ENOENT;
	if (ret) {
		pr_err("cannot watch other tracers of system calls: %pe; they would see nothing\n",
		       ERR_PTR(ret));
		return ret;
	}
	sharing = true;
	/* As the work, which a probe may have started by now. */
	schedule_work(&look_work);
	flush_work(&look_work);
	return 0;
}

/*
 * The kernel takes over again: if the engine is the last at the tracepoints it
 * clears all marks when that goes; those who stay, or come at this very moment,
 * need them. scmod_mark_exit(), which comes next, sets them: with on_fork() still
 * there, or a task that is forked meanwhile by one that had no mark yet would have
 * none, nor would those that it forks.
 */
void scmod_share_exit(void)
{
	if (!sharing)
		return;
	scmod_mark_everyone(true);
	probes_unregister(ARRAY_SIZE(probes), ARRAY_SIZE(returns));
	/* What the work found meanwhile. */
	scmod_mark_everyone(true);
	sharing = false;
}
