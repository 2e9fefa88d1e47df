// SPDX-License-Identifier: GPL-2.0
/* Init order and its mirror; nothing else. */
#include <linux/module.h>

#include "attach.h"
#include "audit.h"
#include "deadline.h"
#include "event.h"
#include "executed.h"
#include "kill.h"
#include "netlink.h"
#include "policy.h"
#include "request.h"
#include "select.h"
#include "taskwork.h"

static int __init scmod_init(void)
{
	int ret;

	scmod_select_init();
	scmod_audit_init();
	ret = scmod_policy_init();
	if (ret)
		return ret;
	ret = scmod_event_init();
	if (ret)
		goto err_policy;
	ret = scmod_executed_init();
	if (ret)
		goto err_event;
	ret = scmod_taskwork_init();
	if (ret)
		goto err_executed;
	ret = scmod_netlink_init();
	if (ret)
		goto err_executed;
	/* Must be the last that can fail: see there. */
	ret = scmod_attach_init();
	if (ret)
		goto err_netlink;
	scmod_request_open(true);
	return 0;

err_netlink:
	scmod_netlink_exit();
err_executed:
	scmod_executed_exit();
err_event:
	scmod_event_exit();
err_policy:
	scmod_policy_exit();
	return ret;
}

/* No policy enforces by now: an enforcing one holds a reference to the module. */
static void __exit scmod_exit(void)
{
	/* Events are still sent to those that listen already. */
	scmod_request_open(false);
	scmod_deadline_exit();
	scmod_attach_exit();
	scmod_executed_exit();
	scmod_kill_drain();
	scmod_audit_drain();
	scmod_taskwork_drain();
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
