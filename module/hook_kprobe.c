// SPDX-License-Identifier: GPL-2.0
/*
 * The kprobe engine: tries the places where kernels let a marked task pass once
 * per call, and takes the first one that is proved to fire and to refuse.
 */
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/uaccess.h>
#include <asm/text-patching.h>

#include "compat.h"
#include "decide.h"
#include "engine.h"
#include "proof.h"
#include "share.h"
#include "site.h"

/*
 * Functions that a marked task passes once per call, and the mark that leads
 * there. A compiler may specialize a function and add to its name. Where
 * syscall_trace_enter() is inlined, only the tracepoint's part is left of it.
 */
static const struct candidate {
	const char *symbol;
	unsigned int mark;
} candidates[] = {
	{ "syscall_trace_enter.constprop.0", SCMOD_FLAG_AUDIT },
	{ "syscall_trace_enter.isra.0", SCMOD_FLAG_AUDIT },
	{ "syscall_trace_enter", SCMOD_FLAG_AUDIT },
	{ "trace_syscall_enter", SCMOD_FLAG_TRACEPOINT },
};

/*
 * Just behind the ftrace site a probe can become a jump, which is the cheapest;
 * at the site itself it is an ftrace callback. The site is the function's
 * first instruction, or the second behind endbr64.
 */
static const unsigned int offsets[] = { 5, 9, 0 };

/* The kernel makes a probe a jump some time after it is registered. */
#define OPTIMIZE_WAIT_MS	1000
#define OPTIMIZE_POLL_MS	20

static struct kprobe probe;
/* It is the hook. */
static bool attached;
/* Are we at the tracepoint, too? */
static bool joined;
static char place[KSYM_NAME_LEN + 16];

/*
 * A second probe, with the handler of the first, at the ftrace site of the hooked
 * function, for as long as somebody may lead tasks from there past the first; see
 * detour.c. What it refuses is no call any more when it comes to the first.
 */
static struct kprobe guard;

/* The candidate that serves, and whether it stands before ptrace. */
static const struct candidate *hooked;
static bool before_ptrace;

/*
 * The argument that says what the slow entry is to do, as an offset into the
 * registers at the place. 0: it is not known, or not needed.
 */
static unsigned int work_offset;

/*
 * Where seccomp comes behind the place it would judge a refused call once more, by
 * the number -1. That is in no filter, and so a filter's default would answer: it may
 * kill, and a library that is to fall back on another call wants ENOSYS. So there is
 * no seccomp for such a call. Unless a tracer may yet make another one of it.
 */
static void keep_seccomp_out(struct pt_regs *regs)
{
	unsigned long *work = (void *)regs + work_offset;

	if (work_offset && !(*work & SCMOD_WORK_TRACED))
		*work &= ~SCMOD_WORK_SECCOMP;
}

NOKPROBE_SYMBOL(keep_seccomp_out);

static int proving(struct kprobe *p, struct pt_regs *regs)
{
	if (scmod_proof_hook(current_pt_regs()))
		keep_seccomp_out(regs);
	return 0;
}

/*
 * What a tracer emulates is no call, and we have come before it. It stopped the task
 * to ask for that, and can take it back at another stop only; there is none between
 * where the kernel looks and here.
 */
static bool emulated(void)
{
	return before_ptrace && scmod_call_emulated();
}

static noinline void decide(struct pt_regs *regs)
{
	if (!emulated() && scmod_decide(current_pt_regs()))
		keep_seccomp_out(regs);
}

NOKPROBE_SYMBOL(decide);

static int deciding(struct kprobe *p, struct pt_regs *regs)
{
	if (unlikely(!scmod_decide_nothing(current_pt_regs())))
		decide(regs);
	return 0;
}

NOKPROBE_SYMBOL(deciding);

/*
 * Is the probe a jump by now? Its own flags don't tell: the kernel keeps that
 * in an aggregate probe of its own. So look at what stands there.
 */
static bool optimized(void)
{
	u8 opcode;

	return !kprobe_ftrace(&probe) &&
	       !copy_from_kernel_nofault(&opcode, probe.addr, sizeof(opcode)) &&
	       opcode == JMP32_INSN_OPCODE;
}

static bool wait_optimized(void)
{
	unsigned int waited;

	for (waited = 0; waited < OPTIMIZE_WAIT_MS; waited += OPTIMIZE_POLL_MS) {
		if (optimized())
			return true;
		msleep(OPTIMIZE_POLL_MS);
	}
	return false;
}

/*
 * A probe's handler is not changed while it is registered; the place is proved
 * with one registration and used with the next.
 */
static int attach(const char *symbol, unsigned int offset,
		  kprobe_pre_handler_t handler)
{
	memset(&probe, 0, sizeof(probe));
	probe.symbol_name = symbol;
	probe.offset = offset;
	probe.pre_handler = handler;
	return register_kprobe(&probe);
}

/*
 * A function may have lost arguments when it was specialized, so which one it is has
 * to be tried. Whoever is wrong changes one that is not looked at any more.
 */
static int prove(void)
{
	static const unsigned int arguments[] = {
		0, offsetof(struct pt_regs, si), offsetof(struct pt_regs, dx)
	};
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(arguments); i++) {
		work_offset = arguments[i];
		ret = scmod_proof_run();
		if (ret != SCMOD_PROOF_ANSWERED)
			return ret;
	}
	work_offset = 0;
	pr_notice("calls that are refused get the answer of the program's own seccomp filter, if it has one: use hook=tracepoint for such programs\n");
	return 0;
}

static int try_place(const char *symbol, unsigned int offset)
{
	int ret;

	ret = attach(symbol, offset, proving);
	if (ret)
		return ret;
	/* A breakpoint is the dearest kind; rather go on looking. */
	if (offset && !wait_optimized())
		ret = -EOPNOTSUPP;
	if (!ret)
		ret = prove();
	unregister_kprobe(&probe);
	if (ret)
		return ret;
	return attach(symbol, offset, deciding);
}

/*
 * In trace_syscall_enter() a static key stands so close behind the ftrace site
 * that a jump has no room there. While the tracepoint has a user the key is a
 * jump itself, and where it leads there is room. That place is as good as the
 * function's beginning if nothing stands between but what gcc puts there.
 *
 * Return: the offset of that place; 0 if the code at @offset, where the probe
 * was tried last, is any other.
 */
static unsigned int key_target(unsigned int offset)
{
	/* mov %rdi,%r8; jmp */
	static const u8 expected[] = { 0x49, 0x89, 0xf8, 0xeb };
	u8 code[sizeof(expected) + 1];

	if (copy_from_kernel_nofault(code, probe.addr, sizeof(code)) ||
	    memcmp(code, expected, sizeof(expected)) ||
	    code[sizeof(expected)] > S8_MAX)
		return 0;
	return offset + sizeof(code) + code[sizeof(expected)];
}

static int try_offset(const char *symbol, unsigned int offset)
{
	int ret = try_place(symbol, offset);

	if (ret)
		pr_debug("%s+0x%x: %pe\n", symbol, offset, ERR_PTR(ret));
	else
		snprintf(place, sizeof(place), "%s+0x%x", symbol, offset);
	return ret;
}

static int try_offsets(const char *symbol)
{
	int ret = -ENOENT;
	unsigned int o, target;

	for (o = 0; o < ARRAY_SIZE(offsets); o++) {
		ret = try_offset(symbol, offsets[o]);
		target = ret == -EOPNOTSUPP ? key_target(offsets[o]) : 0;
		if (target)
			ret = try_offset(symbol, target);
		if (!ret || scmod_proof_void(ret))
			break;
	}
	return ret;
}

static void nothing(void *data, struct pt_regs *regs, long nr)
{
}

static void leave(void)
{
	if (joined)
		scmod_share_leave();
	joined = false;
}

static void take(const struct candidate *c)
{
	hooked = c;
	before_ptrace = c->mark == SCMOD_FLAG_AUDIT;
}

/* Where the mark is the tracepoint's, we must be there: see share.c. */
static int try_candidate(const struct candidate *c)
{
	int ret;

	scmod_mark_flag = c->mark;
	take(c);
	if (c->mark == SCMOD_FLAG_TRACEPOINT) {
		ret = scmod_share_join(nothing);
		if (ret)
			return ret;
		joined = true;
	}
	ret = try_offsets(c->symbol);
	if (ret)
		leave();
	return ret;
}

static int kprobe_attach(void)
{
	int ret[ARRAY_SIZE(candidates)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(candidates); i++) {
		ret[i] = try_candidate(&candidates[i]);
		/* Going on could find a dearer place than the one that failed. */
		attached = !ret[i];
		if (attached || scmod_proof_void(ret[i]))
			return ret[i];
	}
	for (i = 0; i < ARRAY_SIZE(candidates); i++)
		pr_err("tried %s: %pe\n", candidates[i].symbol,
		       ERR_PTR(ret[i]));
	return -EOPNOTSUPP;
}

static void kprobe_detach(void)
{
	unregister_kprobe(&probe);
	attached = false;
	leave();
}

static const char *kprobe_symbol(void)
{
	return place;
}

static const char *kprobe_kind(void)
{
	if (optimized())
		return "jump-optimized";
	return kprobe_ftrace(&probe) ? "ftrace" : "int3";
}

static u64 kprobe_nmissed(void)
{
	return probe.nmissed;
}

bool scmod_kprobe_hooks(void)
{
	return attached;
}

bool scmod_kprobe_is_ftrace(void)
{
	return kprobe_ftrace(&probe);
}

/*
 * With the tracepoint for an engine: the function that passes it. A program's own
 * seccomp filter is asked about a call that the guard refuses there, as which
 * argument keeps it out has not been tried.
 */
static int find_hooked(unsigned long *site)
{
	int ret = -ENOENT;
	unsigned int i;

	for (i = 0; ret && i < ARRAY_SIZE(candidates); i++) {
		take(&candidates[i]);
		ret = scmod_site_find(hooked->symbol, site);
	}
	return ret;
}

/**
 * scmod_kprobe_site() - where tasks could be led past the hook
 * @symbol: set to the name of the function
 * @site: set to the function's ftrace site
 *
 * Return: 0, or -ENOENT if there is no such place: the hook stands at the site.
 */
int scmod_kprobe_site(const char **symbol, unsigned long *site)
{
	int ret;

	if (!attached)
		ret = find_hooked(site);
	else if (scmod_kprobe_is_ftrace())
		ret = -ENOENT;
	else
		ret = scmod_site_find(hooked->symbol, site);
	*symbol = hooked->symbol;
	return ret;
}

/* Sleeps. The caller knows whether it is there. */
int scmod_kprobe_guard(void)
{
	memset(&guard, 0, sizeof(guard));
	guard.symbol_name = hooked->symbol;
	guard.pre_handler = deciding;
	return register_kprobe(&guard);
}

void scmod_kprobe_unguard(void)
{
	unregister_kprobe(&guard);
}

const struct scmod_engine scmod_engine_kprobe = {
	.name = "kprobe",
	.attach = kprobe_attach,
	.detach = kprobe_detach,
	.symbol = kprobe_symbol,
	.kind = kprobe_kind,
	.nmissed = kprobe_nmissed,
};
