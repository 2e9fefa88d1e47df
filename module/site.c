// SPDX-License-Identifier: GPL-2.0
/*
 * Where functions of the kernel can be redirected: their ftrace sites.
 *
 * A traceable function begins with a nop that is as long as a call, after endbr64 if there
 * is one. Livepatches, other modules' ftrace operations, fentry and fexit programs and
 * kprobes at that nop turn it into a call. From there an operation with
 * FTRACE_OPS_FL_IPMODIFY may make the task leave the function.
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
 * The kernel moves a kprobe at the beginning of a function to the ftrace site, even if
 * that is after endbr64. So register one that is never armed, to see where it is. Sleeps.
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
	int ret = scmod_register_kprobe(&probe);

	if (ret)
		return ret;
	*site = (unsigned long)probe.addr;
	if (!kprobe_ftrace(&probe))
		ret = -EOPNOTSUPP;
	unregister_kprobe(&probe);
	return ret;
}

/* Is there a call, or an int3, which stands there while the kernel writes or removes one? */
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

/* Register an operation that does nothing, to see whether the kernel accepts it. */
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
 * scmod_site_redirected() - may somebody else redirect tasks at this site?
 * @site: an ftrace site at which no operation of scmod has IPMODIFY
 *
 * The kernel allows one operation with IPMODIFY at a site, so try to register one. If
 * somebody else tries to register one at that moment, the kernel refuses it. Sleeps.
 *
 * Return: 1 if so, 0 if not, or an error if that can't be found out now.
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
