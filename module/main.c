// SPDX-License-Identifier: GPL-2.0
/* Init order and its mirror; nothing else. */
#include <linux/module.h>

#include "detour.h"
#include "event.h"
#include "hook.h"
#include "kill.h"
#include "mark.h"
#include "netlink.h"
#include "policy.h"
#include "ptrace.h"
#include "share.h"
#include "taskwork.h"
#include "watch.h"

static int __init scmod_init(void)
{
	int ret;

	ret = scmod_policy_init();
	if (ret)
		return ret;
	ret = scmod_event_init();
	if (ret)
		goto err_policy;
	ret = scmod_taskwork_init();
	if (ret)
		goto err_event;
	ret = scmod_hook_init();
	if (ret)
		goto err_event;
	ret = scmod_mark_init();
	if (ret)
		goto err_hook;
	ret = scmod_share_init();
	if (ret)
		goto err_mark;
	ret = scmod_detour_init();
	if (ret)
		goto err_share;
	ret = scmod_watch_init();
	if (ret)
		goto err_detour;
	ret = scmod_netlink_init();
	if (ret)
		goto err_watch;
	/* The last that can fail: a tracer may keep a task in its code for long. */
	ret = scmod_ptrace_init();
	if (ret)
		goto err_netlink;
	scmod_netlink_open();
	return 0;

err_netlink:
	scmod_netlink_exit();
err_watch:
	scmod_watch_exit();
err_detour:
	scmod_detour_exit();
err_share:
	scmod_share_exit();
err_mark:
	scmod_mark_exit();
err_hook:
	scmod_hook_exit();
err_event:
	scmod_event_exit();
err_policy:
	scmod_policy_exit();
	return ret;
}

/* Nothing enforces by now: that would have held the module. */
static void __exit scmod_exit(void)
{
	scmod_netlink_close();
	scmod_ptrace_exit();
	scmod_watch_exit();
	scmod_detour_exit();
	scmod_share_exit();
	scmod_mark_exit();
	scmod_hook_exit();
	scmod_kill_drain();
	scmod_event_exit();
	scmod_policy_exit();
	scmod_netlink_exit();
}

module_init(scmod_init);
module_exit(scmod_exit);

MODULE_DESCRIPTION("Per-cgroup system call learning and enforcement");
MODULE_AUTHOR("The scmod authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(SCMOD_VERSION);
