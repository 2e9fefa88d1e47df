/* SPDX-License-Identifier: GPL-2.0 */
/* What one system call gets: the function behind every hook engine. */
#ifndef SCMOD_DECIDE_H
#define SCMOD_DECIDE_H

#include <linux/bitops.h>
#include <linux/log2.h>

#include "arch.h"
#include "view.h"

bool scmod_decide(struct pt_regs *regs);
bool scmod_decide_value(struct pt_regs *regs, const struct scmod_view *view);
void scmod_decide_sitting(struct scmod_view *view, struct task_struct *task,
			  const struct pt_regs *regs);
void scmod_decide_executed(void);
bool scmod_decide_confined(void);

/* The cgroup of current; preemption is off, or rcu_read_lock() held. */
static __always_inline struct cgroup *scmod_decide_cgroup(void)
{
	return rcu_dereference_raw(current->cgroups)->dfl_cgrp;
}

/*
 * A CPU that speculates past the caller's check of @nr, a number of the kernel's own table,
 * must not read outside of what @nr indexes. array_index_nospec() would see to that; here a
 * mask is enough, and faster, since all that is indexed is longer than what the mask spans.
 */
#define SCMOD_NR_MASK	(roundup_pow_of_two(SCMOD_NR_BITS) - 1)

static __always_inline unsigned int scmod_decide_mask(unsigned int nr)
{
	/* Hide @nr, or the compiler would drop the mask because of the caller's check. */
	OPTIMIZER_HIDE_VAR(nr);
	return nr & SCMOD_NR_MASK;
}

/* Is call @nr of the kernel's own table quiet? */
static __always_inline bool scmod_decide_is_quiet(const struct scmod_view *view,
						  unsigned int nr)
{
	BUILD_BUG_ON(sizeof(view->quiet) * BITS_PER_BYTE <= SCMOD_NR_MASK);
	return test_bit(scmod_decide_mask(nr), view->quiet[SCMOD_ABI_X86_64].bits);
}

/**
 * scmod_decide_nothing() - can it be told at once that there is nothing to do?
 * @regs: user registers of current, which is marked and enters a system call
 * @view: what decides, for scmod_decide_value(); NULL if that is not known at once
 *
 * Context: preemption off, as under a kprobe; that is an RCU reader by itself.
 *
 * Return: true if no policy applies to current any more, or if the call is a quiet one of
 * the kernel's own table, as nearly always. Otherwise scmod_decide_value() has to be asked.
 */
static __always_inline bool scmod_decide_nothing(const struct pt_regs *regs,
						 struct scmod_view **view)
{
	unsigned int nr = regs->orig_ax;

	if (unlikely(!scmod_view_cached(scmod_decide_cgroup(), view))) {
		*view = NULL;
		return false;
	}
	if (unlikely(!*view))
		return true;
	return scmod_call_native(current, nr) && scmod_decide_is_quiet(*view, nr);
}

#endif /* SCMOD_DECIDE_H */
