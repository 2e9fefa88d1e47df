// SPDX-License-Identifier: GPL-2.0
/* Redirects functions of the kernel to functions of the module, for all tasks. */
#include <linux/ftrace.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "compat.h"
#include "redirect.h"

/* Registering fails for a moment while a BPF program that shares the function is busy. */
#define TRIES	100

/*
 * How many tasks were sent to a function here, and how many of them arrived there. Those
 * that did not arrive were taken away by another module's probe. nr_put counts how many of
 * the lost tasks' references to the module have been put; one caller at a time.
 */
static atomic_t nr_sent = ATOMIC_INIT(0), nr_arrived = ATOMIC_INIT(0);
static int nr_put;

/* See scmod_redirect_open() and scmod_redirect_ask(). */
static bool is_open;
static struct task_struct *asker;

/* A list of those that were added. It changes only while the operation is not registered. */
static struct scmod_redirect *first;

/**
 * scmod_redirect_open() - from now on tasks may be redirected, or no more
 * @open: true when loading can't fail any more: tasks could be kept in a function here for
 *	as long as somebody likes, and the kernel frees a module whose init fails without
 *	waiting for them
 */
void scmod_redirect_open(bool open)
{
	WRITE_ONCE(is_open, open);
}

bool scmod_redirect_is_open(void)
{
	return READ_ONCE(is_open);
}

/**
 * scmod_redirect_ask() - redirect one task even before all may be redirected
 * @task: it enters a function to see whether it arrives here; NULL for no task
 */
void scmod_redirect_ask(struct task_struct *task)
{
	WRITE_ONCE(asker, task);
}

/* Is current the task that asks? */
bool notrace scmod_redirect_asks(void)
{
	return current == READ_ONCE(asker);
}

/*
 * Nothing is done if the module is being unloaded, so that no reference is to be had; then
 * nothing is enforced any more either.
 */
static void notrace lead(struct scmod_ftrace_regs *fregs, const struct scmod_redirect *r)
{
	if (!try_module_get(THIS_MODULE))
		return;
	atomic_inc(&nr_sent);
	scmod_ftrace_pt_regs(fregs)->ip = (unsigned long)r->to;
}

static void notrace at_site(unsigned long ip, unsigned long parent_ip,
			    struct ftrace_ops *op, struct scmod_ftrace_regs *fregs)
{
	const struct scmod_redirect *r;

	if (!READ_ONCE(is_open) && !scmod_redirect_asks())
		return;
	for (r = first; r && r->site != ip; r = r->next)
		;
	if (r)
		lead(fregs, r);
}

/* One for all functions: to unregister an operation takes a tenth of a second. */
static struct ftrace_ops ops = {
	.func = at_site,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT |
		 SCMOD_FTRACE_NO_RECURSION,
};

static bool registered;

void scmod_redirect_arrived(void)
{
	atomic_inc(&nr_arrived);
}

void scmod_redirect_leave(void)
{
	module_put(THIS_MODULE);
}

/*
 * Put the references of tasks that were redirected and did not arrive. Tasks that
 * were on the way have arrived after synchronize_rcu_tasks(). Tasks that are sent and
 * arrive meanwhile can make the number found here too small, but not too large; what is
 * missing is found by the next call.
 */
void scmod_redirect_put_lost(void)
{
	int sent = atomic_read(&nr_sent);
	int lost;

	if (sent - atomic_read(&nr_arrived) == nr_put)
		return;
	synchronize_rcu_tasks();
	for (lost = sent - atomic_read(&nr_arrived) - nr_put; lost > 0; lost--) {
		module_put(THIS_MODULE);
		nr_put++;
	}
}

/* Say in the log why @r's function can't be redirected: @err, which is returned. */
static int say(const struct scmod_redirect *r, int err)
{
	if (err != -EBUSY)
		pr_err("cannot redirect %s: %pe; without that %s\n", r->names[0],
		       ERR_PTR(err), r->without);
	else if (scmod_site_ftrace_is_off(r->site))
		pr_err("ftrace is switched off: write 1 to the sysctl kernel.ftrace_enabled; without it %s\n",
		       r->without);
	else
		pr_err("a livepatch, another module or a BPF program redirects %s already (its line in /sys/kernel/tracing/enabled_functions says which); while that is so %s: remove it, or load scmod first\n",
		       r->names[0], r->without);
	return err;
}

/* Say it of the function that the kernel refused to have redirected. */
static int say_which(int err)
{
	const struct scmod_redirect *r = first;

	while (err == -EBUSY && r && scmod_site_redirected(r->site) != 1)
		r = r->next;
	return say(r ? r : first, err);
}

static int find(struct scmod_redirect *r)
{
	int ret = -ENOENT;
	unsigned int i;

	for (i = 0; ret == -ENOENT && i < ARRAY_SIZE(r->names) && r->names[i]; i++)
		ret = scmod_site_find(r->names[i], &r->site);
	return ret;
}

/**
 * scmod_redirect_add() - find a function, which scmod_redirect_start() will redirect
 * @r: which; the caller keeps it until scmod_redirect_drop()
 *
 * Return: 0; -ENOENT if the kernel has no such function, or -EOPNOTSUPP if it has no
 * ftrace site, of which nothing is logged; another error, which is.
 */
int scmod_redirect_add(struct scmod_redirect *r)
{
	int ret = find(r);

	if (ret == -ENOENT || ret == -EOPNOTSUPP)
		return ret;
	if (!ret)
		ret = ftrace_set_filter_ip(&ops, r->site, 0, 0);
	if (ret)
		return say(r, ret);
	r->next = first;
	first = r;
	return 0;
}

/* Nothing is done if it was not added. The operation is not registered any more. */
void scmod_redirect_drop(struct scmod_redirect *r)
{
	struct scmod_redirect **at = &first;

	while (*at && *at != r)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = r->next;
	/* The last one frees the filter. */
	ftrace_set_filter_ip(&ops, r->site, 1, 0);
}

/**
 * scmod_redirect_start() - redirect all functions that were added
 *
 * Return: 0, or an error, which is logged, and then none of them is.
 */
int scmod_redirect_start(void)
{
	unsigned int tries = TRIES;
	int ret;

	/* Without a filter, all of the kernel's functions would be led here. */
	if (!first)
		return 0;
	/* The kernel sleeps before it returns EAGAIN. */
	do {
		ret = register_ftrace_function(&ops);
	} while (ret == -EAGAIN && --tries);
	registered = !ret;
	return ret ? say_which(ret) : 0;
}

void scmod_redirect_stop(void)
{
	if (registered)
		unregister_ftrace_function(&ops);
	registered = false;
}
