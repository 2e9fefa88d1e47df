/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the test modules put in place of a function of the kernel: for the hooked
 * ones a short version of their own, which never comes to where the original's probes
 * are; for any other the function itself, from behind its ftrace site on.
 */
#ifndef SELFTESTS_REDIRECT_STUB_H
#define SELFTESTS_REDIRECT_STUB_H

/* The kernel's is not exported. Its headers' inline functions are to call this one. */
#define ptrace_notify redirect_notify

#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <asm/syscall.h>
#include <asm/text-patching.h>

#include "compat.h"

#ifdef SYSCALL_WORK_SYSCALL_AUDIT
#define traced()	(current_thread_info()->syscall_work & SYSCALL_WORK_SYSCALL_TRACE)
#else
#include <linux/tracehook.h>
#define traced()	test_thread_flag(TIF_SYSCALL_TRACE)
#define ptrace_report_syscall_entry	tracehook_report_syscall_entry
#endif

static unsigned long not_set(unsigned long code, unsigned long message)
{
	return 0;
}

/* ptrace_notify(), and the replaced function from behind its site on. */
DEFINE_STATIC_CALL(redirect_whole, not_set);
DEFINE_STATIC_CALL(redirect_behind, not_set);

#ifdef SCMOD_HAVE_NOTIFY_MESSAGE
int redirect_notify(int code, unsigned long message)
{
	return static_call(redirect_whole)(code, message);
}
#else
void redirect_notify(int code)
{
	static_call(redirect_whole)(code, 0);
}
#endif

/* All arguments, however many there are. */
void redirect_through(void);
asm("\t.pushsection .text\n"
	"\t.type redirect_through, @function\n"
	"redirect_through:\n"
	"\tendbr64\n"
	"\tjmp __SCT__redirect_behind\n"
	"\t.size redirect_through, . - redirect_through\n"
	"\t.popsection\n");

/* In place of syscall_trace_enter(), whatever arguments that was left with. */
static noinline long enter(void)
{
	struct pt_regs *regs = current_pt_regs();

	if (traced() && ptrace_report_syscall_entry(regs))
		return -1;
	return (int)regs->orig_ax;
}

/* In place of trace_syscall_enter(), which stands behind ptrace. */
static noinline long number(void)
{
	return (int)current_pt_regs()->orig_ax;
}

static int stub_site(const char *symbol, unsigned long *site)
{
	struct kprobe probe = {
		.symbol_name = symbol,
		.flags = KPROBE_FLAG_DISABLED,
	};
	int ret = register_kprobe(&probe);

	if (ret)
		return ret;
	*site = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

/* What goes in place of @symbol; its site into @site. */
static void *stub_for(const char *symbol, unsigned long *site)
{
	unsigned long notify_site;

	if (stub_site(symbol, site) || stub_site("ptrace_notify", &notify_site))
		return NULL;
	static_call_update(redirect_whole, (typeof(not_set) *)notify_site);
	static_call_update(redirect_behind, (typeof(not_set) *)(*site + CALL_INSN_SIZE));
	if (strstarts(symbol, "syscall_trace_enter"))
		return enter;
	if (!strcmp(symbol, "trace_syscall_enter"))
		return number;
	return redirect_through;
}

#endif /* SELFTESTS_REDIRECT_STUB_H */
