// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps marks right where the mark is the tracepoints' own flag.
 *
 * The kernel sets that flag on every task when somebody begins to trace system
 * calls (syscall_regfunc), and clears it on every task when the last one ends
 * (syscall_unregfunc). While they trace, no mark is cleared; when they have
 * left, the marks are set again at once. This is for a kprobe; where we hold the
 * tracepoint ourselves, share.c does what there is to do.
 */
#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/ptrace.h>

#include "compat.h"
#include "guard.h"
#include "hook.h"
#include "mark.h"
#include "tracepoint.h"

/*
 * How many of the tracepoints sys_enter and sys_exit are in use, as the probes
 * below count; scmod_guard_init() adds what there was before.
 */
static atomic_t tracers = ATOMIC_INIT(0);

/* Counts up whenever the probes count, which the kernel has a lock around. */
static unsigned int changes;

static bool guarding;

/* No flag has been set yet. */
static int on_begin(struct kprobe *p, struct pt_regs *regs)
{
	WRITE_ONCE(changes, changes + 1);
	atomic_inc(&tracers);
	/* Whoever clears a mark looks at the count again: settle(). */
	smp_mb__after_atomic();
	return 0;
}

/* The flags have been cleared, those that are marks as well. */
static int on_ended(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	WRITE_ONCE(changes, changes + 1);
	if (atomic_dec_and_test(&tracers))
		scmod_mark_settle();
	return 0;
}

static struct kprobe begin;
static struct kretprobe ended;

/* Does the kernel itself want the mark on every task? */
bool scmod_guard_tracing(void)
{
	return atomic_read(&tracers);
}

/*
 * Take in the tracers from before the probes. Those that are registered show in
 * the tracepoints; those on their way are waited for. Whoever comes or goes
 * meanwhile is counted by the probes and makes it start again.
 */
static int count_earlier(void)
{
	struct tracepoint *enter = scmod_tracepoint_find("sys_enter");
	struct tracepoint *exit = scmod_tracepoint_find("sys_exit");
	unsigned int before;
	int counted, used;
	int ret;

	if (!enter || !exit)
		return -ENOENT;
	do {
		before = READ_ONCE(changes);
		counted = atomic_read(&tracers);
		ret = scmod_tracepoint_barrier();
		if (ret)
			return ret;
		used = static_key_enabled(&enter->key) +
		       static_key_enabled(&exit->key);
		/* Their state is read before it is asked who came. */
		smp_mb();
	} while (before != READ_ONCE(changes));
	atomic_add(used - counted, &tracers);
	return 0;
}

static int probes_register(void)
{
	int ret;

	begin = (struct kprobe){
		.symbol_name = "syscall_regfunc",
		.pre_handler = on_begin,
	};
	ended = (struct kretprobe){
		.kp.symbol_name = "syscall_unregfunc",
		.handler = on_ended,
	};
	ret = register_kprobe(&begin);
	if (ret)
		return ret;
	ret = register_kretprobe(&ended);
	if (ret)
		unregister_kprobe(&begin);
	return ret;
}

static void probes_unregister(void)
{
	unregister_kretprobe(&ended);
	unregister_kprobe(&begin);
}

int scmod_guard_init(void)
{
	int ret;

	if (scmod_mark_flag != SCMOD_FLAG_TRACEPOINT ||
	    !scmod_hook_is_kprobe())
		return 0;
	ret = probes_register();
	if (ret)
		goto err;
	ret = count_earlier();
	if (ret)
		goto err_probes;
	guarding = true;
	return 0;

err_probes:
	probes_unregister();
err:
	pr_err("cannot watch other tracers of system calls: %pe; they would take the marks away\n",
	       ERR_PTR(ret));
	return ret;
}

/*
 * The marks are cleared by now; those that a tracer needs stay. If the last one
 * is leaving at this very moment, the probe has yet to see to the marks.
 */
void scmod_guard_exit(void)
{
	if (!guarding)
		return;
	scmod_tracepoint_barrier();
	probes_unregister();
}
