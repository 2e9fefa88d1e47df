// SPDX-License-Identifier: GPL-2.0
/*
 * The tracepoint engine: the kernel's own sys_enter, which a marked task passes
 * after ptrace and seccomp. Cheaper than any kprobe.
 *
 * When this engine registers, the kernel marks every task, as for any tracer. share.c
 * takes the marks off tasks that no policy concerns, and sees to it that other tracers
 * still get all events.
 */
#include "compat.h"
#include "decide.h"
#include "engine.h"
#include "proof.h"
#include "share.h"

static void proving(void *data, struct pt_regs *regs, long nr)
{
	scmod_proof_hook(regs);
}

static void deciding(void *data, struct pt_regs *regs, long nr)
{
	struct scmod_view *view;

	scmod_tracepoint_begin();
	if (unlikely(!scmod_decide_nothing(regs, &view)))
		scmod_decide_value(regs, view);
	scmod_tracepoint_end();
}

static int prove(void)
{
	int ret = scmod_share_join(proving);

	if (ret)
		return ret;
	ret = scmod_proof_run();
	scmod_share_leave();
	return ret;
}

static int tracepoint_attach(void)
{
	int ret;

	scmod_mark_flag = SCMOD_FLAG_TRACEPOINT;
	ret = prove();
	if (!ret)
		ret = scmod_share_join(deciding);
	if (ret == -EPERM)
		pr_info("tried tracepoint sys_enter: this kernel makes the call that was refused there; a kprobe may serve (hook=kprobe, hook=auto)\n");
	else if (ret && !scmod_proof_void(ret))
		pr_err("tried tracepoint sys_enter: %pe\n", ERR_PTR(ret));
	return ret && !scmod_proof_void(ret) ? -EOPNOTSUPP : ret;
}

static void tracepoint_detach(void)
{
	scmod_share_leave();
}

static const char *tracepoint_symbol(void)
{
	return "sys_enter";
}

static const char *tracepoint_kind(void)
{
	return "tracepoint";
}

static u64 tracepoint_nmissed(void)
{
	return 0;
}

const struct scmod_engine scmod_engine_tracepoint = {
	.name = "tracepoint",
	.attach = tracepoint_attach,
	.detach = tracepoint_detach,
	.symbol = tracepoint_symbol,
	.kind = tracepoint_kind,
	.nmissed = tracepoint_nmissed,
};
