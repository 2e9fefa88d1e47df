// SPDX-License-Identifier: GPL-2.0
/*
 * A task may be stopped at the entry of a call, for as long as others like: decide when it
 * goes on, whatever was decided before.
 *
 * A tracer can stop the task, and may write another call number into it. A seccomp filter
 * can ask another process what to do with the call (SECCOMP_RET_USER_NOTIF). The hook may
 * have come before that; or the kernel looked for the mark before the stop, while
 * enforcement began during the stop, so that the task does not pass the hook any more.
 *
 * Every stop by a tracer, whether by PTRACE_SYSCALL, by PTRACE_SYSEMU or by
 * SECCOMP_RET_TRACE, is one call of the kernel's ptrace_notify(), and every question of a
 * filter is one of seccomp_do_user_notification(). An ftrace operation on each of these
 * functions redirects tasks to a function here, which calls the real one and decides when
 * that returns. It does so for all tasks, since a policy may apply to the task by then
 * that did not when it stopped. What a task makes of it that was stopped before the module
 * was loaded is not known.
 *
 * A return probe would do, too, but has a fixed number of instances, and a tracer could
 * hold each of them for as long as it likes.
 */
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "decide.h"
#include "ptrace.h"
#include "redirect.h"

static unsigned long not_set(unsigned long code, unsigned long message)
{
	return 0;
}

static int no_question(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
		       unsigned long e, unsigned long f)
{
	return -1;
}

/*
 * The real function, called just after its ftrace site. So notify() is not redirected to
 * itself, and others who probe or trace the function see each stop once. The function is
 * not exported, and with IBT an indirect call of its address would fault; a static call is
 * a direct call. On some kernels the function has one argument only; then the second is in
 * a register that it does not read.
 */
DEFINE_STATIC_CALL(real_notify, not_set);

/* The same function from its ftrace site on, as the kernel itself calls it. */
DEFINE_STATIC_CALL(whole_notify, not_set);

/*
 * seccomp_do_user_notification(), likewise. It has three arguments, but the compiler may
 * have dropped some, and so given others another register: so all registers that hold
 * arguments are passed on.
 */
DEFINE_STATIC_CALL(real_question, no_question);

/* Did the task that called ptrace_notify() to see whether it arrives in notify() arrive? */
static bool came;

/*
 * Is this a stop after which the kernel will make the call? That is known from
 * @code and the message; see <linux/ptrace.h>. At the stop at the end of a call it will
 * not: there a tracer that made another call in the task's place writes the old number
 * back.
 *
 * Some kernels don't pass the message to ptrace_notify() but keep it in the task. There a
 * stop at a call's entry resets it to 0 (ptrace_report_syscall() in <linux/tracehook.h>),
 * but a ptrace event leaves what it reported: a filter's number or a pid, either of which
 * may equal PTRACE_EVENTMSG_SYSCALL_ENTRY. One kind of stop sets no message, and so finds
 * that old one: signal_setup_done() stops a single-stepped task at the first instruction
 * of its signal handler. There ax is 0 or the signal's number, which is not
 * negative. At the entry of a call ax is negative: -ENOSYS by the kernel's entry
 * code, or the errno with which the hook has refused the call.
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

/* Return: whether the call is refused. */
static bool decide(struct pt_regs *regs)
{
	bool refused;

	preempt_disable();
	refused = scmod_decide(regs);
	preempt_enable();
	return refused;
}

/* Called in place of ptrace_notify(), with a reference to the module; see redirect.h. */
static noinline unsigned long notify(unsigned long code, unsigned long message)
{
	struct pt_regs *regs = current_pt_regs();
	bool decides = before_call(code, message, regs);
	unsigned long ret;

	scmod_redirect_arrived();
	if (scmod_redirect_asks())
		WRITE_ONCE(came, true);
	ret = static_call(real_notify)(code, message);
	if (decides)
		decide(regs);
	scmod_redirect_leave();
	return ret;
}

/*
 * Called in place of seccomp_do_user_notification(), likewise.
 *
 * Return: 0 if the call is to be made.
 */
static noinline int question(unsigned long a, unsigned long b, unsigned long c,
			     unsigned long d, unsigned long e, unsigned long f)
{
	int ret;

	scmod_redirect_arrived();
	ret = static_call(real_question)(a, b, c, d, e, f);
	if (!ret && decide(current_pt_regs()))
		ret = -1;
	scmod_redirect_leave();
	return ret;
}

static struct scmod_redirect stop = {
	.names = { "ptrace_notify" },
	.without = "a tracer could get around enforcement",
	.to = notify,
};

static struct scmod_redirect asking = {
	.names = {
		"seccomp_do_user_notification",
		"seccomp_do_user_notification.constprop.0",
		"seccomp_do_user_notification.isra.0",
	},
	.without = "a call that waits for an answer to its seccomp filter could get around enforcement",
	.to = question,
};

/*
 * Done by a worker, since nobody traces those: ptrace_notify() finds no tracer and returns
 * at once. The task that wants to know may have a tracer, and would be stopped.
 */
static void ask(struct work_struct *work)
{
	WRITE_ONCE(came, false);
	scmod_redirect_ask(current);
	static_call(whole_notify)(SIGTRAP, 0);
	scmod_redirect_ask(NULL);
}

static DECLARE_WORK(ask_work, ask);
static DEFINE_MUTEX(ask_lock);

static bool redirected(void)
{
	bool ret;

	mutex_lock(&ask_lock);
	schedule_work(&ask_work);
	flush_work(&ask_work);
	ret = READ_ONCE(came);
	scmod_redirect_put_lost();
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
	return !scmod_redirect_is_open() || redirected();
}

static int add_stop(void)
{
	int ret = scmod_redirect_add(&stop);

	if (ret == -ENOENT || ret == -EOPNOTSUPP)
		pr_err("this kernel has no ptrace_notify that can be redirected; without that %s\n",
		       stop.without);
	if (ret)
		return ret;
	static_call_update(real_notify, (typeof(not_set) *)scmod_redirect_real(&stop));
	static_call_update(whole_notify, (typeof(not_set) *)stop.site);
	return 0;
}

/* Without the function, enforcement is as good but for calls that wait for such answers. */
static int add_asking(void)
{
	int ret = scmod_redirect_add(&asking);

	if (ret == -ENOENT || ret == -EOPNOTSUPP) {
		pr_notice("this kernel has no seccomp_do_user_notification that can be redirected: a call whose seccomp filter waits for an answer when enforcement begins is not decided again\n");
		return 0;
	}
	if (ret)
		return ret;
	static_call_update(real_question, (typeof(no_question) *)scmod_redirect_real(&asking));
	return 0;
}

static int add_both(void)
{
	int ret = add_stop();

	return ret ? ret : add_asking();
}

/* Redirect all functions that were added, here and elsewhere. */
static int start(void)
{
	int ret = scmod_redirect_start();

	if (ret || redirected())
		return ret;
	pr_err("another module's probe takes tasks away from scmod in ptrace_notify (see /sys/kernel/debug/kprobes/list); while that is so a tracer could get around enforcement\n");
	return -EOPNOTSUPP;
}

/*
 * A task may still be about to enter or leave a function here; scmod_kill_drain() waits
 * for it.
 */
void scmod_ptrace_exit(void)
{
	scmod_redirect_open(false);
	scmod_redirect_stop();
	scmod_redirect_drop(&asking);
	scmod_redirect_drop(&stop);
}

int scmod_ptrace_init(void)
{
	int ret = add_both();

	if (!ret)
		ret = start();
	if (ret)
		scmod_ptrace_exit();
	else
		scmod_redirect_open(true);
	return ret;
}
