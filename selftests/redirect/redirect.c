// SPDX-License-Identifier: GPL-2.0
/*
 * Test module: redirects one function: insmod redirect.ko func=NAME [way=ipmodify|post|kprobe]:
 * by an ftrace operation with FTRACE_OPS_FL_IPMODIFY, by a kprobe with a post_handler, which
 * gets that flag, too, or by a kprobe without.
 */
#include "stub.h"

#include <linux/ftrace.h>

static char *func;
module_param(func, charp, 0);

static char *way = "ipmodify";
module_param(way, charp, 0);

static void *stub;
static unsigned long site;

static void notrace on_site(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *op, struct scmod_ftrace_regs *fregs)
{
	scmod_ftrace_pt_regs(fregs)->ip = (unsigned long)stub;
}

static struct ftrace_ops op = {
	.func = on_site,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY | SCMOD_FTRACE_NO_RECURSION,
};

static int on_probe(struct kprobe *p, struct pt_regs *regs)
{
	regs->ip = (unsigned long)stub;
	return 1;
}

static void after_probe(struct kprobe *p, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe probe = { .pre_handler = on_probe };

static int __init redirect_init(void)
{
	int ret;

	if (!func)
		return -EINVAL;
	stub = stub_for(func, &site);
	if (!stub)
		return -ENOENT;
	if (strcmp(way, "ipmodify")) {
		probe.symbol_name = func;
		probe.post_handler = strcmp(way, "post") ? NULL : after_probe;
		return register_kprobe(&probe);
	}
	ret = ftrace_set_filter_ip(&op, site, 0, 0);
	return ret ? ret : register_ftrace_function(&op);
}

static void __exit redirect_exit(void)
{
	if (strcmp(way, "ipmodify"))
		unregister_kprobe(&probe);
	else
		unregister_ftrace_function(&op);
	synchronize_rcu_tasks();
}

module_init(redirect_init);
module_exit(redirect_exit);
MODULE_DESCRIPTION("scmod tests: leads a function elsewhere");
MODULE_LICENSE("GPL");
