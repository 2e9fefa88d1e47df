// SPDX-License-Identifier: GPL-2.0
/* Which engine hooks system call entry, and what it tells of itself. */
#include <linux/module.h>

#include "compat.h"
#include "detour.h"
#include "hook.h"
#include "watch.h"

static char *hook = "kprobe";
module_param(hook, charp, 0444);
MODULE_PARM_DESC(hook, "How system call entry is hooked: kprobe (default), or tracepoint: cheaper, on kernels where it can refuse");

static const struct scmod_engine *const engines[] = {
	&scmod_engine_kprobe,
	&scmod_engine_tracepoint,
};

static const struct scmod_engine *engine;

int scmod_hook_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(engines); i++)
		if (!strcmp(hook, engines[i]->name))
			engine = engines[i];
	if (!engine) {
		pr_err("hook=%s: unknown; must be kprobe or tracepoint\n",
		       hook);
		return -EINVAL;
	}
	ret = engine->attach();
	if (ret == -ENOMEM)
		return ret;
	if (ret) {
		pr_err("no hook could be proved to fire and to refuse. This kernel is not supported; see README.md\n");
		return ret;
	}
	pr_info("hooked by %s at %s, proved to fire and to refuse\n",
		engine->name, engine->symbol());
	if (scmod_kernel_untested())
		pr_notice("this kernel is newer than any that scmod was tested on\n");
	return 0;
}

void scmod_hook_exit(void)
{
	engine->detach();
}

bool scmod_hook_is_kprobe(void)
{
	return engine == &scmod_engine_kprobe;
}

const char *scmod_hook_engine(void)
{
	return engine->name;
}

const char *scmod_hook_symbol(void)
{
	return engine->symbol();
}

const char *scmod_hook_probe(void)
{
	if (!scmod_watch_armed())
		return "switched off";
	return scmod_detour_taken() ? "ftrace, entry redirected" : engine->kind();
}

u64 scmod_hook_nmissed(void)
{
	return engine->nmissed();
}
