// SPDX-License-Identifier: GPL-2.0
/* Which engine hooks system call entry, and what it tells of itself. */
#include <linux/module.h>

#include "compat.h"
#include "escape.h"
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

static void say_unknown(void)
{
	char text[SCMOD_ESCAPED_BYTES(32)];

	scmod_escape(text, sizeof(text), hook);
	pr_err("hook=%s: unknown; must be kprobe or tracepoint\n", text);
}

int scmod_hook_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(engines); i++)
		if (!strcmp(hook, engines[i]->name))
			engine = engines[i];
	if (!engine) {
		say_unknown();
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
	return scmod_watch_armed() ? engine->kind() : "switched off";
}

u64 scmod_hook_nmissed(void)
{
	return engine->nmissed();
}
