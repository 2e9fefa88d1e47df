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
 * The operations have IPMODIFY. The kernel allows only one such operation for a function,
 * so it refuses to livepatch the functions while this module is loaded, and refuses this
 * module while one of them is livepatched. BPF programs can share a function since
 * Linux 6.0; before, they are refused like livepatches. Without IPMODIFY, as with a kprobe
 * that changes the ip, whoever came later would take the tasks from whoever came earlier,
 * and the kernel would tell neither. The operations are also PERMANENT, which keeps
 * kernel.ftrace_enabled from being set to 0.
 *
 * A return probe would do, too, but has a fixed number of instances, and a tracer could
 * hold each of them for as long as it likes.
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

/* Registering fails for a moment while a BPF program that shares the function is busy. */
#define TRIES	100

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

/*
 * How many tasks stopping() sent to notify(), and how many of them arrived there. Those
 * that did not arrive were taken away by another module's probe. nr_put counts how many of
 * the lost tasks' references to the module have been put; it is under ask_lock.
 */
static atomic_t nr_sent = ATOMIC_INIT(0), nr_arrived = ATOMIC_INIT(0);
static int nr_put;

/* The task that calls ptrace_notify() to see whether it arrives, and whether it did. */
static struct task_struct *asker;
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

/* Called in place of ptrace_notify(), with a reference to the module from stopping(). */
static noinline unsigned long notify(unsigned long code, unsigned long message)
{
	struct pt_regs *regs = current_pt_regs();
	bool decides = before_call(code, message, regs);
	unsigned long ret;

	atomic_inc(&nr_arrived);
	if (current == READ_ONCE(asker))
		WRITE_ONCE(came, true);
	ret = static_call(real_notify)(code, message);
	if (decides)
		decide(regs);
	module_put(THIS_MODULE);
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

	atomic_inc(&nr_arrived);
	ret = static_call(real_question)(a, b, c, d, e, f);
	if (!ret && decide(current_pt_regs()))
		ret = -1;
	module_put(THIS_MODULE);
	return ret;
}

/*
 * Set by init when nothing can fail any more, cleared by exit. While it is not set, only
 * the asker is redirected: others could be kept there for as long as somebody likes, and
 * the kernel frees a module whose init fails without waiting for them.
 */
static bool redirecting;

/*
 * Redirect a task to @to, with a reference to the module. If the module is being
 * unloaded there is none to be had, but then nothing is enforced any more either.
 */
static __always_inline void stopping(struct scmod_ftrace_regs *fregs, void *to)
{
	struct pt_regs *regs = scmod_ftrace_pt_regs(fregs);

	if ((!READ_ONCE(redirecting) && current != READ_ONCE(asker)) ||
	    !try_module_get(THIS_MODULE))
		return;
	atomic_inc(&nr_sent);
	regs->ip = (unsigned long)to;
}

static void notrace by_tracer(unsigned long ip, unsigned long parent_ip,
			      struct ftrace_ops *op, struct scmod_ftrace_regs *fregs)
{
	stopping(fregs, notify);
}

static void notrace by_filter(unsigned long ip, unsigned long parent_ip,
			      struct ftrace_ops *op, struct scmod_ftrace_regs *fregs)
{
	stopping(fregs, question);
}

#define REDIRECT_FLAGS	(FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY | \
			 FTRACE_OPS_FL_PERMANENT | SCMOD_FTRACE_NO_RECURSION)

/**
 * struct redirect - of one function
 * @names: what the function may be called: a compiler that specializes it adds to its name
 * @ops: the operation
 * @site: the function's ftrace site
 * @registered: the operation is
 */
struct redirect {
	const char *names[4];
	struct ftrace_ops ops;
	unsigned long site;
	bool registered;
};

static struct redirect stop = {
	.names = { "ptrace_notify" },
	.ops = { .func = by_tracer, .flags = REDIRECT_FLAGS },
};

static struct redirect asking = {
	.names = {
		"seccomp_do_user_notification",
		"seccomp_do_user_notification.constprop.0",
		"seccomp_do_user_notification.isra.0",
	},
	.ops = { .func = by_filter, .flags = REDIRECT_FLAGS },
};

/*
 * Done by a worker, since nobody traces those: ptrace_notify() finds no tracer and returns
 * at once. The task that wants to know may have a tracer, and would be stopped.
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
 * Put the references of tasks that were sent to notify() and did not arrive. Tasks that
 * were on the way have arrived after synchronize_rcu_tasks(). Tasks that are sent and
 * arrive meanwhile can make the number found here too small, but not too large; what is
 * missing is found by the next call.
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

static int redirect_find(struct redirect *r)
{
	int ret = -ENOENT;
	unsigned int i;

	for (i = 0; ret == -ENOENT && i < ARRAY_SIZE(r->names) && r->names[i]; i++)
		ret = scmod_site_find(r->names[i], &r->site);
	return ret;
}

static int redirect_register(struct redirect *r)
{
	unsigned int tries = TRIES;
	int ret;

	ret = ftrace_set_filter_ip(&r->ops, r->site, 0, 0);
	if (ret)
		return ret;
	/* The kernel sleeps before it returns EAGAIN. */
	do {
		ret = register_ftrace_function(&r->ops);
	} while (ret == -EAGAIN && --tries);
	if (ret)
		ftrace_set_filter_ip(&r->ops, r->site, 1, 0);
	r->registered = !ret;
	return ret;
}

static void redirect_unregister(struct redirect *r)
{
	if (!r->registered)
		return;
	unregister_ftrace_function(&r->ops);
	/* Frees the filter. */
	ftrace_set_filter_ip(&r->ops, r->site, 1, 0);
	r->registered = false;
}

static int tell_why(const struct redirect *r, int err)
{
	if (err != -EBUSY)
		pr_err("cannot redirect %s: %pe; without that a tracer could get around enforcement\n",
		       r->names[0], ERR_PTR(err));
	else if (scmod_site_ftrace_is_off(r->site))
		pr_err("ftrace is switched off: write 1 to the sysctl kernel.ftrace_enabled; without it a tracer could get around enforcement\n");
	else
		pr_err("a livepatch, another module or a BPF program redirects %s already (its line in /sys/kernel/tracing/enabled_functions says which); while that is so a tracer could get around enforcement: remove it, or load scmod first\n",
		       r->names[0]);
	return err;
}

static int redirect_stop(void)
{
	int ret = redirect_find(&stop);

	if (ret)
		return tell_why(&stop, ret);
	static_call_update(real_notify, (typeof(not_set) *)(stop.site + SCMOD_SITE_SIZE));
	static_call_update(whole_notify, (typeof(not_set) *)stop.site);
	ret = redirect_register(&stop);
	return ret ? tell_why(&stop, ret) : 0;
}

/* Without the function, enforcement is as good but for calls that wait for such answers. */
static int redirect_asking(void)
{
	int ret = redirect_find(&asking);

	if (ret == -ENOENT || ret == -EOPNOTSUPP) {
		pr_notice("this kernel has no seccomp_do_user_notification that can be redirected: a call whose seccomp filter waits for an answer when enforcement begins is not decided again\n");
		return 0;
	}
	if (ret)
		return tell_why(&asking, ret);
	static_call_update(real_question,
			   (typeof(no_question) *)(asking.site + SCMOD_SITE_SIZE));
	ret = redirect_register(&asking);
	return ret ? tell_why(&asking, ret) : 0;
}

/*
 * A task may still be about to enter or leave a function here; scmod_kill_drain() waits
 * for it.
 */
void scmod_ptrace_exit(void)
{
	WRITE_ONCE(redirecting, false);
	redirect_unregister(&asking);
	redirect_unregister(&stop);
}

int scmod_ptrace_init(void)
{
	int ret = redirect_stop();

	if (ret)
		return ret;
	ret = redirect_asking();
	if (ret) {
		redirect_unregister(&stop);
		return ret;
	}
	if (redirected()) {
		WRITE_ONCE(redirecting, true);
		return 0;
	}
	scmod_ptrace_exit();
	pr_err("another module's probe takes tasks away from scmod in ptrace_notify (see /sys/kernel/debug/kprobes/list); while that is so a tracer could get around enforcement\n");
	return -EOPNOTSUPP;
}
