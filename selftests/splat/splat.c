// SPDX-License-Identifier: GPL-2.0
/*
 * Test module: does one wrong thing at load, so that it can be seen that the
 * debug kernel and vm/run notice: insmod splat.ko plant=NAME.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>
#include <asm/msr.h>
#include <asm/tsc.h>

static char *plant;
module_param(plant, charp, 0);

static u8 global[8];
static int sink;

static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

static void use_after_free(void)
{
	u8 *p = kzalloc(64, GFP_KERNEL);

	if (!p)
		return;
	OPTIMIZER_HIDE_VAR(p);
	kfree(p);
	WRITE_ONCE(sink, READ_ONCE(p[8]));
}

/* The module's own data, which lies in vmalloc space. */
static void out_of_bounds(void)
{
	u8 *p = global;

	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(sink, READ_ONCE(p[sizeof(global)]));
}

static void sleep_in_atomic(void)
{
	spin_lock(&lock);
	msleep(20);
	spin_unlock(&lock);
}

/* One thread is enough: it is the order that is wrong. */
static void inversion(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

/* Taken with interrupts on, and in one: it could meet itself. */
static void lock_in_irq(struct irq_work *work)
{
	spin_lock(&lock);
	spin_unlock(&lock);
}

static DEFINE_IRQ_WORK(irq, lock_in_irq);

static void irq_lock(void)
{
	spin_lock(&lock);
	spin_unlock(&lock);
	irq_work_queue(&irq);
	irq_work_sync(&irq);
}

static void rcu_without_lock(void)
{
	static int value;
	static int __rcu *pointer = RCU_INITIALIZER(&value);

	WRITE_ONCE(sink, *rcu_dereference(pointer));
}

static void tick(struct timer_list *unused)
{
}

static void free_active_timer(void)
{
	struct timer_list *timer = kzalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, tick, 0);
	mod_timer(timer, jiffies + 1000 * HZ);
	kfree(timer);
}

static void leak(void)
{
	void *p = kzalloc(321, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
}

static void list_twice(void)
{
	static LIST_HEAD(head);
	static struct list_head entry;

	list_add(&entry, &head);
	list_add(&entry, &head);
}

/*
 * Stalls. Each lasts longer than the test lets the kernel wait before it reports one, and then
 * ends, so that the run ends because of the report, and not because of its timeout.
 */
#define STALL_SECONDS 45

static void spin(void)
{
	unsigned long end = jiffies + STALL_SECONDS * HZ;

	preempt_disable();
	while (time_before(jiffies, end))
		cpu_relax();
	preempt_enable();
}

/* jiffies stands still if this CPU is the one that counts it, so the TSC is asked. */
static void spin_irqs_off(void)
{
	u64 end = rdtsc() + (u64)tsc_khz * 1000 * STALL_SECONDS;
	unsigned long flags;

	local_irq_save(flags);
	while (rdtsc() < end)
		cpu_relax();
	local_irq_restore(flags);
}

/*
 * It uses no CPU time. Only an NMI ends the halt: RCU sends one with each report of a
 * stall, and the first that comes after STALL_SECONDS lets the CPU go on.
 */
static void halt_irqs_off(void *unused)
{
	unsigned long end = jiffies + STALL_SECONDS * HZ;

	while (time_before(jiffies, end))
		asm volatile("cli; hlt" : : : "memory");
}

static void halt_other(void)
{
	smp_call_function_single(1, halt_irqs_off, NULL, 0);
	ssleep(STALL_SECONDS);
}

static void sleep_in_rcu(void)
{
	rcu_read_lock();
	__set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(STALL_SECONDS * HZ);
	rcu_read_unlock();
}

static void hung_task(void)
{
	DECLARE_COMPLETION_ONSTACK(never);

	wait_for_completion_timeout(&never, STALL_SECONDS * HZ);
}

static const struct {
	const char *name;
	void (*fn)(void);
} plants[] = {
	{ "none", NULL },
	{ "use-after-free", use_after_free },
	{ "out-of-bounds", out_of_bounds },
	{ "sleep-in-atomic", sleep_in_atomic },
	{ "inversion", inversion },
	{ "irq-lock", irq_lock },
	{ "rcu", rcu_without_lock },
	{ "timer", free_active_timer },
	{ "leak", leak },
	{ "list", list_twice },
	{ "spin", spin },
	{ "spin-irqs-off", spin_irqs_off },
	{ "halt-irqs-off", halt_other },
	{ "sleep-in-rcu", sleep_in_rcu },
	{ "hung-task", hung_task },
};

static int __init splat_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(plants); i++) {
		if (!plant || strcmp(plant, plants[i].name))
			continue;
		if (plants[i].fn)
			plants[i].fn();
		return 0;
	}
	return -EINVAL;
}

static void __exit splat_exit(void)
{
}

module_init(splat_init);
module_exit(splat_exit);
MODULE_DESCRIPTION("Does what a kernel must not, for the tests of scmod");
MODULE_LICENSE("GPL");
