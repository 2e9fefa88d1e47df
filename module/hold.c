// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps the kernel's probes on while a policy enforces.
 *
 * Whoever can write to debugfs' kprobes/enabled, uid 0 even without any capability, can
 * disarm all kprobes: the hook, where it is one, and those that watch tracers. The
 * kernel's function that does so is redirected to one here, which refuses while a policy
 * enforces. The other switch, the sysctl kernel.ftrace_enabled, is kept on by the
 * redirections themselves.
 */
#include <linux/fs.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/static_call.h>
#include <linux/uaccess.h>

#include "escape.h"
#include "hold.h"
#include "policy.h"
#include "redirect.h"
#include "switch.h"

static ssize_t not_set(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return -EIO;
}

/* write_enabled_file_bool(), just after its ftrace site. */
DEFINE_STATIC_CALL(real_write, not_set);

static void say(void)
{
	char comm[SCMOD_ESCAPED_BYTES(TASK_COMM_LEN)];

	scmod_escape(comm, sizeof(comm), current->comm);
	pr_alert_ratelimited("\"%s\"[%d] wanted to switch off the kernel's probes (debugfs kprobes/enabled): refused, since a policy enforces\n",
			     comm, task_pid_nr(current));
}

/*
 * What is written is not looked at: it is in the caller's memory, and could be another value
 * when the real function reads it. If the probes are off already, a write can only leave
 * them off or switch them on, so it may be made even while a policy enforces.
 */
static bool may_write(void)
{
	return !scmod_policy_enforces() || scmod_switch_off();
}

/* The written bytes that the kernel looks at (kstrtobool_from_user()). */
#define WRITTEN_MAX	4

/* Waits until what is to be read is in memory, for as long as whoever serves it likes. */
static bool fetch(const char __user *buf, size_t count)
{
	char kept[WRITTEN_MAX];

	return !copy_from_user(kept, buf, min(count, sizeof(kept)));
}

/*
 * No policy begins to enforce before the real function is through, so that one may not
 * wait for the caller's memory: what is not there any more is -EFAULT.
 */
static ssize_t write_if_may(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t ret = -EBUSY;

	mutex_lock(&scmod_policy_lock);
	if (may_write()) {
		pagefault_disable();
		ret = static_call(real_write)(file, buf, count, pos);
		pagefault_enable();
	} else {
		say();
	}
	mutex_unlock(&scmod_policy_lock);
	return ret;
}

/* Called in place of write_enabled_file_bool(); see redirect.h. */
static noinline ssize_t held_write(struct file *file, const char __user *buf, size_t count,
				   loff_t *pos)
{
	ssize_t ret = -EFAULT;

	scmod_redirect_arrived();
	if (fetch(buf, count))
		ret = write_if_may(file, buf, count, pos);
	scmod_redirect_leave();
	return ret;
}

static struct scmod_redirect writing = {
	.names = { "write_enabled_file_bool" },
	.without = "root could switch off the kernel's probes while a policy enforces",
	.to = held_write,
};

void scmod_hold_exit(void)
{
	scmod_redirect_drop(&writing);
}

/*
 * scmod_redirect_start() is called later. A kernel without debugfs has no such function,
 * and no such switch.
 */
int scmod_hold_init(void)
{
	int ret = scmod_redirect_add(&writing);

	if (ret == -EOPNOTSUPP)
		pr_err("write_enabled_file_bool can't be redirected; without that %s\n",
		       writing.without);
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	static_call_update(real_write, (typeof(not_set) *)scmod_redirect_real(&writing));
	return 0;
}
