// SPDX-License-Identifier: GPL-2.0
/*
 * Test module: counts the tasks that carry one of the flags that can be scmod's
 * mark, and those that don't, says so in the kernel log ("marks: N, without: M"), and
 * does not stay loaded.
 */
#include <linux/module.h>
#include <linux/sched/signal.h>

#include "compat.h"

static int __init marks_init(void)
{
	struct task_struct *p, *t;
	unsigned int count = 0, without = 0;

	rcu_read_lock();
	for_each_process_thread(p, t)
		if (scmod_flag_test(t, SCMOD_FLAG_AUDIT) ||
		    scmod_flag_test(t, SCMOD_FLAG_TRACEPOINT))
			count++;
		else
			without++;
	rcu_read_unlock();
	pr_info("marks: %u, without: %u\n", count, without);
	return -ECANCELED;
}

module_init(marks_init);
MODULE_DESCRIPTION("Counts marked tasks, for scmod's tests");
MODULE_LICENSE("GPL");
