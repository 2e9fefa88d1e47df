// SPDX-License-Identifier: GPL-2.0
/* Test module: a livepatch of one function: insmod redirect_livepatch.ko func=NAME. */
#include "stub.h"

#include <linux/livepatch.h>

static char *func;
module_param(func, charp, 0);

static struct klp_func funcs[2];

static struct klp_object objects[] = {
	{ .funcs = funcs },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init redirect_livepatch_init(void)
{
	unsigned long site;

	if (!func)
		return -EINVAL;
	funcs[0].old_name = func;
	funcs[0].new_func = stub_for(func, &site);
	if (!funcs[0].new_func)
		return -ENOENT;
	return klp_enable_patch(&patch);
}

/* It can go once it is disabled. */
static void __exit redirect_livepatch_exit(void)
{
}

module_init(redirect_livepatch_init);
module_exit(redirect_livepatch_exit);
MODULE_DESCRIPTION("scmod tests: a livepatch");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
