// SPDX-License-Identifier: GPL-2.0
/*
 * Policies that begin when a process executes a program.
 *
 * A container's runtime prepares the container in its cgroup, by calls that the container
 * itself must not make, and then executes the container's program. At that moment the
 * policy begins: the tracepoint is passed inside execve(), and what it may not do itself it
 * leaves to a task work, which is done before the program's first instruction.
 */
#include <linux/bitmap.h>
#include <linux/binfmts.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/task_work.h>

#include "await.h"
#include "awaited.h"
#include "decide.h"
#include "event.h"
#include "executed.h"
#include "kill.h"
#include "policy.h"
#include "taskwork.h"
#include "tracepoint.h"
#include "trial.h"

/*
 * So many processes can be inside such an execve() at once. Further ones are killed if the policy
 * is to enforce; otherwise it waits on.
 */
#define BEGINS	256

static struct begin {
	struct callback_head work;
	/* Of the program; a reference. */
	struct file *file;
} begins[BEGINS];
static DECLARE_BITMAP(begins_busy, BEGINS);
static struct scmod_work_slots slots = { BEGINS, begins_busy };

/* A copy of the rules of @p, with the mode that it is to have; from kvmalloc(). */
static struct scmod_rules *rules_to_come(const struct scmod_policy *p)
{
	size_t size = sizeof(*p->rules) + p->rules->at[SCMOD_SELECTORS] * sizeof(u64);
	/* Not accounted: the limit of a container's memory is no reason to kill its process. */
	struct scmod_rules *rules = kvmalloc(size, GFP_KERNEL);

	if (!rules)
		return NULL;
	memcpy(rules, p->rules, size);
	rules->mode = p->await.mode;
	return rules;
}

/* Let the mode of @p hold. On error the policy waits on. */
static int set_mode(struct scmod_policy *p)
{
	struct scmod_policy_how how = { .decides = true, .executed = true };
	struct scmod_rules *rules = rules_to_come(p);
	struct netlink_ext_ack unheard = {};
	int ret;

	if (!rules)
		return -ENOMEM;
	ret = scmod_policy_set(p, rules, &how, &unheard);
	if (ret)
		kvfree(rules);
	return ret;
}

/* Return: false if current would go on without the enforcement that it is to be under. */
static bool begin(struct scmod_policy *p, struct file *file)
{
	bool enforces = p->await.mode == SCMOD_MODE_ENFORCE;
	int ret = set_mode(p);

	if (!ret) {
		scmod_executed_first(p, file);
		scmod_event_policy(SCMOD_EVENT_MODE, p);
		return true;
	}
	pr_err("policy %llu cannot be put in force for process %d: %pe%s\n", p->id,
	       task_tgid_nr(current), ERR_PTR(ret), enforces ? "; the process is killed" : "");
	return !enforces;
}

static void begin_fn(struct callback_head *work)
{
	struct begin *b = container_of(work, struct begin, work);
	struct scmod_policy *p;
	bool safe = true;

	mutex_lock(&scmod_policy_lock);
	for (p = scmod_policy_after(0); p; p = scmod_policy_after(p->serial))
		if (p->await.process == task_tgid(current))
			safe = begin(p, b->file) && safe;
	scmod_decide_executed();
	mutex_unlock(&scmod_policy_lock);
	if (!safe)
		scmod_kill_current();
	fput(b->file);
	scmod_work_slot_put(&slots, b - begins);
}

/*
 * Does a policy that applies to current wait for it? *@enforces: set if one of them is to
 * enforce. What is being changed meanwhile counts as it was, or as it will be.
 */
static bool is_awaited(bool *enforces)
{
	struct pid *process = task_tgid(current);
	bool awaited = false;
	struct scmod_view *v;

	rcu_read_lock();
	for (v = scmod_view_of(scmod_decide_cgroup()); v; v = v->up) {
		const struct scmod_await *await = &v->policy->await;

		if (READ_ONCE(await->process) != process)
			continue;
		awaited = true;
		if (READ_ONCE(await->mode) == SCMOD_MODE_ENFORCE)
			*enforces = true;
	}
	rcu_read_unlock();
	return awaited;
}

/* Return: false if the work can't be done. */
static bool begin_soon(struct file *file)
{
	int slot = scmod_work_slot_get(&slots);

	if (slot < 0)
		return false;
	begins[slot].file = get_file(file);
	init_task_work(&begins[slot].work, begin_fn);
	if (!scmod_taskwork_add(&begins[slot].work))
		return true;
	fput(file);
	scmod_work_slot_put(&slots, slot);
	return false;
}

/* The program is in place, and has not run. */
static void on_exec(void *data, struct task_struct *p, pid_t old_pid,
		    struct linux_binprm *bprm)
{
	bool enforces = false;

	/* Nearly always no policy waits. */
	if (!scmod_awaited_any() || !is_awaited(&enforces))
		return;
	if (!begin_soon(bprm->file) && enforces)
		scmod_kill_current();
}

static struct scmod_tracepoint_use uses[] = {
	{ .name = "sched_process_exec", .probe = on_exec },
};

void scmod_await_exit(void)
{
	scmod_tracepoint_unuse(uses, ARRAY_SIZE(uses));
	scmod_work_slots_drain(&slots);
}

int scmod_await_init(void)
{
	return scmod_tracepoint_use(uses, ARRAY_SIZE(uses));
}
