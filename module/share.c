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

/* Written by the probes (to true), and by the work, init and exit. */
static bool others;
/* Counts up with everybody who is about to come. */
static atomic_t comings = ATOMIC_INIT(0);
static bool sharing;

static void look(struct work_struct *work);
static DECLARE_WORK(look_work, look);

bool scmod_share_tracing(void)
{
	return READ_ONCE(others);
}

int scmod_share_join(void *callback)
{
	int ret;

	enter = scmod_tracepoint_find("sys_enter");
	if (!enter)
		return -ENOENT;
	ret = tracepoint_probe_register(enter, callback, NULL);
	if (!ret)
		ours = callback;
	return ret;
}

void scmod_share_leave(void)
{
	tracepoint_probe_unregister(enter, ours, NULL);
	tracepoint_synchronize_unregister();
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
	if (!READ_ONCE(others)) {
		WRITE_ONCE(others, true);
		/* Whoever settles a task from here on, us among them, sees it. */
		smp_mb();
		scmod_mark_settle();
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
static void probes_unregister(unsigned int n)
{
	while (n--)
		unregister_kprobe(&probes[n]);
	cancel_work_sync(&look_work);
}

static int probes_register(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		/* What an earlier registration left; see attach.c. */
		probes[i].addr = NULL;
		probes[i].flags = 0;
		ret = register_kprobe(&probes[i]);
		if (ret) {
			probes_unregister(i);
			return ret;
		}
	}
	return 0;
}

/* Steady while nobody registers or unregisters. */
static bool alone(void)
{
	/* With one callback the kernel calls it; with more, a loop over them. */
	return READ_ONCE(enter->static_call_key->func) == ours &&
	       !static_key_enabled(&leave->key);
}

/*
 * Whoever passed a probe before this began is registered when it looks, or has
 * left: after the grace period they sleep for the tracepoints' lock at least,
 * and the barrier is behind them there. Whoever comes later makes it begin again.
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
		there = !alone();
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
	WRITE_ONCE(others, false);
	/* Somebody may have come by now and have taken our word for his. */
	smp_mb();
	if (before != atomic_read(&comings)) {
		WRITE_ONCE(others, true);
		schedule_work(&look_work);
	}
	scmod_mark_settle();
}

/* The engine has joined by now. */
int scmod_share_init(void)
{
	int ret;

	/* Until we know better. An attempt before this one may have left it true. */
	WRITE_ONCE(others, scmod_mark_flag == SCMOD_FLAG_TRACEPOINT);
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
 * need them.
 */
void scmod_share_exit(void)
{
	if (!sharing)
		return;
	probes_unregister(ARRAY_SIZE(probes));
	sharing = false;
	WRITE_ONCE(others, true);
	scmod_mark_settle();
}
