// SPDX-License-Identifier: GPL-2.0
/*
 * What one system call gets: the function behind every hook engine.
 *
 * Runs at every system call of every tracked task, with preemption off: no
 * lock, no allocation, no sleep, no printk.
 */
#include <linux/bitops.h>
#include <linux/cgroup.h>
#include <linux/errno.h>
#include <linux/nospec.h>

#include "arch.h"
#include "decide.h"
#include "event.h"
#include "kill.h"
#include "view.h"

static bool in_any(const struct scmod_bitmap *maps, struct scmod_call call)
{
	return scmod_bitmap_has(&maps[call.abi], call.nr);
}

static void note(struct scmod_view *v, struct scmod_bitmap *maps,
		 struct scmod_call call, unsigned int kind,
		 struct task_struct *who)
{
	bool priority = kind == SCMOD_RECORD_DENIED && in_any(v->rules.priority, call);
	struct scmod_records *records = &v->policy->records;
	bool recorded;

	if (kind == SCMOD_RECORD_SEEN &&
	    test_bit(call.nr, maps[call.abi].bits))
		return;
	recorded = scmod_record_add(records, call, kind, who, priority);
	if (test_and_set_bit(call.nr, maps[call.abi].bits))
		return;
	if (!recorded)
		atomic_inc(&records->lost);
	scmod_event_call(v, call, kind, who, priority);
}

/* Record the call in every policy of the chain that learns it. */
static void learn(struct scmod_view *view, struct scmod_call call,
		  struct task_struct *who)
{
	struct scmod_view *v;

	for (v = view; v; v = v->up)
		if (scmod_mode_records(v->rules.mode) &&
		    scmod_rules_learn(&v->rules, call.abi, call.nr))
			note(v, v->policy->seen, call,
			     SCMOD_RECORD_SEEN, who);
}

/*
 * Ask every policy of the chain that judges. Each one that refuses records the call; the
 * innermost one that enforces decides how the call is refused.
 */
static const struct scmod_rules *judge(struct scmod_view *view,
				       struct scmod_call call, bool *judged)
{
	const struct scmod_rules *refuses = NULL;
	struct scmod_view *v;

	*judged = false;
	for (v = view; v; v = v->up) {
		const struct scmod_rules *r = &v->rules;

		if (!scmod_mode_judges(r->mode) || in_any(r->allowed, call))
			continue;
		*judged = true;
		note(v, v->policy->denied, call, SCMOD_RECORD_DENIED,
		     current);
		if (r->mode == SCMOD_MODE_ENFORCE && !refuses)
			refuses = r;
	}
	return refuses;
}

static void refuse(const struct scmod_rules *rules, struct scmod_call call,
		   struct pt_regs *regs)
{
	/* A call that this kernel does not have gets ENOSYS, as it would without scmod. */
	if (in_any(rules->soft, call) || call.nr >= scmod_call_end(call.abi)) {
		scmod_call_refuse(regs, ENOSYS);
		return;
	}
	scmod_call_refuse(regs, rules->err);
	if (rules->action == SCMOD_ACTION_KILL)
		scmod_kill_current();
}

/**
 * scmod_decide() - a marked task enters a system call
 * @regs: user registers of current; rewritten if the call is refused
 *
 * Context: as scmod_decide_nothing(), which is to be asked first where speed counts.
 *
 * Return: whether it is refused.
 */
bool scmod_decide(struct pt_regs *regs)
{
	struct scmod_call call = scmod_call_of(current, regs);
	struct scmod_view *view = scmod_view_of(scmod_decide_cgroup());
	const struct scmod_rules *refuses;
	bool judged;

	/* A number that is in no table: the kernel answers ENOSYS, whatever the policy. */
	if (!view || call.nr >= SCMOD_NR_BITS)
		return false;
	call.nr = array_index_nospec(call.nr, SCMOD_NR_BITS);
	if (in_any(view->quiet, call))
		return false;
	learn(view, call, current);
	refuses = judge(view, call, &judged);
	if (!judged)
		set_bit(call.nr, view->quiet[call.abi].bits);
	if (refuses)
		refuse(refuses, call, regs);
	return refuses;
}

/**
 * scmod_decide_sitting() - learn the call that a task is inside
 * @view: of the task's cgroup
 * @task: current as an interrupt finds it, or a task that is not on a CPU
 * @regs: its user registers
 *
 * Context: rcu_read_lock() held.
 */
void scmod_decide_sitting(struct scmod_view *view, struct task_struct *task,
			  const struct pt_regs *regs)
{
	struct scmod_call call = scmod_call_of(task, regs);

	if (scmod_call_pending(regs) && call.nr < SCMOD_NR_BITS)
		learn(view, call, task);
}

/**
 * scmod_decide_confined() - is current under an enforcing policy?
 *
 * Context: any.
 */
bool scmod_decide_confined(void)
{
	struct scmod_view *v;
	bool confined = false;

	rcu_read_lock();
	for (v = scmod_view_of(scmod_decide_cgroup()); v && !confined; v = v->up)
		confined = v->rules.mode == SCMOD_MODE_ENFORCE;
	rcu_read_unlock();
	return confined;
}
