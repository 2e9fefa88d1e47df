// SPDX-License-Identifier: GPL-2.0
/* Attaches to system call entry by the engine that the parameter hook names. */
#include <linux/module.h>

#include "compat.h"
#include "engine.h"
#include "escape.h"
#include "hook.h"
#include "proof.h"

static char *hook = "kprobe";
module_param(hook, charp, 0444);
MODULE_PARM_DESC(hook, "How system call entry is hooked: kprobe (default), or tracepoint: cheaper, on kernels where it can refuse");

static const struct scmod_engine *const engines[] = {
	&scmod_engine_kprobe,
	&scmod_engine_tracepoint,
};

/* The engine that is attached, or NULL. Written by scmod_hook_init() and _exit() alone. */
static const struct scmod_engine *engine;

static void say_unknown(void)
{
	char text[SCMOD_ESCAPED_BYTES(32)];

	scmod_escape(text, sizeof(text), hook);
	pr_err("hook=%s: unknown; must be kprobe or tracepoint\n", text);
}

static const struct scmod_engine *engine_wanted(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(engines); i++)
		if (!strcmp(hook, engines[i]->name))
			return engines[i];
	return NULL;
}

int scmod_hook_init(void)
{
	const struct scmod_engine *wanted = engine_wanted();
	int ret;

	if (!wanted) {
		say_unknown();
		return -EINVAL;
	}
	ret = wanted->attach();
	if (ret) {
		if (!scmod_proof_void(ret))
			pr_err("no hook could be proved to fire and to refuse\n");
		return ret;
	}
	engine = wanted;
	pr_info("hooked by %s at %s, proved to fire and to refuse\n",
		engine->name, engine->symbol());
	if (scmod_kernel_untested())
		pr_notice("this kernel is newer than any that scmod was tested on\n");
	return 0;
}

void scmod_hook_exit(void)
{
	engine->detach();
	engine = NULL;
}

const char *scmod_hook_engine(void)
{
	return engine ? engine->name : "none";
}

const char *scmod_hook_symbol(void)
{
	return engine ? engine->symbol() : "none";
}

/* Of the probe, as it is now; something is attached. */
const char *scmod_hook_kind(void)
{
	return engine->kind();
}

u64 scmod_hook_nmissed(void)
{
	return engine ? engine->nmissed() : 0;
}
