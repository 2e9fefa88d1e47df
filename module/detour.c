// SPDX-License-Identifier: GPL-2.0
/*
 * Notices when somebody redirects the functions that scmod relies on.
 *
 * A livepatch, or another module's ftrace operation, can make tasks leave a function at
 * its ftrace site, which is the first instruction, or the second after endbr64. The hook's
 * probe usually stands after the ftrace site, where a jump has room, so it would never
 * fire again, and the kernel tells nobody. A probe at the ftrace site itself still fires.
 *
 * So the hook has a second probe at the ftrace site, the guard, while somebody else uses
 * that site or may be about to: that is while the instruction there is a call, and while
 * any module is in its init function, since livepatches are enabled from there. Then this
 * file finds out whether the other user redirects tasks or only watches them. If it
 * redirects them, that is logged, and the guard stays.
 *
 * Redirecting may also keep tasks from the tracepoints of fork, of moves, and of mkdir and
 * rmdir of cgroups. No probe can make up for that. It is logged, and marks are settled and
 * new cgroups are looked for once a second.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "detour.h"
#include "engine.h"
#include "mark.h"
#include "place.h"
#include "site.h"

/* How often to find out, while others use a site, whether they redirect it. */
#define TRIAL_PERIOD	(10 * HZ)

/*
 * So many modules in their init functions at once can be remembered. If there were ever
 * more, the guard stays for good.
 */
#define COMING_MAX	16

/**
 * struct function - a kernel function that scmod relies on
 * @symbol: its name; for the hooked function set at init
 * @follows: for the log: what follows if it is redirected
 * @site: its ftrace site; 0: this kernel has no function of that name, or no site there
 * @trial: when to find out again whether it is redirected, in jiffies
 * @redirected: whether it was redirected when that was last found out
 *
 * Written under detour_lock.
 */
struct function {
	const char *symbol;
	const char *follows;
	unsigned long site;
	unsigned long trial;
	bool redirected;
};

enum { HOOKED, OF_TRACEPOINTS, MKDIR = OF_TRACEPOINTS };

/* After the hooked one: those that call the tracepoints of place.c and mark.c. */
static struct function functions[] = {
	[HOOKED] = {
		.follows = "the hook has a second probe at its beginning, and decides there",
	},
	[MKDIR] = {
		.symbol = "cgroup_mkdir",
		.follows = "it may go unnoticed that a cgroup of a policy's name is made; such cgroups are looked for once a second, and shut until they are found",
	}, {
		.symbol = "kernel_clone",
		.follows = "forks may go unnoticed; tasks are looked at once a second instead",
	}, {
		.symbol = "cgroup_attach_task",
		.follows = "moves into cgroups may go unnoticed; tasks are looked at once a second instead",
	}, {
		.symbol = "cgroup_rmdir",
		.follows = "it may go unnoticed that a cgroup is removed",
	},
};

static DEFINE_MUTEX(detour_lock);
/* Under detour_lock. */
static bool guarded, unguardable;
static struct module *coming[COMING_MAX];
static bool too_many_came;

static void look_now(struct work_struct *work)
{
	scmod_detour_look();
}

static DECLARE_WORK(look_work, look_now);

bool scmod_detour_taken(void)
{
	return READ_ONCE(functions[HOOKED].redirected);
}

static void set_guard(bool on)
{
	int ret;

	if (on == guarded)
		return;
	if (!on) {
		scmod_kprobe_unguard();
		guarded = false;
		return;
	}
	ret = scmod_kprobe_guard();
	/* It is tried again with every look, but logged only once. */
	if (ret && !unguardable)
		pr_alert("cannot place a probe at the beginning of %s: %pe; a livepatch or another module that redirects this function takes calls away from scmod\n",
			 functions[HOOKED].symbol, ERR_PTR(ret));
	unguardable = ret;
	guarded = !ret;
}

static void tell(struct function *f, bool redirected)
{
	if (redirected && !f->redirected)
		pr_alert("a livepatch or another module redirects %s: %s\n",
			 f->symbol, f->follows);
	else if (!redirected && f->redirected)
		pr_alert("%s is not redirected any more\n", f->symbol);
	WRITE_ONCE(f->redirected, redirected);
}

static bool any_coming(void)
{
	unsigned int i;

	for (i = 0; i < COMING_MAX; i++)
		if (coming[i])
			return true;
	return too_many_came;
}

/*
 * Find out whether @f is redirected, if it is time for that. Not while a module is in its
 * init function: if that is a livepatch, the kernel would refuse it during the trial.
 */
static void find_out(struct function *f)
{
	int ret;

	if (any_coming() || time_before(jiffies, f->trial))
		return;
	f->trial = jiffies + TRIAL_PERIOD;
	ret = scmod_site_redirected(f->site);
	if (ret < 0)
		return;
	tell(f, ret);
	/* The guard uses the site, too: take it away to see whether anybody else does. */
	if (f == &functions[HOOKED] && !ret) {
		set_guard(false);
		set_guard(scmod_site_in_use(f->site));
	}
}

static void look_at(struct function *f)
{
	if (!f->site)
		return;
	if (!scmod_site_in_use(f->site)) {
		tell(f, false);
		f->trial = jiffies;
		return;
	}
	if (f == &functions[HOOKED])
		set_guard(true);
	find_out(f);
}

void scmod_detour_look(void)
{
	bool settle = false;
	unsigned int i;

	mutex_lock(&detour_lock);
	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		look_at(&functions[i]);
		settle |= i >= OF_TRACEPOINTS && functions[i].redirected;
	}
	scmod_place_unseen(functions[MKDIR].redirected);
	mutex_unlock(&detour_lock);
	if (settle)
		scmod_mark_settle();
}

/* @mod: its init function is about to run */
static void on_coming(struct module *mod)
{
	unsigned int i;

	if (!functions[HOOKED].site)
		return;
	for (i = 0; i < COMING_MAX && coming[i]; i++)
		;
	if (i < COMING_MAX)
		coming[i] = mod;
	else
		too_many_came = true;
	set_guard(true);
}

/* @mod: its init function has run, or it is about to go */
static void on_settled(struct module *mod)
{
	unsigned int i;

	for (i = 0; i < COMING_MAX; i++)
		if (coming[i] == mod)
			coming[i] = NULL;
	for (i = 0; i < ARRAY_SIZE(functions); i++)
		functions[i].trial = jiffies;
	schedule_work(&look_work);
}

static int on_module(struct notifier_block *nb, unsigned long state, void *data)
{
	if (data == THIS_MODULE)
		return NOTIFY_DONE;
	mutex_lock(&detour_lock);
	if (state == MODULE_STATE_COMING)
		on_coming(data);
	else if (state == MODULE_STATE_LIVE || state == MODULE_STATE_GOING)
		on_settled(data);
	mutex_unlock(&detour_lock);
	return NOTIFY_DONE;
}

static struct notifier_block module_nb = {
	.notifier_call = on_module,
};

/* The hook is attached. */
int scmod_detour_init(void)
{
	struct function *hooked = &functions[HOOKED];
	unsigned int i;
	int ret;

	/* Clear what an earlier attempt to attach left; since then modules were not watched. */
	memset(coming, 0, sizeof(coming));
	too_many_came = false;
	if (scmod_kprobe_site(&hooked->symbol, &hooked->site))
		hooked->site = 0;
	for (i = OF_TRACEPOINTS; i < ARRAY_SIZE(functions); i++)
		if (scmod_site_find(functions[i].symbol, &functions[i].site))
			functions[i].site = 0;
	ret = register_module_notifier(&module_nb);
	if (ret) {
		pr_err("cannot watch for livepatches: %pe\n", ERR_PTR(ret));
		return ret;
	}
	/* Somebody may have redirected them before this. */
	scmod_detour_look();
	return 0;
}

void scmod_detour_exit(void)
{
	unregister_module_notifier(&module_nb);
	cancel_work_sync(&look_work);
	set_guard(false);
	scmod_place_unseen(false);
}
