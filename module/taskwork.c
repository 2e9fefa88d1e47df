// SPDX-License-Identifier: GPL-2.0
/* Work that current does itself before it returns to user mode. */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/static_call.h>
#include <linux/task_work.h>

#include "site.h"
#include "taskwork.h"

static int not_found(struct task_struct *task, struct callback_head *work,
		     enum task_work_notify_mode mode)
{
	return -ENOSYS;
}

/* Becomes task_work_add(), which not all kernels export. */
DEFINE_STATIC_CALL(add_work, not_found);

int scmod_taskwork_add(struct callback_head *work)
{
	return static_call(add_work)(current, work, TWA_RESUME);
}

int scmod_taskwork_init(void)
{
	unsigned long address;
	int ret = scmod_site_find("task_work_add", &address);

	/* Only the address is needed, so a function without an ftrace site will do. */
	if (ret && ret != -EOPNOTSUPP) {
		pr_err("cannot find task_work_add: %pe; without it no call could be answered by a kill, nor the threads of a large process be moved\n",
		       ERR_PTR(ret));
		return ret;
	}
	static_call_update(add_work, (typeof(not_found) *)address);
	return 0;
}

int scmod_work_slot_get(struct scmod_work_slots *slots)
{
	unsigned int i;

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	for (i = 0; i < slots->count; i++)
		if (!test_and_set_bit_lock(i, slots->busy))
			return i;
	module_put(THIS_MODULE);
	return -EBUSY;
}

void scmod_work_slot_put(struct scmod_work_slots *slots, unsigned int slot)
{
	clear_bit_unlock(slot, slots->busy);
	module_put(THIS_MODULE);
}

void scmod_work_slots_drain(struct scmod_work_slots *slots)
{
	while (!bitmap_empty(slots->busy, slots->count))
		msleep(20);
}

void scmod_taskwork_drain(void)
{
	synchronize_rcu_tasks();
}
