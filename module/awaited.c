// SPDX-License-Identifier: GPL-2.0
/* For which processes policies wait, and how many policies do. */
#include <linux/compiler.h>
#include <linux/pid.h>
#include <linux/scmod.h>

#include "awaited.h"
#include "view.h"

const struct scmod_await scmod_awaited_nothing;

/* Policies that wait; written under scmod_policy_lock. */
static unsigned int waiting;

/* Does any policy wait? Context: any; without the lock, as it was a moment ago. */
bool scmod_awaited_any(void)
{
	return READ_ONCE(waiting);
}

/**
 * scmod_awaited_change() - let a policy wait for another process, or for none
 * @p: the policy
 * @await: what it is to wait for; the reference to the process passes to @p
 *
 * Context: scmod_policy_lock is held, or nobody knows the policy.
 *
 * Return: what it waited for, with the reference to that process.
 */
struct scmod_await scmod_awaited_change(struct scmod_policy *p, const struct scmod_await *await)
{
	struct scmod_await was = p->await;

	WRITE_ONCE(waiting, waiting - !!was.process + !!await->process);
	WRITE_ONCE(p->await.mode, await->mode);
	WRITE_ONCE(p->await.process, await->process);
	return was;
}

/* Let @p wait for no process. Context: as scmod_awaited_change(). */
void scmod_awaited_end(struct scmod_policy *p)
{
	put_pid(scmod_awaited_change(p, &scmod_awaited_nothing).process);
}

/* The mode that @p has by @rules, or will have when the process comes that it waits for. */
unsigned int scmod_awaited_mode(const struct scmod_policy *p, const struct scmod_rules *rules)
{
	return p->await.process ? p->await.mode : rules->mode;
}
