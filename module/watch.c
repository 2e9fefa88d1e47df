// SPDX-License-Identifier: GPL-2.0
/*
 * Notices when somebody switches the kernel's probes off.
 *
 * Root can disarm all of them at once: by debugfs' kprobes/enabled, and those
 * that are ftrace callbacks by the sysctl kernel.ftrace_enabled. Nobody tells
 * us, and nothing is refused from then on. So probes of the same kinds as the
 * hook's and ptrace.c's stand on a function of ours; as long as they fire, so do
 * those.
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "hook.h"
#include "policy.h"
#include "watch.h"

#define WATCH_PERIOD	HZ

/**
 * struct canary - a probe on canary()
 * @probe: where it stands decides on its kind
 * @sang: it fired; under canary_lock
 * @placed: it is registered; set at init
 * @was_armed: at the last look; by the work alone
 * @gone: what is lost while it does not fire
 */
struct canary {
	struct kprobe probe;
	bool sang;
	bool placed;
	bool was_armed;
	const char *gone;
};

enum { OF_HOOK, OF_PTRACE, NR_CANARIES };

static struct canary canaries[] = {
	[OF_HOOK] = {
		.gone = "nothing is refused and nothing is learned",
	},
	[OF_PTRACE] = {
		.gone = "a tracer can make its tracees' calls others than those that were decided",
	},
};

static_assert(ARRAY_SIZE(canaries) == NR_CANARIES);

static DEFINE_MUTEX(canary_lock);

static noinline void canary(void)
{
	/* Or the call would be left out. */
	barrier();
}

static int on_canary(struct kprobe *p, struct pt_regs *regs)
{
	WRITE_ONCE(container_of(p, struct canary, probe)->sang, true);
	return 0;
}

static bool armed(struct canary *c)
{
	bool sang;

	if (!c->placed)
		return true;
	mutex_lock(&canary_lock);
	WRITE_ONCE(c->sang, false);
	canary();
	sang = READ_ONCE(c->sang);
	mutex_unlock(&canary_lock);
	return sang;
}

bool scmod_watch_armed(void)
{
	return armed(&canaries[OF_HOOK]) && armed(&canaries[OF_PTRACE]);
}

static void look_at(struct canary *c)
{
	bool now = armed(c);

	if (!now && c->was_armed)
		pr_alert("the kernel's probes have been switched off (debugfs kprobes/enabled, or sysctl kernel.ftrace_enabled): %s until they are on again\n",
			 c->gone);
	else if (now && !c->was_armed)
		pr_alert("the kernel's probes are on again\n");
	c->was_armed = now;
}

static void look(struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < NR_CANARIES; i++)
		look_at(&canaries[i]);
	if (scmod_policy_count())
		schedule_delayed_work(to_delayed_work(work), WATCH_PERIOD);
}

static DECLARE_DELAYED_WORK(watch, look);

void scmod_watch_start(void)
{
	schedule_delayed_work(&watch, WATCH_PERIOD);
}

static int place(struct canary *c, unsigned int offset)
{
	int ret;

	c->probe = (struct kprobe){
		.addr = (kprobe_opcode_t *)canary,
		.offset = offset,
		.pre_handler = on_canary,
	};
	ret = register_kprobe(&c->probe);
	if (ret)
		return ret;
	c->placed = true;
	c->was_armed = true;
	return 0;
}

/* Where an instruction begins behind the ftrace site depends on the compiler. */
static int place_behind(struct canary *c)
{
	static const unsigned int behind[] = { 5, 9 };
	int ret = -EINVAL;
	unsigned int i;

	for (i = 0; ret && i < ARRAY_SIZE(behind); i++)
		ret = place(c, behind[i]);
	return ret;
}

/* The probe of ptrace.c stands at the ftrace site, too; the tracepoint has none. */
static int place_all(void)
{
	int ret = place(&canaries[OF_PTRACE], 0);

	if (ret || !scmod_hook_is_kprobe())
		return ret;
	if (scmod_hook_is_ftrace())
		return place(&canaries[OF_HOOK], 0);
	return place_behind(&canaries[OF_HOOK]);
}

static void remove_all(void)
{
	unsigned int i;

	for (i = 0; i < NR_CANARIES; i++) {
		if (canaries[i].placed)
			unregister_kprobe(&canaries[i].probe);
		canaries[i].placed = false;
	}
}

int scmod_watch_init(void)
{
	int ret = place_all();

	if (!ret && scmod_watch_armed())
		return 0;
	remove_all();
	if (ret)
		pr_err("cannot probe a function of scmod's own: %pe; it could not be noticed if probes were switched off\n",
		       ERR_PTR(ret));
	else
		pr_err("a probe on a function of scmod's own does not fire; it could not be noticed if probes were switched off\n");
	return ret ? ret : -EOPNOTSUPP;
}

/* No policy is made any more; those that are kept don't matter now. */
void scmod_watch_exit(void)
{
	cancel_delayed_work_sync(&watch);
	remove_all();
}
