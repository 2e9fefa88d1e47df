// SPDX-License-Identifier: GPL-2.0
/*
 * Where functions of the kernel can be led elsewhere: their ftrace sites.
 *
 * A traceable function begins, behind endbr64 if there is one, with a nop as long as
 * a call. Livepatches, other modules' ftrace operations, fentry and fexit programs
 * and probes at the beginning of the function turn it into a call. An operation
 * that says FTRACE_OPS_FL_IPMODIFY may then go on elsewhere than in the function.
 */
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/text-patching.h>

#include "compat.h"
#include "site.h"

#ifndef CONFIG_DYNAMIC_FTRACE_WITH_REGS
#error "scmod needs a kernel with CONFIG_DYNAMIC_FTRACE_WITH_REGS"
#endif

static_assert(SCMOD_SITE_SIZE == CALL_INSN_SIZE);

/**
 * scmod_site_find() - find the ftrace site of a function
 * @symbol: the function's name
 * @site: set to the site's address
 *
 * A probe that is never armed says where it would stand: at the site, also where
 * that is behind endbr64. Sleeps.
 *
 * Return: 0; -ENOENT if there is no such function; -EOPNOTSUPP if it has no site, and
 * then @site is set to its beginning; another error of register_kprobe().
 */
int scmod_site_find(const char *symbol, unsigned long *site)
{
	struct kprobe probe = {
		.symbol_name = symbol,
		.flags = KPROBE_FLAG_DISABLED,
	};
	int ret = register_kprobe(&probe);

	if (ret)
		return ret;
	*site = (unsigned long)probe.addr;
	if (!kprobe_ftrace(&probe))
		ret = -EOPNOTSUPP;
	unregister_kprobe(&probe);
	return ret;
}

/* Is there a call, or an int3 because the kernel is writing one or taking it away? */
bool scmod_site_in_use(unsigned long site)
{
	u8 opcode;

	return !copy_from_kernel_nofault(&opcode, (void *)site, sizeof(opcode)) &&
	       (opcode == CALL_INSN_OPCODE || opcode == INT3_INSN_OPCODE);
}

static void notrace nothing(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *op, struct scmod_ftrace_regs *regs)
{
}

/* Registers an operation that does nothing, to see whether the kernel takes it. */
static int try_operation(unsigned long site, unsigned long flags)
{
	struct ftrace_ops *op = kzalloc(sizeof(*op), GFP_KERNEL);
	int ret;

	if (!op)
		return -ENOMEM;
	op->func = nothing;
	op->flags = FTRACE_OPS_FL_SAVE_REGS | SCMOD_FTRACE_NO_RECURSION | flags;
	ret = ftrace_set_filter_ip(op, site, 0, 0);
	if (!ret)
		ret = register_ftrace_function(op);
	if (!ret)
		unregister_ftrace_function(op);
	/* Frees the filter. */
	ftrace_set_filter_ip(op, site, 1, 0);
	kfree(op);
	return ret;
}

/**
 * scmod_site_redirected() - may somebody else lead this function elsewhere?
 * @site: its ftrace site, at which no operation of ours has IPMODIFY
 *
 * The kernel lets one operation with IPMODIFY at a site, so try one. While it is
 * tried, anybody else's would be refused. Sleeps.
 *
 * Return: 1, 0, or an error if it can't be told now.
 */
int scmod_site_redirected(unsigned long site)
{
	int ret = try_operation(site, FTRACE_OPS_FL_IPMODIFY);

	return ret == -EBUSY ? 1 : ret;
}

/* Is the sysctl kernel.ftrace_enabled 0? A permanent operation is refused then. */
bool scmod_site_ftrace_is_off(unsigned long site)
{
	return try_operation(site, FTRACE_OPS_FL_PERMANENT) == -EBUSY;
}
