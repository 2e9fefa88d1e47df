// SPDX-License-Identifier: GPL-2.0
/* Redirects functions of the kernel to functions of the module, for all tasks. */
#include <linux/module.h>
#include <linux/rcupdate.h>

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

/* See scmod_redirect_open(). */
static bool is_open;

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

bool notrace scmod_redirect_is_open(void)
{
	return READ_ONCE(is_open);
}

/**
 * scmod_redirect_task() - by an operation's callback: redirect current
 * @fregs: what the callback was given
 * @to: the function; it calls scmod_redirect_arrived() first and scmod_redirect_leave() last
 *
 * Nothing is done if the module is being unloaded, so that no reference is to be had; then
 * nothing is enforced any more either.
 */
void notrace scmod_redirect_task(struct scmod_ftrace_regs *fregs, void *to)
{
	if (!try_module_get(THIS_MODULE))
		return;
	atomic_inc(&nr_sent);
	scmod_ftrace_pt_regs(fregs)->ip = (unsigned long)to;
}

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

/**
 * scmod_redirect_say() - say in the log why a function can't be redirected
 * @r: which
 * @err: why not; returned
 */
int scmod_redirect_say(const struct scmod_redirect *r, int err)
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

int scmod_redirect_find(struct scmod_redirect *r)
{
	int ret = -ENOENT;
	unsigned int i;

	for (i = 0; ret == -ENOENT && i < ARRAY_SIZE(r->names) && r->names[i]; i++)
		ret = scmod_site_find(r->names[i], &r->site);
	return ret;
}

int scmod_redirect_register(struct scmod_redirect *r)
{
	unsigned int tries = TRIES;
	int ret;

	ret = ftrace_set_filter_ip(&r->ops, r->site, 0, 0);
	if (ret)
		return ret;
	/* The kernel sleeps before it returns EAGAIN. */
	do {
		ret = register_ftrace_function(&r->ops);
	} while (ret == -EAGAIN && --tries);
	if (ret)
		ftrace_set_filter_ip(&r->ops, r->site, 1, 0);
	r->registered = !ret;
	return ret ? scmod_redirect_say(r, ret) : 0;
}

void scmod_redirect_unregister(struct scmod_redirect *r)
{
	if (!r->registered)
		return;
	unregister_ftrace_function(&r->ops);
	/* Frees the filter. */
	ftrace_set_filter_ip(&r->ops, r->site, 1, 0);
	r->registered = false;
}
