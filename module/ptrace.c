// SPDX-License-Identifier: GPL-2.0
/*
 * Tracers may change a call after it was decided: decide again.
 *
 * Where the hook stands before ptrace and seccomp, a tracer can write another
 * number into a task that it stopped at the entry of a call that had passed the
 * hook. Where it stands behind, the kernel may have looked for the mark before the
 * stop, and enforcement have begun since. Every such stop, be it of PTRACE_SYSCALL,
 * of PTRACE_SYSEMU or of SECCOMP_RET_TRACE, is one call of the kernel's
 * ptrace_notify(). An ftrace operation there leads to notify() instead, which calls
 * the real one and looks at the number when the tracer lets the task go: any task,
 * since one may be tracked by then that was not when it stopped.
 *
 * The operation has IPMODIFY: the kernel lets one such operation at a function, so a
 * livepatch of ptrace_notify() is refused while this module is loaded, and this
 * module while there is one. BPF programs share the function since Linux 6.0, and
 * before that are refused like livepatches. Without IPMODIFY, as with a kprobe that
 * changes the ip, the later one would take the task from the earlier, and neither be
 * told. The operation is PERMANENT, too: kernel.ftrace_enabled can't be set to 0.
 *
 * A return probe would do it too, but has a fixed number of instances, and one
 * is held for as long as a tracer likes.
 */
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "decide.h"
#include "ptrace.h"
#include "site.h"

/* Others may hold a lock that is needed for sharing the function with them. */
#define TRIES	100

static unsigned long not_set(unsigned long code, unsigned long message)
{
	return 0;
}

/*
 * The real function, from behind its ftrace site on: so notify() does not come to
 * itself, and whoever else probes or traces the function sees a stop once. It is not
 * exported, and with IBT its address can't be called; a static call is a direct one.
 * It has two arguments, on some kernels one: the other is in a register that it does
 * not look at.
 */
DEFINE_STATIC_CALL(real_notify, not_set);

/* The same from its ftrace site on, as the kernel calls it. */
DEFINE_STATIC_CALL(whole_notify, not_set);

/*
 * Tasks that stopping() sent to notify(), and that came there. The others were taken
 * away on the way, by another module's probe; so many of their references to the module
 * have been put. Under ask_lock: nr_put.
 */
static atomic_t nr_sent = ATOMIC_INIT(0), nr_arrived = ATOMIC_INIT(0);
static int nr_put;

/* The task that is to find out whether it comes to notify(), and whether it did. */
static struct task_struct *asker;
static bool came;

/*
 * The stops at which the number is still to be read, by what the kernel knew before
 * them; see <linux/ptrace.h>. Not at the end of a call, where tracers that made one
 * in the task's place put the number back.
 *
 * Kernels that don't hand the message to ptrace_notify() have it in the task. There a
 * call's entry leaves 0 (ptrace_report_syscall() in <linux/tracehook.h>), but an event
 * leaves what it told: a filter's number, a pid, either of which may be that of an entry.
 * The one stop that tells nothing, and so finds it, is in signal_setup_done(), at the
 * first instruction of a handler that is single-stepped into. There ax is the
 * handler's: 0, or the signal's number. At the entry of a call it is negative: -ENOSYS
 * by the kernel's entry code, or the errno that the hook has refused the call with.
 */
static bool before_call(unsigned long code, unsigned long message,
			const struct pt_regs *regs)
{
	unsigned long event = code >> 8;

	if (event)
		return event == PTRACE_EVENT_SECCOMP;
	return scmod_stop_message(message) == PTRACE_EVENTMSG_SYSCALL_ENTRY &&
	       (int)regs->ax < 0 && !scmod_call_emulated();
}

/* Holds a reference to the module, by stopping(). */
static noinline unsigned long notify(unsigned long code, unsigned long message)
{
	struct pt_regs *regs = current_pt_regs();
	bool decides = before_call(code, message, regs);
	unsigned long asked, ret;

	atomic_inc(&nr_arrived);
	if (current == READ_ONCE(asker))
		WRITE_ONCE(came, true);
	asked = regs->orig_ax;
	ret = static_call(real_notify)(code, message);
	if (decides && regs->orig_ax != asked) {
		preempt_disable();
		scmod_decide(regs);
		preempt_enable();
	}
	module_put(THIS_MODULE);
	return ret;
}

/*
 * Set by init when nothing can fail any more, and cleared by exit. Until then none
 * but the asker goes to notify(), as a tracer could keep a task there for as long as
 * it likes, and a module whose init fails is freed all the same.
 */
static bool redirecting;

/*
 * A task goes to notify(), and holds the module there; when that is about to go,
 * nothing is enforced any more.
 */
static void notrace stopping(unsigned long ip, unsigned long parent_ip,
			     struct ftrace_ops *op, struct scmod_ftrace_regs *fregs)
{
	struct pt_regs *regs = scmod_ftrace_pt_regs(fregs);

	if ((!READ_ONCE(redirecting) && current != READ_ONCE(asker)) ||
	    !try_module_get(THIS_MODULE))
		return;
	atomic_inc(&nr_sent);
	regs->ip = (unsigned long)notify;
}

static struct ftrace_ops redirect = {
	.func = stopping,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY |
		 FTRACE_OPS_FL_PERMANENT | SCMOD_FTRACE_NO_RECURSION,
};

/* Of ptrace_notify(). */
static unsigned long site;

/*
 * In a worker, which nobody traces: ptrace_notify() finds no tracer and returns. The
 * task that asks may have one, and would be stopped.
 */
static void ask(struct work_struct *work)
{
	WRITE_ONCE(came, false);
	WRITE_ONCE(asker, current);
	static_call(whole_notify)(SIGTRAP, 0);
	WRITE_ONCE(asker, NULL);
}

static DECLARE_WORK(ask_work, ask);
static DEFINE_MUTEX(ask_lock);

/*
 * Put the references of the tasks that were sent and did not come. Those that were
 * on the way are there after synchronize_rcu_tasks(). Who was sent meanwhile and came
 * makes the number too small, never too large; the rest is for the next time.
 */
static void put_lost(void)
{
	int sent = atomic_read(&nr_sent);
	int lost;

	if (sent - atomic_read(&nr_arrived) == nr_put)
		return;
	synchronize_rcu_tasks();
	for (lost = sent - atomic_read(&nr_arrived) - nr_put; lost > 0; lost--) {
		module_put(THIS_MODULE);
		nr_put++;
	}
}

static bool redirected(void)
{
	bool ret;

	mutex_lock(&ask_lock);
	schedule_work(&ask_work);
	flush_work(&ask_work);
	ret = READ_ONCE(came);
	put_lost();
	mutex_unlock(&ask_lock);
	return ret;
}

/**
 * scmod_ptrace_holds() - does a task that enters ptrace_notify() come to notify()?
 *
 * Nobody is told if another module's kprobe changes the ip there without IPMODIFY.
 * Whoever probes the function sees the worker that finds it out. Sleeps.
 *
 * Return: true also before init and after exit.
 */
bool scmod_ptrace_holds(void)
{
	return !READ_ONCE(redirecting) || redirected();
}

static int redirect_register(void)
{
	unsigned int tries = TRIES;
	int ret;

	ret = ftrace_set_filter_ip(&redirect, site, 0, 0);
	if (ret)
		return ret;
	/* The kernel sleeps before it returns EAGAIN. */
	do {
		ret = register_ftrace_function(&redirect);
	} while (ret == -EAGAIN && --tries);
	if (ret)
		ftrace_set_filter_ip(&redirect, site, 1, 0);
	return ret;
}

static void redirect_unregister(void)
{
	unregister_ftrace_function(&redirect);
	/* Frees the filter. */
	ftrace_set_filter_ip(&redirect, site, 1, 0);
}

static void tell_why(int err)
{
	if (err != -EBUSY)
		pr_err("cannot lead ptrace_notify elsewhere: %pe; without it a tracer could get around enforcement\n",
		       ERR_PTR(err));
	else if (scmod_site_ftrace_is_off(site))
		pr_err("ftrace is switched off: write 1 to the sysctl kernel.ftrace_enabled; without it a tracer could get around enforcement\n");
	else
		pr_err("a livepatch, another module or a BPF program leads ptrace_notify elsewhere already (its line in /sys/kernel/tracing/enabled_functions says which); while that is so a tracer could get around enforcement: remove it, or load scmod first\n");
}

int scmod_ptrace_init(void)
{
	int ret = scmod_site_find("ptrace_notify", &site);

	if (!ret) {
		static_call_update(real_notify, (typeof(not_set) *)(site + SCMOD_SITE_SIZE));
		static_call_update(whole_notify, (typeof(not_set) *)site);
		ret = redirect_register();
	}
	if (ret) {
		tell_why(ret);
		return ret;
	}
	if (redirected()) {
		WRITE_ONCE(redirecting, true);
		return 0;
	}
	redirect_unregister();
	pr_err("another module's probe takes tasks away from scmod in ptrace_notify (see /sys/kernel/debug/kprobes/list); while that is so a tracer could get around enforcement\n");
	return -EOPNOTSUPP;
}

/* A task may still be at the edge of notify(); scmod_kill_drain() waits for it. */
void scmod_ptrace_exit(void)
{
	if (!redirecting)
		return;
	WRITE_ONCE(redirecting, false);
	redirect_unregister();
}
