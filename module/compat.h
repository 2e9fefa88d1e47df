/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between kernels, probed by feature.
 *
 * Nothing outside this file asks what kernel it is built for.
 */
#ifndef SCMOD_COMPAT_H
#define SCMOD_COMPAT_H

#include <linux/audit.h>
#include <linux/sched.h>
#include <linux/signal_types.h>
#include <linux/thread_info.h>
#include <net/genetlink.h>

/*
 * The mark: makes the kernel take the slow entry path, and so pass the hook,
 * for one task. Audit's flag is the one that nothing clears behind our back:
 * syscall_unregfunc() wipes the tracepoint's flag from every task. With no
 * audit context the flag has no other effect.
 */
#ifdef SYSCALL_WORK_SYSCALL_AUDIT
static inline bool scmod_mark_test(struct task_struct *t)
{
	return test_task_syscall_work(t, SYSCALL_AUDIT);
}

static inline void scmod_mark_set(struct task_struct *t)
{
	set_task_syscall_work(t, SYSCALL_AUDIT);
}

static inline void scmod_mark_clear(struct task_struct *t)
{
	clear_task_syscall_work(t, SYSCALL_AUDIT);
}
#else
static inline bool scmod_mark_test(struct task_struct *t)
{
	return test_tsk_thread_flag(t, TIF_SYSCALL_AUDIT);
}

static inline void scmod_mark_set(struct task_struct *t)
{
	set_tsk_thread_flag(t, TIF_SYSCALL_AUDIT);
}

static inline void scmod_mark_clear(struct task_struct *t)
{
	clear_tsk_thread_flag(t, TIF_SYSCALL_AUDIT);
}
#endif

/* Does audit itself want the flag on this task? Then it is not ours to clear. */
static inline bool scmod_mark_shared(struct task_struct *t)
{
#ifdef CONFIG_AUDITSYSCALL
	return READ_ONCE(t->audit_context);
#else
	return false;
#endif
}

/* Who may join a multicast group. Kernels that can't say it let everybody. */
#ifdef GENL_MCAST_CAP_SYS_ADMIN
#define SCMOD_MCGRP_FLAGS	.flags = GENL_MCAST_CAP_SYS_ADMIN
#else
#define SCMOD_MCGRP_FLAGS
#endif

/* A signal action that can't be changed any more; older kernels have none. */
#ifndef SA_IMMUTABLE
#define SA_IMMUTABLE	0
#endif

#endif /* SCMOD_COMPAT_H */
