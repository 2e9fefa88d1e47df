// SPDX-License-Identifier: GPL-2.0
/*
 * Test module: does to the usermode helper of scmod's proof what other modules and
 * kernels do. kill=1 kills it before it is executed, at the place where LKRG does.
 * path=PATH has PATH executed in its place, as CONFIG_STATIC_USERMODEHELPER does;
 * path= (empty) has nothing executed. Other helpers go on as ever.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/umh.h>

static bool kill;
module_param(kill, bool, 0);

static char path[64] = "-";
module_param_string(path, path, sizeof(path), 0);

static bool is_proof(char **argv)
{
	return argv && argv[0] && !strcmp(argv[0], "scmod-proof");
}

/* call_usermodehelper_setup(path, argv, ...) */
static int on_setup(struct kprobe *p, struct pt_regs *regs)
{
	if (strcmp(path, "-") && is_proof((char **)regs->si))
		regs->di = (unsigned long)path;
	return 0;
}

/* call_usermodehelper_exec_async(info), in the new process */
static int on_exec(struct kprobe *p, struct pt_regs *regs)
{
	struct subprocess_info *info = (void *)regs->di;

	/* The worker that it was forked from ignores signals; so does it, so far. */
	if (kill && is_proof(info->argv))
		force_sig(SIGKILL);
	return 0;
}

static struct kprobe setup = {
	.symbol_name = "call_usermodehelper_setup",
	.pre_handler = on_setup,
};

static struct kprobe exec = {
	.symbol_name = "call_usermodehelper_exec_async",
	.pre_handler = on_exec,
};

static int __init umh_init(void)
{
	int ret = register_kprobe(&setup);

	if (ret)
		return ret;
	ret = register_kprobe(&exec);
	if (ret)
		unregister_kprobe(&setup);
	return ret;
}

static void __exit umh_exit(void)
{
	unregister_kprobe(&exec);
	unregister_kprobe(&setup);
}

module_init(umh_init);
module_exit(umh_exit);
MODULE_DESCRIPTION("Refuses the usermode helper of scmod, for its tests");
MODULE_LICENSE("GPL");
