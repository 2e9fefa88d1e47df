// SPDX-License-Identifier: GPL-2.0
/*
 * Shares the tracepoint that we hold with other tracers.
 *
 * The kernel marks every task when sys_enter and sys_exit get their first user,
 * and takes the marks away when they lose their last. With us registered it does
 * neither: so it is done here, for whoever comes besides. They come and go by
 * few functions, which are probed. Whoever is about to come has every task
 * marked before it can expect an event; that it has left, or did not come, is
 * found out afterwards, by a work.
 */
#include <linux/kprobes.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/workqueue.h>

#include "hook.h"
#include "mark.h"
#include "share.h"
#include "tracepoint.h"

static struct tracepoint *enter, *leave;

/* Written by the probes (to true), and by the work and init (to either). */
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

static bool is_ours(struct pt_regs *regs)
{
	struct tracepoint *tp = (void *)regs_get_kernel_argument(regs, 0);

	return tp == enter || tp == leave;
}

static int on_coming(struct kprobe *p, struct pt_regs *regs)
{
	if (!is_ours(regs))
		return 0;
	atomic_inc(&comings);
	if (!READ_ONCE(others)) {
		WRITE_ONCE(others, true);
		/* Whoever clears a mark looks at it again: settle(). */
		smp_mb();
		scmod_mark_settle();
	}
	schedule_work(&look_work);
	return 0;
}

static int on_going(struct kprobe *p, struct pt_regs *regs)
{
	if (is_ours(regs))
		schedule_work(&look_work);
	return 0;
}

/* The ways to come, by some of which others go, and the way to go. */
static struct kprobe probes[] = {
	{ .symbol_name = "tracepoint_probe_register", .pre_handler = on_coming },
	{ .symbol_name = "tracepoint_probe_register_prio", .pre_handler = on_coming },
	{ .symbol_name = "tracepoint_probe_register_prio_may_exist",
	  .pre_handler = on_coming },
	{ .symbol_name = "tracepoint_probe_unregister", .pre_handler = on_going },
};

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
		there = !scmod_hook_tracepoint_alone() ||
			static_key_enabled(&leave->key);
		/* They are looked for before it is asked who came meanwhile. */
		smp_mb();
	} while (before != atomic_read(&comings));
	return there;
}

static void look(struct work_struct *work)
{
	int before = atomic_read(&comings);
	bool there = others_are_there();

	if (there)
		return;
	WRITE_ONCE(others, false);
	/* Somebody may have come by now and taken our word for his. */
	smp_mb();
	if (before != atomic_read(&comings))
		WRITE_ONCE(others, true);
	scmod_mark_settle();
	if (READ_ONCE(others))
		schedule_work(&look_work);
}

int scmod_share_init(void)
{
	unsigned int i;
	int ret = -ENOENT;

	if (scmod_hook_is_kprobe())
		return 0;
	enter = scmod_tracepoint_find("sys_enter");
	leave = scmod_tracepoint_find("sys_exit");
	if (!enter || !leave)
		goto err;
	WRITE_ONCE(others, true);
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		probes[i].addr = NULL;
		probes[i].flags = 0;
		ret = register_kprobe(&probes[i]);
		if (ret)
			goto err_probes;
	}
	sharing = true;
	look(NULL);
	return 0;

err_probes:
	while (i--)
		unregister_kprobe(&probes[i]);
	cancel_work_sync(&look_work);
err:
	pr_err("cannot watch other tracers of system calls: %pe; they would see nothing. Load with hook=kprobe\n",
	       ERR_PTR(ret));
	return ret;
}

/*
 * The kernel takes over again: if we are the last at the tracepoint it clears
 * all marks when we go; those who stay, or come at this very moment, need them.
 */
void scmod_share_exit(void)
{
	unsigned int i;

	if (!sharing)
		return;
	for (i = 0; i < ARRAY_SIZE(probes); i++)
		disable_kprobe(&probes[i]);
	cancel_work_sync(&look_work);
	WRITE_ONCE(others, true);
	scmod_mark_settle();
	for (i = 0; i < ARRAY_SIZE(probes); i++)
		unregister_kprobe(&probes[i]);
}
