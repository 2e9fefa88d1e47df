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
#include <asm/unistd.h>

#include "arch.h"
#include "audit.h"
#include "decide.h"
#include "event.h"
#include "kill.h"
#include "view.h"

static bool in_any(const struct scmod_bitmap *maps, struct scmod_call call)
{
	return scmod_bitmap_has(&maps[call.abi], call.nr);
}

/* Return: whether it is the first such call. */
static bool note(struct scmod_view *v, struct scmod_bitmap *maps,
		 struct scmod_call call, unsigned int kind,
		 struct task_struct *who)
{
	bool priority = kind == SCMOD_RECORD_DENIED && in_any(v->rules->priority, call);
	struct scmod_records *records = &v->policy->records;
	bool recorded;

	if (kind == SCMOD_RECORD_SEEN &&
	    test_bit(call.nr, maps[call.abi].bits))
		return false;
	recorded = scmod_record_add(records, call, kind, who, priority);
	if (test_and_set_bit(call.nr, maps[call.abi].bits))
		return false;
	if (!recorded)
		atomic_inc(&records->lost);
	scmod_event_call(v, call, kind, who, priority);
	return true;
}

static bool note_value(struct scmod_view *v, struct scmod_arg arg, unsigned int kind,
		       struct task_struct *who)
{
	struct scmod_policy *p = v->policy;
	bool first = scmod_values_add(&p->values, &p->records, arg, kind, who);

	if (first)
		scmod_event_value(v, arg, kind, who);
	return first;
}

/* Of a policy that records the call: does it record the value as seen? */
static bool learns_value(const struct scmod_rules *rules, struct scmod_arg arg)
{
	unsigned int selector;

	if (!arg.tag)
		return false;
	selector = scmod_tag_selector(arg.tag);
	return rules->watch & BIT(selector) &&
	       (rules->mode != SCMOD_MODE_COMPLAIN ||
		!scmod_rules_value(rules, selector, arg.value));
}

/* Record the call and its value in every policy of the chain that learns them. */
static void learn(struct scmod_view *view, struct scmod_call call, struct scmod_arg arg,
		  struct task_struct *who)
{
	struct scmod_view *v;

	for (v = view; v; v = v->up) {
		if (!scmod_mode_records(v->rules->mode) ||
		    !scmod_rules_learn(v->rules, call.abi, call.nr))
			continue;
		note(v, v->policy->seen, call, SCMOD_RECORD_SEEN, who);
		if (learns_value(v->rules, arg))
			note_value(v, arg, SCMOD_RECORD_SEEN, who);
	}
}

/**
 * struct verdict - what the policies of a chain say of a call
 * @judged: some policy refuses it, or would
 * @refuses: by which rules it is refused; NULL if it is not
 * @err: of @refuses: the errno of a rule for its value, or %SCMOD_VALUE_UNLISTED
 */
struct verdict {
	bool judged;
	int err;
	const struct scmod_rules *refuses;
};

/*
 * What a policy that judges says of the call, which is recorded if that is no. Return: 0
 * if it is allowed, or as &verdict.err.
 */
static int ask(struct scmod_view *v, struct scmod_call call, struct scmod_arg arg)
{
	int ret = 0;

	if (!in_any(v->rules->allowed, call)) {
		scmod_pace_count(&v->policy->pace, call);
		if (note(v, v->policy->denied, call, SCMOD_RECORD_DENIED, current))
			scmod_audit_refused(v, call);
		return SCMOD_VALUE_UNLISTED;
	}
	if (arg.tag)
		ret = scmod_rules_value(v->rules, scmod_tag_selector(arg.tag), arg.value);
	if (ret) {
		scmod_pace_count(&v->policy->pace, call);
		if (note_value(v, arg, SCMOD_RECORD_DENIED, current))
			scmod_audit_refused(v, call);
	}
	return ret;
}

/*
 * Ask every policy of the chain that judges. Each one that refuses records the call, or the
 * value if that alone is why; the innermost one that enforces decides how the call is refused.
 */
static struct verdict judge(struct scmod_view *view, struct scmod_call call,
			    struct scmod_arg arg)
{
	struct verdict verdict = {};
	struct scmod_view *v;
	int err;

	for (v = view; v; v = v->up) {
		err = scmod_mode_judges(v->rules->mode) ? ask(v, call, arg) : 0;
		if (!err)
			continue;
		verdict.judged = true;
		if (v->rules->mode != SCMOD_MODE_ENFORCE || verdict.refuses)
			continue;
		verdict.refuses = v->rules;
		verdict.err = err;
	}
	return verdict;
}

static void refuse(const struct verdict *verdict, struct scmod_call call,
		   struct pt_regs *regs)
{
	const struct scmod_rules *rules = verdict->refuses;

	if (verdict->err > 0) {
		scmod_call_refuse(regs, verdict->err);
		return;
	}
	/* A call that this kernel does not have gets ENOSYS, as it would without scmod. */
	if (in_any(rules->soft, call) || call.nr >= scmod_call_end(call.abi)) {
		scmod_call_refuse(regs, ENOSYS);
		return;
	}
	scmod_call_refuse(regs, rules->err);
	if (rules->action == SCMOD_ACTION_KILL)
		scmod_kill_current();
}

/* No policy of the chain has anything to do with such a call any more. */
static void quieten(struct scmod_view *view, struct scmod_call call, struct scmod_arg arg)
{
	if (arg.tag)
		scmod_view_remember(view, arg);
	else
		set_bit(call.nr, view->quiet[call.abi].bits);
}

/* What takes long, apart, so that scmod_decide() needs few registers. */
static noinline bool decide(struct scmod_view *view, struct scmod_call call,
			    struct scmod_arg arg, struct pt_regs *regs)
{
	struct verdict verdict;

	learn(view, call, arg, current);
	verdict = judge(view, call, arg);
	if (!verdict.judged)
		quieten(view, call, arg);
	if (verdict.refuses)
		refuse(&verdict, call, regs);
	return verdict.refuses;
}

/**
 * scmod_decide() - a marked task enters a system call
 * @regs: user registers of current; rewritten if the call is refused
 *
 * Context: as scmod_decide_nothing(), which is to be asked first where speed counts, and
 * then scmod_decide_value().
 *
 * Return: whether it is refused.
 */
bool scmod_decide(struct pt_regs *regs)
{
	struct scmod_call call = scmod_call_of(current, regs);
	struct scmod_view *view = scmod_view_of(scmod_decide_cgroup());
	struct scmod_arg arg;

	/* A number that is in no table: the kernel answers ENOSYS, whatever the policy. */
	if (!view || call.nr >= SCMOD_NR_BITS)
		return false;
	call.nr = array_index_nospec(call.nr, SCMOD_NR_BITS);
	if (in_any(view->quiet, call))
		return false;
	arg = scmod_select_arg(call, regs, view->looked);
	if (arg.tag && scmod_view_knows(view, arg))
		return false;
	return decide(view, call, arg, regs);
}

/**
 * scmod_decide_value() - a marked task enters a call that is not quiet
 * @regs: as for scmod_decide()
 * @view: what scmod_decide_nothing() found
 *
 * The same as scmod_decide(), and faster if it is a call of the kernel's own table with a
 * value that is known. Context: as scmod_decide_nothing().
 *
 * Return: whether the call is refused.
 */
bool scmod_decide_value(struct pt_regs *regs, const struct scmod_view *view)
{
	struct scmod_call call = { SCMOD_ABI_X86_64, regs->orig_ax };
	struct scmod_arg arg;

	BUILD_BUG_ON(sizeof(scmod_select_tags) <= SCMOD_NR_MASK);
	if (view && scmod_call_native(current, call.nr)) {
		call.nr = scmod_decide_mask(call.nr);
		arg = scmod_select_arg(call, regs, view->looked);
		if (arg.tag && scmod_view_knows(view, arg))
			return false;
	}
	return scmod_decide(regs);
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
		learn(view, call, scmod_select_arg(call, regs, view->looked), task);
}

/**
 * scmod_decide_executed() - learn the call by which current has executed its program
 *
 * Context: process, in that call, before it returns to user mode. A program that the kernel
 * executes by itself was executed by no call.
 */
void scmod_decide_executed(void)
{
	struct scmod_call call = {
		.abi = SCMOD_ABI_X86_64, .nr = current_pt_regs()->orig_ax,
	};
	struct scmod_view *view;

	if (call.nr != __NR_execve && call.nr != __NR_execveat)
		return;
	/* The tables are written with preemption off, as the hook does. */
	rcu_read_lock();
	preempt_disable();
	view = scmod_view_of(scmod_decide_cgroup());
	if (view)
		learn(view, call, (struct scmod_arg){}, current);
	preempt_enable();
	rcu_read_unlock();
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
		confined = v->rules->mode == SCMOD_MODE_ENFORCE;
	rcu_read_unlock();
	return confined;
}
