// SPDX-License-Identifier: GPL-2.0
/*
 * Shares the system call tracepoints, and their flag, with other tracers.
 *
 * Where that flag is the mark, the kernel interferes: it sets the flag on every task when
 * sys_enter and sys_exit get their first user, and clears it on every task, also on those
 * that scmod marked, when they lose their last one. So the engine, whichever it is, is
 * registered at sys_enter for as long as it is attached. Then the kernel does neither.
 *
 * But other tracers need the flag on every task, so this file sees to it in the kernel's
 * place. Tracers register and unregister by a few functions, which are probed. When a
 * tracer is about to register, every task is marked (scmod_mark_everyone()) before the
 * tracer can expect an event. That a tracer has left, or failed to register, is found out
 * afterwards by a work. None of this takes the mark off a task that a policy needs it on.
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

/* How many times somebody was about to register since load. */
static atomic_t comings = ATOMIC_INIT(0);
/* How many tasks are inside a function that registers. */
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
	/* Assume that there are other tracers, until scmod_share_init() has looked. */
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
		/* Whoever settles a task after this barrier sees that all are to be marked. */
		smp_mb();
		/* Is over when current's call returns: before then it can't expect events. */
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
	/* Pairs with others_are_there(): see what was registered, if nobody is inside. */
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

/*
 * So many tasks can be inside at once. If there were ever more, some were not counted,
 * and other tracers are assumed to be there for good: see miscounted().
 */
#define INSIDE_MOST	256

#define RETURN_OF(name, at_entry, at_return) {				\
	.kp.symbol_name = (name),					\
	.entry_handler = (at_entry),					\
	.handler = (at_return),						\
	.maxactive = INSIDE_MOST,					\
}

/* Probes where those functions return. */
static struct kretprobe returns[] = {
	RETURN_OF("tracepoint_probe_register", enter_inside, leave_inside),
	RETURN_OF("tracepoint_probe_register_prio", enter_inside, leave_inside),
	RETURN_OF("tracepoint_probe_register_prio_may_exist", enter_inside, leave_inside),
	RETURN_OF("tracepoint_probe_unregister", enter_going, leave_going),
};

/*
 * Probes where they begin: three that register, one of which may call another, and one
 * that unregisters.
 */
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

/* A probe that still runs may start the work, so the work is ended after the probes. */
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
		/* Clear what an earlier attempt to attach left there. */
		returns[r].kp.addr = NULL;
		returns[r].kp.flags = 0;
		ret = scmod_register_kretprobe(&returns[r]);
		if (ret) {
			probes_unregister(0, r);
			return ret;
		}
	}
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		/* Clear what an earlier attempt to attach left there. */
		probes[i].addr = NULL;
		probes[i].flags = 0;
		ret = scmod_register_kprobe(&probes[i]);
		if (ret) {
			probes_unregister(i, r);
			return ret;
		}
	}
	return 0;
}

/* Was a task inside that could not be counted? Then @inside says nothing any more. */
static bool miscounted(void)
{
	unsigned int i, missed = 0;

	for (i = 0; i < ARRAY_SIZE(returns); i++)
		missed += READ_ONCE(returns[i].nmissed);
	return missed;
}

/*
 * Is scmod's callback the only one at sys_enter, and none at sys_exit? The answer holds
 * as long as nobody registers or unregisters.
 */
static bool alone(void)
{
	/* A single callback is called directly; several are called by a loop. */
	return READ_ONCE(enter->static_call_key->func) == ours &&
	       !static_key_enabled(&leave->key);
}

/*
 * Are other tracers registered?
 *
 * A task that entered a registering function passed on_coming() and enter_inside() with
 * preemption off. So after the grace period every task that passed on_coming() before
 * this began is counted in @inside until it has registered. Waiting for it by taking the
 * tracepoints' mutex instead would not be enough, since a mutex is no queue: whoever
 * comes later may get it first. If another task comes meanwhile, this begins again.
 *
 * The barrier is for tasks that were inside such a function before the probes were
 * there, which is so only once, at load. The barrier takes the tracepoints' mutex twice,
 * with a grace period in between, and the kernel gives a mutex to its first sleeper once
 * that was woken and overtaken. Where many tasks sleep for the mutex while scmod is
 * loaded this proves nothing; a tracer that is started at that moment may have to be
 * started again.
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
		/* First whether anybody is inside, then what has been registered. */
		smp_rmb();
		there = there || !alone();
		/* First what has been registered, then whether anybody came meanwhile. */
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
	/*
	 * A tracer that came since may have found that all tasks are to be marked already,
	 * and so have done nothing itself. Do it in its place.
	 */
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

	/*
	 * Where the flag is shared, assume that others are there until the work has looked.
	 * Where it is not, an earlier attempt to attach may have left it set.
	 */
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
	/* Look by the work, since a probe may have started it by now. */
	schedule_work(&look_work);
	flush_work(&look_work);
	return 0;
}

/*
 * From here on the kernel manages the flag again. If the engine is the last user of the
 * tracepoints, the kernel clears all marks when the engine goes. If other tracers stay,
 * or come at this moment, they need every task to be marked. So all are to be marked,
 * which scmod_mark_exit(), called next, does while on_fork() is still there: otherwise
 * a task without a mark could fork a child meanwhile, and neither that child nor its
 * children would be marked.
 */
void scmod_share_exit(void)
{
	if (!sharing)
		return;
	scmod_mark_everyone(true);
	probes_unregister(ARRAY_SIZE(probes), ARRAY_SIZE(returns));
	/* The work may have found nobody meanwhile, and have said so. */
	scmod_mark_everyone(true);
	sharing = false;
}
