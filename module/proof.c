// SPDX-License-Identifier: GPL-2.0
/*
 * Proof that a hook fires and that a call it refuses is not made.
 *
 * A probe can be registered and never fire, and a hook can refuse a call when it is too
 * late. So before a hook is trusted, a real process, the prover, makes a real call under
 * it: getppid(), which never fails by itself. At load the prover is a usermode helper
 * (proof_helper.c). Where the kernel or a security module lets no helper run, a child of
 * the process that sends SCMOD_CMD_PROVE takes its place (proof_child.c). The prover has a
 * seccomp filter that answers call number -1 with an errno of its own, which shows whether
 * seccomp still judges a call that the hook has refused.
 */
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <linux/sched.h>

#include "arch.h"
#include "proof.h"

/* Set by scmod_proof_by_*(); the hook reads it only while @prover_task is set. */
static const struct scmod_prover *prover;

/*
 * The process whose calls count for the proof, or NULL. Whoever sets it holds a reference
 * to the task until after it is cleared: otherwise the kernel could reuse the task_struct
 * for a new process, and that process's getppid() would be refused.
 */
static struct task_struct *prover_task;

/* Why the last run had no result; a literal. */
static const char *trouble;

/**
 * scmod_proof_hook() - what the hook does while it is being proved
 * @regs: user registers of current
 *
 * Return: whether the call is refused.
 */
bool scmod_proof_hook(struct pt_regs *regs)
{
	/* Pairs with scmod_proof_task(). */
	if (current != smp_load_acquire(&prover_task) ||
	    regs->orig_ax != __NR_getppid || !prover->refuse(regs))
		return false;
	scmod_call_refuse(regs, SCMOD_PROOF_ERRNO);
	return true;
}

/**
 * scmod_proof_task() - for a prover: the process whose calls count from now on
 * @task: with a reference that is kept until another one, or NULL, is set
 */
void scmod_proof_task(struct task_struct *task)
{
	/* Publish the task only after all that prover->refuse() reads has been written. */
	smp_store_release(&prover_task, task);
}

/**
 * scmod_proof_failed() - for a prover: it could not make the calls
 * @why: a literal; shown to the user
 *
 * Return: the error for scmod_proof_run() to return.
 */
int scmod_proof_failed(const char *why)
{
	trouble = why;
	return -ECHILD;
}

/* Why scmod_proof_run() last returned -ECHILD. */
const char *scmod_proof_trouble(void)
{
	return trouble;
}

bool scmod_proof_void(int ret)
{
	return ret == -ECHILD || ret == -ENOMEM;
}

/**
 * scmod_proof_run() - make the call under the hook that is in place
 *
 * Sleeps. The hook must lead to scmod_proof_hook().
 *
 * Return: 0 if the hook fired and the call was not made; %SCMOD_PROOF_ANSWERED if
 * it was not made, but a seccomp filter was asked about it; -ENXIO if the hook did
 * not fire; -EPERM if it fired and the call was made all the same; -ECHILD if the
 * prover could not make the call, see scmod_proof_trouble(); -ENOMEM.
 */
int scmod_proof_run(void)
{
	return prover->run();
}

/* For a prover: it proves from now on, until scmod_proof_end(). */
void scmod_proof_begin(const struct scmod_prover *by)
{
	prover = by;
}

/* Release the prover. No hook calls scmod_proof_hook() any more. */
void scmod_proof_end(void)
{
	if (prover && prover->end)
		prover->end();
	prover = NULL;
}
