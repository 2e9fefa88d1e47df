/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernels, probed by feature.
 *
 * Nothing outside this file asks what kernel it is built for.
 */
#ifndef SCMOD_COMPAT_H
#define SCMOD_COMPAT_H

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/net.h>
#include <linux/poison.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/signal_types.h>
#include <linux/thread_info.h>
#include <net/genetlink.h>
#include <net/sock.h>

/*
 * Per-task flags that make the kernel take the slow system call entry, which leads to the
 * hook, for one task. The flag of audit is the better one: in a task without an audit
 * context it has no other effect, and nothing but scmod changes it. The tracepoints' flag
 * is set and cleared by the kernel on all tasks as tracers come and go: see share.c.
 */
#ifdef SYSCALL_WORK_SYSCALL_AUDIT
#define SCMOD_FLAG_AUDIT	SYSCALL_WORK_BIT_SYSCALL_AUDIT
#define SCMOD_FLAG_TRACEPOINT	SYSCALL_WORK_BIT_SYSCALL_TRACEPOINT
static inline unsigned long *scmod_flags(struct task_struct *t)
{
	return &task_thread_info(t)->syscall_work;
}
#else
#define SCMOD_FLAG_AUDIT	TIF_SYSCALL_AUDIT
#define SCMOD_FLAG_TRACEPOINT	TIF_SYSCALL_TRACEPOINT
static inline unsigned long *scmod_flags(struct task_struct *t)
{
	return &task_thread_info(t)->flags;
}
#endif

/*
 * Bits of the argument that says what work the slow entry is to do: seccomp; and the stops
 * at which a tracer may put another call in place of this one.
 */
#ifdef SYSCALL_WORK_SYSCALL_AUDIT
#define SCMOD_WORK_SECCOMP	SYSCALL_WORK_SECCOMP
#define SCMOD_WORK_TRACED	(SYSCALL_WORK_SYSCALL_TRACE | SYSCALL_WORK_SYSCALL_EMU)
#else
#define SCMOD_WORK_SECCOMP	_TIF_SECCOMP
#define SCMOD_WORK_TRACED	(_TIF_SYSCALL_TRACE | _TIF_SYSCALL_EMU)
#endif

static inline bool scmod_flag_test(struct task_struct *t, unsigned int flag)
{
	return test_bit(flag, scmod_flags(t));
}

/*
 * The mark: the flag that leads to the place that is hooked. Set by the engine
 * before any task is marked.
 */
extern unsigned int scmod_mark_flag;

static inline bool scmod_mark_test(struct task_struct *t)
{
	return scmod_flag_test(t, scmod_mark_flag);
}

static inline void scmod_mark_set(struct task_struct *t)
{
	set_bit(scmod_mark_flag, scmod_flags(t));
}

static inline void scmod_mark_clear(struct task_struct *t)
{
	clear_bit(scmod_mark_flag, scmod_flags(t));
}

/* Does audit itself need the flag on this task? Then scmod must not clear it. */
static inline bool scmod_mark_shared(struct task_struct *t)
{
#ifdef CONFIG_AUDITSYSCALL
	return scmod_mark_flag == SCMOD_FLAG_AUDIT &&
	       READ_ONCE(t->audit_context);
#else
	return false;
#endif
}

/* Is this kernel newer than any that the tests pass on? It is logged, nothing more. */
static inline bool scmod_kernel_untested(void)
{
#ifdef SCMOD_UNTESTED
	return true;
#else
	return false;
#endif
}

/* Newer kernels call what is at sys_enter with preemption on: it may sleep. */
static __always_inline void scmod_tracepoint_begin(void)
{
#ifdef SCMOD_HAVE_TRACE_SYSCALL
	preempt_disable_notrace();
#endif
}

static __always_inline void scmod_tracepoint_end(void)
{
#ifdef SCMOD_HAVE_TRACE_SYSCALL
	preempt_enable_notrace();
#endif
}

/* A signal action that can't be changed any more; older kernels have none. */
#ifndef SA_IMMUTABLE
#define SA_IMMUTABLE	0
#endif

/* What a family's pre_doit and post_doit are told of the operation. */
#ifdef SCMOD_HAVE_GENL_SPLIT_OPS
#define scmod_genl_op	genl_split_ops
#else
#define scmod_genl_op	genl_ops
#endif

static inline struct nlattr **scmod_genl_dump_attrs(struct netlink_callback *cb)
{
#ifdef SCMOD_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

/* What a tracer is told at a stop: @message if ptrace_notify() is given one. */
static inline unsigned long scmod_stop_message(unsigned long message)
{
#ifdef SCMOD_HAVE_NOTIFY_MESSAGE
	return message;
#else
	return current->ptrace_message;
#endif
}

/* Will the call that current enters be left to its tracer, whatever it is? */
static inline bool scmod_call_emulated(void)
{
#ifdef SYSCALL_WORK_SYSCALL_EMU
	return scmod_flag_test(current, SYSCALL_WORK_BIT_SYSCALL_EMU);
#else
	return scmod_flag_test(current, TIF_SYSCALL_EMU);
#endif
}

/*
 * What an ftrace operation's callback gets of the registers: all of them, if the operation
 * has FTRACE_OPS_FL_SAVE_REGS. And the flag by which an operation says that its callback
 * does not lead to itself; kernels without that flag assume so of all operations.
 */
#ifdef SCMOD_HAVE_FTRACE_REGS
#define scmod_ftrace_regs		ftrace_regs
#define SCMOD_FTRACE_NO_RECURSION	0
static __always_inline struct pt_regs *scmod_ftrace_pt_regs(struct ftrace_regs *regs)
{
	return ftrace_get_regs(regs);
}
#else
#define scmod_ftrace_regs		pt_regs
#define SCMOD_FTRACE_NO_RECURSION	FTRACE_OPS_FL_RECURSION_SAFE
static __always_inline struct pt_regs *scmod_ftrace_pt_regs(struct pt_regs *regs)
{
	return regs;
}
#endif

/* No flags, as shmem_file_setup() takes them. */
#ifdef SCMOD_HAVE_SHMEM_VMA_FLAGS
#define SCMOD_SHMEM_NO_FLAGS	EMPTY_VMA_FLAGS
#else
#define SCMOD_SHMEM_NO_FLAGS	0
#endif

/*
 * register_kprobe() and register_kretprobe(), for all kernels. Since Linux 6.14 they return 0
 * also if the probe could not be armed; the probe is out of the table of probes then, and never
 * fires. That is found by what hlist_del_rcu() leaves in the probe. It is left there, too, if
 * somebody registers another probe at the same place in between; so the probe is unregistered.
 *
 * Return: as the functions themselves; -EBUSY in that case.
 */
static inline int scmod_register_kprobe(struct kprobe *p)
{
	int ret;

	/* Where another probe stands already, the kernel leaves this field as it is. */
	INIT_HLIST_NODE(&p->hlist);
	ret = register_kprobe(p);
	if (ret || p->hlist.pprev != LIST_POISON2)
		return ret;
	unregister_kprobe(p);
	return -EBUSY;
}

static inline int scmod_register_kretprobe(struct kretprobe *rp)
{
	int ret;

	INIT_HLIST_NODE(&rp->kp.hlist);
	ret = register_kretprobe(rp);
	if (ret || rp->kp.hlist.pprev != LIST_POISON2)
		return ret;
	unregister_kretprobe(rp);
	return -EBUSY;
}

#endif /* SCMOD_COMPAT_H */
