// SPDX-License-Identifier: GPL-2.0
/*
 * Notices when somebody leads the functions that scmod relies on elsewhere.
 *
 * A livepatch, or another module's ftrace operation, may have tasks go on elsewhere
 * from the first instructions of a function. The probe that is the hook stands
 * behind those, where a jump has room, and would never fire again; nobody is told.
 * What other probes stand at, the first instruction, is passed whatever comes then.
 *
 * So the hook has a second probe there, the guard, for as long as somebody else is
 * at that place or may be about to come: while the first instruction is a call, and
 * while any module is in its init function, which is when a livepatch begins. Then it
 * is found out whether tasks are led elsewhere, or just watched: if they are, it is
 * told, and the guard stays.
 *
 * That the tracepoints are passed which say when tasks are forked and moved can't be
 * made sure in that way. It is told, and marks are set again from time to time.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "detour.h"
#include "engine.h"
#include "mark.h"
#include "site.h"

/* While others are at a site: how often to find out what they do there. */
#define TRIAL_PERIOD	(10 * HZ)

/* Modules in their init functions at once; with more the guard stays for good. */
#define COMING_MAX	16

/**
 * struct function - one that scmod relies on
 * @symbol: its name; for the hooked one set at init
 * @follows: what of scmod depends on it, and what is done about it
 * @site: its ftrace site; 0: this kernel has no function of that name
 * @trial: when to find out again whether it is led elsewhere, in jiffies
 * @redirected: it was, when that was last found out
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

enum { HOOKED, OF_TRACEPOINTS };

/* Behind the hooked one: those that pass the tracepoints of mark.c. */
static struct function functions[] = {
	[HOOKED] = {
		.follows = "the hook has a second probe at its beginning, and decides there",
	},
	[OF_TRACEPOINTS] = {
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
	/* Tried again with every look; said once. */
	if (ret && !unguardable)
		pr_alert("cannot place a probe at the beginning of %s: %pe; whoever leads it elsewhere has calls go by\n",
			 functions[HOOKED].symbol, ERR_PTR(ret));
	unguardable = ret;
	guarded = !ret;
}

static void tell(struct function *f, bool redirected)
{
	if (redirected && !f->redirected)
		pr_alert("a livepatch or another module leads %s elsewhere: %s\n",
			 f->symbol, f->follows);
	else if (!redirected && f->redirected)
		pr_alert("%s is led elsewhere no more\n", f->symbol);
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
 * Not while a module is coming: it may be a livepatch, which would be refused if it
 * met the trial.
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
	/* The guard itself made the site a call; is anybody else there? */
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
	mutex_unlock(&detour_lock);
	if (settle)
		scmod_mark_settle();
}

/* Before its init function runs. */
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

/* Its init function has run, or the module goes. */
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

	/* What an earlier attempt left; see attach.c. No module was watched meanwhile. */
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
	/* Whoever came before. */
	scmod_detour_look();
	return 0;
}

void scmod_detour_exit(void)
{
	unregister_module_notifier(&module_nb);
	cancel_work_sync(&look_work);
	set_guard(false);
}
