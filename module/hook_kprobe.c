// SPDX-License-Identifier: GPL-2.0
/*
 * The kprobe engine: tries the functions that a marked task passes once per system call
 * on the kernels that are known, and takes the first place in them that is proved to fire
 * and to refuse.
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
/* This engine is the hook: its probe is registered and decides. */
static bool attached;
/* nothing() is registered at the tracepoint sys_enter; see try_candidate(). */
static bool joined;
/* Where the probe is, as symbol+offset; for the log and `scmod status`. */
static char place[KSYM_NAME_LEN + 16];

/*
 * A second probe with the same handler, at the ftrace site of the hooked function. It is
 * registered while somebody may redirect tasks from that site, so that they never reach
 * the first probe; see detour.c. A call that the second probe refuses has number -1 when
 * it reaches the first, which then has nothing to decide.
 */
static struct kprobe guard;

/* The candidate that serves, and whether it stands before ptrace. */
static const struct candidate *hooked;
static bool before_ptrace;

/*
 * The hooked function has an argument that says what work the slow entry is to do. This
 * is the register that holds it at the probe, as an offset into struct pt_regs. 0: the
 * register is not known, or seccomp does not come after the probe.
 */
static unsigned int work_offset;

/*
 * Where seccomp comes after the probe, it judges a refused call once more, by its new
 * number -1. No filter lists that number, so the filter's default action would decide
 * what the program gets: it may kill the program, or replace the ENOSYS that makes a
 * library fall back on another call. So seccomp is left out for a refused call. It is
 * kept if a tracer may still write another number into the call.
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
 * A tracer may emulate the call (PTRACE_SYSEMU): then the kernel does not make it, and
 * there is nothing to decide. A hook before ptrace runs before the kernel has looked for
 * that. The tracer asks for emulation while the task is stopped, and can change its mind
 * only at another stop; there is no stop between this point and where the kernel looks.
 */
static bool emulated(void)
{
	return before_ptrace && scmod_call_emulated();
}

static noinline void decide(struct pt_regs *regs, const struct scmod_view *view)
{
	if (!emulated() && scmod_decide_value(current_pt_regs(), view))
		keep_seccomp_out(regs);
}

NOKPROBE_SYMBOL(decide);

static int deciding(struct kprobe *p, struct pt_regs *regs)
{
	struct scmod_view *view;

	if (unlikely(!scmod_decide_nothing(current_pt_regs(), &view)))
		decide(regs, view);
	return 0;
}

NOKPROBE_SYMBOL(deciding);

/*
 * Has the kernel made the probe a jump by now? The flags of the probe don't tell, since
 * the kernel keeps that state in an aggregate probe of its own. So the instruction at
 * the probe's address is read.
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
 * The handler of a registered probe can't be changed. So a place is registered twice:
 * with proving() to prove it, then with deciding() to use it.
 */
static int attach(const char *symbol, unsigned int offset,
		  kprobe_pre_handler_t handler)
{
	memset(&probe, 0, sizeof(probe));
	probe.symbol_name = symbol;
	probe.offset = offset;
	probe.pre_handler = handler;
	return scmod_register_kprobe(&probe);
}

/*
 * A compiler that specializes a function may drop arguments, so the register of the
 * argument that keep_seccomp_out() changes has to be found by trying. Changing a wrong
 * register does no harm: the function does not read that register after the probe.
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
	/* Without the jump it stays a breakpoint, the slowest kind: try the next place. */
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
 * In trace_syscall_enter() a static key follows the ftrace site so closely that a jump
 * has no room between them. While the tracepoint has a user, the key is a jump itself,
 * and there is room at its target. A probe at the target sees every call, as one at the
 * function's beginning does, if the code between the two is what gcc is known to emit.
 *
 * Return: the offset of the target; 0 if the code at @offset, where the probe was tried
 * last, is not that known code.
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

/* Where the mark is the tracepoint's flag, scmod must be registered there: see share.c. */
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
		attached = !ret[i];
		/*
		 * A void proof says nothing about the place, so the search ends: the next
		 * place might be proved although it is slower than this one.
		 */
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
 * Where the tracepoint is the engine: find the function that calls the tracepoint. Which
 * of its arguments keep_seccomp_out() would have to change has not been tried then, so a
 * program's own seccomp filter is asked about a call that the guard refuses.
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

/* Register the guard. Sleeps. The caller knows that it is not registered yet. */
int scmod_kprobe_guard(void)
{
	memset(&guard, 0, sizeof(guard));
	guard.symbol_name = hooked->symbol;
	guard.pre_handler = deciding;
	return scmod_register_kprobe(&guard);
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
