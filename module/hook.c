// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches to system call entry by the engine that the parameter hook names, or by the
 * cheapest one that can be proved.
 */
#include <linux/module.h>

#include "compat.h"
#include "engine.h"
#include "escape.h"
#include "hook.h"
#include "proof.h"

static char *hook = "auto";
module_param(hook, charp, 0444);
MODULE_PARM_DESC(hook, "How system call entry is hooked: auto (default): tracepoint where it can refuse, or else kprobe, which costs more; or one of these");

/* The cheapest first. */
static const struct scmod_engine *const engines[] = {
	&scmod_engine_tracepoint,
	&scmod_engine_kprobe,
};

/* The engine that is attached, or NULL. Written by scmod_hook_init() and _exit() alone. */
static const struct scmod_engine *engine;

static void say_unknown(void)
{
	char text[SCMOD_ESCAPED_BYTES(32)];

	scmod_escape(text, sizeof(text), hook);
	pr_err("hook=%s: unknown; must be auto, tracepoint or kprobe\n", text);
}

static bool is_auto(void)
{
	return !strcmp(hook, "auto");
}

/*
 * Attach by the first of the engines that may be taken and can be proved. A proof that is
 * void ends the search: it says nothing about the engine, and the next one costs more.
 */
static int attach(void)
{
	/* As it stays if no engine has that name. */
	int ret = -EINVAL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(engines); i++) {
		if (!is_auto() && strcmp(hook, engines[i]->name))
			continue;
		ret = engines[i]->attach();
		if (!ret)
			engine = engines[i];
		if (!ret || scmod_proof_void(ret))
			break;
	}
	return ret;
}

int scmod_hook_init(void)
{
	int ret = attach();

	if (ret == -EINVAL)
		say_unknown();
	else if (ret && !scmod_proof_void(ret))
		pr_err("no hook could be proved to fire and to refuse\n");
	if (ret)
		return ret;
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

/* Why this engine serves, for people. */
const char *scmod_hook_why(void)
{
	if (!engine)
		return "none";
	if (!is_auto())
		return "the parameter hook names it";
	return engine == engines[0] ? "the cheapest there is" :
		"the tracepoint, which costs less, does not serve on this kernel";
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
