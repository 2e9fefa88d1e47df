// SPDX-License-Identifier: GPL-2.0
/*
 * Notices when somebody switches the kernel's probes off.
 *
 * Root can disarm all of them at once: by debugfs' kprobes/enabled, and those
 * that are ftrace callbacks by the sysctl kernel.ftrace_enabled. Nobody tells
 * us, and nothing is refused from then on. So a probe of the hook's own kind
 * stands on a function of ours; as long as it fires, so does the hook.
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "hook.h"
#include "policy.h"
#include "watch.h"

#define WATCH_PERIOD	HZ

static struct kprobe canary_probe;
static bool sang;
static bool watching;
static DEFINE_MUTEX(canary_lock);

/* Written by the work alone. */
static bool was_armed = true;

static noinline void canary(void)
{
	/* Or the call would be left out. */
	barrier();
}

static int on_canary(struct kprobe *p, struct pt_regs *regs)
{
	WRITE_ONCE(sang, true);
	return 0;
}

bool scmod_watch_armed(void)
{
	bool armed;

	if (!watching)
		return true;
	mutex_lock(&canary_lock);
	WRITE_ONCE(sang, false);
	canary();
	armed = READ_ONCE(sang);
	mutex_unlock(&canary_lock);
	return armed;
}

static void look(struct work_struct *work)
{
	bool armed = scmod_watch_armed();

	if (!armed && was_armed)
		pr_alert("the kernel's probes have been switched off (debugfs kprobes/enabled, or sysctl kernel.ftrace_enabled): nothing is refused and nothing is learned until they are on again\n");
	else if (armed && !was_armed)
		pr_alert("the kernel's probes are on again\n");
	was_armed = armed;
	if (scmod_policy_count())
		schedule_delayed_work(to_delayed_work(work), WATCH_PERIOD);
}

static DECLARE_DELAYED_WORK(watch, look);

void scmod_watch_start(void)
{
	schedule_delayed_work(&watch, WATCH_PERIOD);
}

/* Where an instruction begins behind the ftrace site depends on the compiler. */
static int canary_attach(void)
{
	static const unsigned int behind[] = { 5, 9 };
	int ret = -EINVAL;
	unsigned int i;

	for (i = 0; ret && i < ARRAY_SIZE(behind); i++) {
		canary_probe = (struct kprobe){
			.addr = (kprobe_opcode_t *)canary,
			.offset = scmod_hook_is_ftrace() ? 0 : behind[i],
			.pre_handler = on_canary,
		};
		ret = register_kprobe(&canary_probe);
	}
	return ret;
}

int scmod_watch_init(void)
{
	int ret;

	/* Tracepoints can't be switched off. */
	if (!scmod_hook_is_kprobe())
		return 0;
	ret = canary_attach();
	if (ret) {
		pr_err("cannot probe a function of scmod's own: %pe; it could not be noticed if probes were switched off\n",
		       ERR_PTR(ret));
		return ret;
	}
	watching = true;
	if (scmod_watch_armed())
		return 0;
	unregister_kprobe(&canary_probe);
	pr_err("a probe on a function of scmod's own does not fire; it could not be noticed if probes were switched off\n");
	return -EOPNOTSUPP;
}

/* No policy is made any more; those that are kept don't matter now. */
void scmod_watch_exit(void)
{
	cancel_delayed_work_sync(&watch);
	if (watching)
		unregister_kprobe(&canary_probe);
}
