/* SPDX-License-Identifier: GPL-2.0 */
/* What one system call gets: the function behind every hook engine. */
#ifndef SCMOD_DECIDE_H
#define SCMOD_DECIDE_H

#include "arch.h"
#include "policy.h"

void scmod_decide_slow(struct scmod_view *view, struct pt_regs *regs);
void scmod_decide_sitting(struct scmod_view *view, struct task_struct *task,
			  const struct pt_regs *regs);
bool scmod_decide_confined(void);

/* The cgroup's view; preemption is off, or rcu_read_lock() held. */
static __always_inline struct scmod_view *scmod_decide_view(void)
{
	struct css_set *set = rcu_dereference_raw(current->cgroups);

	return scmod_view_of(set->dfl_cgrp);
}

/**
 * scmod_decide() - a marked task enters a system call
 * @regs: user registers of current; rewritten if the call is refused
 *
 * Context: preemption off, as under a kprobe; that is an RCU reader by itself.
 */
static __always_inline void scmod_decide(struct pt_regs *regs)
{
	struct scmod_view *view = scmod_decide_view();
	unsigned int nr = regs->orig_ax;

	if (unlikely(!view))
		return;
	if (likely(scmod_call_native(current, nr) &&
		   test_bit(nr, view->quiet[SCMOD_ABI_X86_64].bits)))
		return;
	scmod_decide_slow(view, regs);
}

#endif /* SCMOD_DECIDE_H */
