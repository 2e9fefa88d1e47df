// SPDX-License-Identifier: GPL-2.0
/*
 * Finds out which of the kernel's switches keeps probes from firing. That is asked when no
 * hook could be proved, to tell a kernel that scmod does not know from one where somebody
 * has switched probes off: debugfs' kprobes/enabled disarms all of them, and the sysctl
 * kernel.ftrace_enabled those that are ftrace callbacks.
 */
#include <linux/kprobes.h>

#include "compat.h"
#include "switch.h"

static bool fired;

static noinline void target(void)
{
	/* Or the compiler would leave the call out. */
	barrier();
}

static int on_target(struct kprobe *p, struct pt_regs *regs)
{
	WRITE_ONCE(fired, true);
	return 0;
}

/* Does a probe there fire? Return: 1, 0, or an error if it can't be registered. */
static int fires(unsigned int offset)
{
	struct kprobe probe = {
		.addr = (kprobe_opcode_t *)target,
		.offset = offset,
		.pre_handler = on_target,
	};
	int ret = scmod_register_kprobe(&probe);

	if (ret)
		return ret;
	WRITE_ONCE(fired, false);
	target();
	unregister_kprobe(&probe);
	return READ_ONCE(fired);
}

/* Where an instruction begins after the ftrace site depends on the compiler. */
static int fires_behind(void)
{
	int ret = fires(5);

	return ret < 0 ? fires(9) : ret;
}

/**
 * scmod_switch_off() - which switch is off
 *
 * Sleeps. One caller at a time.
 *
 * Return: what is off and what to do, a literal; NULL if nothing is.
 */
const char *scmod_switch_off(void)
{
	if (!fires_behind())
		return "The kernel's kprobes are switched off; write 1 to debugfs' kprobes/enabled";
	if (fires(0) <= 0)
		return "ftrace is switched off; write 1 to the sysctl kernel.ftrace_enabled";
	return NULL;
}
