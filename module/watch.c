// SPDX-License-Identifier: GPL-2.0
/*
 * Notices when the hook, or ptrace.c's redirection, stops working.
 *
 * Root can disarm all kprobes at once, by debugfs' kprobes/enabled. The kernel does not
 * tell scmod, and from then on nothing is refused. So a probe of the same kind as the
 * hook's is registered on a function of this file, canary(), which is called once a
 * second: as long as that probe fires, so does the hook's. The other switch, the sysctl
 * kernel.ftrace_enabled, can't be set to 0 while ptrace.c's operation is registered.
 * Whether tasks still come to that operation is asked of ptrace.c. detour.c looks for
 * those who redirect the hooked function.
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "detour.h"
#include "engine.h"
#include "policy.h"
#include "ptrace.h"
#include "watch.h"

#define WATCH_PERIOD	HZ

/* In periods. Asking ptrace.c is seen by everybody who probes ptrace_notify(). */
#define ASK_PERIOD	60

/* A probe on canary(), of the same kind as the hook's, which its place decides. */
static struct kprobe probe;
/* @probe is registered. It is not if the hook is the tracepoint. Set at init. */
static bool placed;
/* @probe has fired. Under canary_lock. */
static bool sang;

/* What was last logged. Used by the work alone. */
static bool probes_off, ptrace_lost;

static DEFINE_MUTEX(canary_lock);

static noinline void canary(void)
{
	/* Or the compiler would leave the call out. */
	barrier();
}

static int on_canary(struct kprobe *p, struct pt_regs *regs)
{
	WRITE_ONCE(sang, true);
	return 0;
}

static bool probes_fire(void)
{
	bool ret;

	if (!placed)
		return true;
	mutex_lock(&canary_lock);
	WRITE_ONCE(sang, false);
	canary();
	ret = READ_ONCE(sang);
	mutex_unlock(&canary_lock);
	return ret;
}

bool scmod_watch_armed(void)
{
	scmod_detour_look();
	return probes_fire() && scmod_ptrace_holds();
}

static void look_at_probes(void)
{
	bool off = !probes_fire();

	if (off && !probes_off)
		pr_alert("the kernel's probes have been switched off (debugfs kprobes/enabled): nothing is refused and nothing is learned until they are on again\n");
	else if (!off && probes_off)
		pr_alert("the kernel's probes are on again\n");
	probes_off = off;
}

static void look_at_ptrace(void)
{
	bool lost = !scmod_ptrace_holds();

	if (lost && !ptrace_lost)
		pr_alert("another module's probe takes tasks away from scmod in ptrace_notify (see debugfs kprobes/list): a tracer can replace a call of its tracee after scmod has decided on it\n");
	else if (!lost && ptrace_lost)
		pr_alert("tasks come to scmod from ptrace_notify again\n");
	ptrace_lost = lost;
}

static void look(struct work_struct *work)
{
	static unsigned int looks;

	scmod_detour_look();
	look_at_probes();
	if (looks++ % ASK_PERIOD == 0)
		look_at_ptrace();
	if (scmod_policy_count())
		schedule_delayed_work(to_delayed_work(work), WATCH_PERIOD);
}

static DECLARE_DELAYED_WORK(watch, look);

void scmod_watch_start(void)
{
	schedule_delayed_work(&watch, WATCH_PERIOD);
}

static int place(unsigned int offset)
{
	int ret;

	probe = (struct kprobe){
		.addr = (kprobe_opcode_t *)canary,
		.offset = offset,
		.pre_handler = on_canary,
	};
	ret = scmod_register_kprobe(&probe);
	placed = !ret;
	return ret;
}

/* Where an instruction begins after the ftrace site depends on the compiler. */
static int place_behind(void)
{
	static const unsigned int behind[] = { 5, 9 };
	int ret = -EINVAL;
	unsigned int i;

	for (i = 0; ret && i < ARRAY_SIZE(behind); i++)
		ret = place(behind[i]);
	return ret;
}

static int place_as_hook(void)
{
	if (!scmod_kprobe_hooks())
		return 0;
	return scmod_kprobe_is_ftrace() ? place(0) : place_behind();
}

static void remove(void)
{
	if (placed)
		unregister_kprobe(&probe);
	placed = false;
}

int scmod_watch_init(void)
{
	int ret = place_as_hook();

	if (!ret && probes_fire())
		return 0;
	remove();
	if (ret)
		pr_err("cannot probe a function of scmod's own: %pe; so scmod could not notice if probes were switched off\n",
		       ERR_PTR(ret));
	else
		pr_err("a probe on a function of scmod's own does not fire; so scmod could not notice if probes were switched off\n");
	return ret ? ret : -EOPNOTSUPP;
}

/* No policy is made any more, and those that are kept have no effect any more. */
void scmod_watch_exit(void)
{
	cancel_delayed_work_sync(&watch);
	remove();
}
