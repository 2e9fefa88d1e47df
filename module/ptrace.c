// SPDX-License-Identifier: GPL-2.0
/*
 * Tracers may change a call after it was decided: decide again.
 *
 * Where the hook stands before ptrace and seccomp, a tracer can write another
 * number into a task that it stopped at the entry of a call that had passed the
 * hook. Where it stands behind, the kernel may have looked for the mark before the
 * stop, and enforcement have begun since. Every such stop, be it of PTRACE_SYSCALL,
 * of PTRACE_SYSEMU or of SECCOMP_RET_TRACE, is one call of the kernel's
 * ptrace_notify(). A probe there leads to notify() instead, which calls the real one
 * and looks at the number when the tracer lets the task go: any task, since one may
 * be tracked by then that was not when it stopped.
 *
 * A return probe would do it too, but has a fixed number of instances, and one
 * is held for as long as a tracer likes.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>

#include "compat.h"
#include "decide.h"
#include "hook.h"
#include "ptrace.h"

static unsigned long not_set(unsigned long code, unsigned long message,
			     unsigned long token)
{
	return 0;
}

/*
 * The real function. It is not exported, and with IBT its address can't be
 * called; a static call is a direct one. It has two arguments, on some kernels
 * one: the others are in registers that it does not look at. By the third the
 * probe knows our own call; whoever called can't be told by the return address,
 * which others who trace returns put in place of it.
 */
DEFINE_STATIC_CALL(real_notify, not_set);

/* Not __ro_after_init: SCMOD_CMD_PROVE comes after init. */
static unsigned long token;

/*
 * The stops at which the number is still to be read, by what the kernel knew before
 * them; see <linux/ptrace.h>. Not at the end of a call, where tracers that made one
 * in the task's place put the number back.
 */
static bool before_call(unsigned long code, unsigned long message)
{
	unsigned long event = code >> 8;

	if (event)
		return event == PTRACE_EVENT_SECCOMP;
	return scmod_stop_message(message) == PTRACE_EVENTMSG_SYSCALL_ENTRY &&
	       !scmod_call_emulated();
}

/* Holds a reference to the module, by stopping(). */
static noinline unsigned long notify(unsigned long code, unsigned long message)
{
	bool decides = before_call(code, message);
	struct pt_regs *regs = current_pt_regs();
	unsigned long asked, ret;

	asked = regs->orig_ax;
	ret = static_call(real_notify)(code, message, token);
	if (decides && regs->orig_ax != asked) {
		preempt_disable();
		scmod_decide(regs);
		preempt_enable();
	}
	module_put(THIS_MODULE);
	return ret;
}

/*
 * A task goes to notify(), but not when it comes from there. A tracer may keep
 * it there for as long as it likes, and the module with it; when that is about
 * to go, nothing is enforced any more.
 */
static int stopping(struct kprobe *p, struct pt_regs *regs)
{
	if (regs_get_kernel_argument(regs, 2) == token || !try_module_get(THIS_MODULE))
		return 0;
	regs->ip = (unsigned long)notify;
	return 1;
}

NOKPROBE_SYMBOL(stopping);

static struct kprobe probe = {
	.symbol_name = "ptrace_notify",
	.pre_handler = stopping,
	.flags = KPROBE_FLAG_DISABLED,
};

static bool probing;

int scmod_ptrace_init(void)
{
	int ret;

	token = get_random_long();
	/* What an earlier registration left; see attach.c. */
	probe.addr = NULL;
	probe.flags = KPROBE_FLAG_DISABLED;
	ret = register_kprobe(&probe);
	if (ret)
		goto err;
	static_call_update(real_notify, (typeof(not_set) *)probe.addr);
	ret = enable_kprobe(&probe);
	if (ret)
		goto err_unregister;
	probing = true;
	return 0;

err_unregister:
	unregister_kprobe(&probe);
err:
	pr_err("cannot probe ptrace_notify: %pe; without it a tracer could get around enforcement\n",
	       ERR_PTR(ret));
	return ret;
}

/* A task may still be at the edge of notify(); scmod_kill_drain() waits for it. */
void scmod_ptrace_exit(void)
{
	if (probing)
		unregister_kprobe(&probe);
}
