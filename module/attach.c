// SPDX-License-Identifier: GPL-2.0
/*
 * Attaches the hook and all parts that it needs, at load if the hook can be proved then.
 * If the only thing missing is a process that makes the proving call, the module loads
 * unproved: then nothing of the kernel is hooked or probed, no task is marked, and no
 * policy can be made, until SCMOD_CMD_PROVE attaches all parts later.
 */
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/netlink.h>

#include "attach.h"
#include "await.h"
#include "detour.h"
#include "hold.h"
#include "hook.h"
#include "mark.h"
#include "place.h"
#include "policy.h"
#include "proof.h"
#include "ptrace.h"
#include "share.h"
#include "switch.h"
#include "watch.h"

/*
 * Why nothing is attached, a literal; NULL if all parts are. Written under
 * scmod_policy_lock, except at load and unload, when no request is taken.
 */
static const char *unproved = "The module is being loaded";

/*
 * All parts, in the order in which they are attached; they are detached in reverse.
 * ptrace.c must be the last: once it is attached, a tracer can keep a task in the module's
 * code for as long as it likes, so nothing may fail after it.
 */
static const struct {
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ scmod_hook_init, scmod_hook_exit },
	{ scmod_mark_init, scmod_mark_exit },
	{ scmod_place_watch, scmod_place_unwatch },
	{ scmod_await_init, scmod_await_exit },
	{ scmod_share_init, scmod_share_exit },
	{ scmod_detour_init, scmod_detour_exit },
	{ scmod_watch_init, scmod_watch_exit },
	{ scmod_hold_init, scmod_hold_exit },
	{ scmod_ptrace_init, scmod_ptrace_exit },
};

/* Detach the first @n parts. */
static void parts_exit(unsigned int n)
{
	while (n--)
		parts[n].exit();
}

/* All or none. */
static int parts_init(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		ret = parts[i].init();
		if (ret) {
			parts_exit(i);
			return ret;
		}
	}
	return 0;
}

/* @ret: of parts_init() */
static const char *reason(int ret)
{
	const char *off;

	if (ret == -ECHILD)
		return scmod_proof_trouble();
	if (ret == -ENOMEM)
		return "Out of memory";
	/* Where probes are switched off, that is why it failed, whatever failed first. */
	off = scmod_switch_off();
	if (off)
		return off;
	if (ret != -EOPNOTSUPP)
		return "Something that the hook needs is not there; see the kernel log";
	return "This kernel is unknown to scmod; see the kernel log and README.md";
}

/* Attach all parts, proving by the prover that was chosen, and release the prover. */
static int attach(void)
{
	int ret = parts_init();

	scmod_proof_end();
	unproved = ret ? reason(ret) : NULL;
	return ret;
}

/**
 * scmod_attach_init() - at load: prove by a usermode helper
 *
 * Must be the last of init that can fail: see parts.
 *
 * Return: 0 also if the module is left unproved, since no helper could be had.
 */
int scmod_attach_init(void)
{
	int ret;

	scmod_proof_by_helper();
	ret = attach();
	if (ret == -ECHILD) {
		pr_warn("loaded, but not proved, so that nothing is learned or refused yet: %s. 'scmod learn', 'scmod complain' and 'scmod enforce' prove it by themselves\n",
			unproved);
		return 0;
	}
	/* Other failures have been logged where they occurred. */
	if (ret == -EOPNOTSUPP)
		pr_err("not loaded: %s\n", unproved);
	return ret;
}

/**
 * scmod_attach_prove() - after load: prove by a child of current
 * @nr: its process id, in the pid namespace of current
 * @extack: why not
 *
 * Does nothing if all parts are attached. On error none is, as before.
 */
int scmod_attach_prove(pid_t nr, struct netlink_ext_ack *extack)
{
	int ret;

	lockdep_assert_held(&scmod_policy_lock);
	if (!unproved)
		return 0;
	ret = scmod_proof_by_child(nr, extack);
	if (ret)
		return ret;
	ret = attach();
	if (ret) {
		pr_err("still not proved: %s\n", unproved);
		extack->_msg = unproved;
	}
	return ret;
}

/* Why nothing is attached; NULL if all parts are. */
const char *scmod_attach_unproved(void)
{
	lockdep_assert_held(&scmod_policy_lock);
	return unproved;
}

/* For requests that make or change policies: is there a proved hook? */
int scmod_attach_check_proved(struct netlink_ext_ack *extack)
{
	if (!scmod_attach_unproved())
		return 0;
	NL_SET_ERR_MSG(extack, "The hook is not proved, so nothing could be learned or refused; PROVE it first, as the tool scmod does by itself. STATUS says why it was not proved at load");
	return -EOPNOTSUPP;
}

/* For requests that set a mode other than off: does the hook fire now? Sleeps. */
int scmod_attach_check_armed(struct netlink_ext_ack *extack)
{
	if (scmod_watch_armed())
		return 0;
	NL_SET_ERR_MSG(extack, "The kernel's probes have been switched off, or another module's takes tasks from ptrace_notify; write 1 to debugfs' kprobes/enabled, or see kprobes/list there");
	return -EOPNOTSUPP;
}

/* What `scmod status` tells of the probe, as it is now. Sleeps. */
const char *scmod_attach_probe(void)
{
	if (scmod_attach_unproved())
		return "unproved";
	if (!scmod_watch_armed())
		return "switched off";
	return scmod_detour_taken() ? "ftrace, entry redirected" : scmod_hook_kind();
}

/* At unload, when no request is taken any more. */
void scmod_attach_exit(void)
{
	if (!unproved)
		parts_exit(ARRAY_SIZE(parts));
}
