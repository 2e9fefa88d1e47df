// SPDX-License-Identifier: GPL-2.0
/*
 * Proof that a hook fires and that a call it refuses is not made.
 *
 * A probe can register and never fire, and a call can be refused too late. So
 * before a hook is trusted, a real process, the prover, makes a real call under it:
 * getppid(), which never fails by itself. At load the prover is a usermode helper
 * (proof_helper.c). Where the kernel or another security module runs no helper, a
 * child of whoever sends SCMOD_CMD_PROVE takes its place (proof_child.c). Either has
 * a seccomp filter that answers a number that is no call, to see whether seccomp
 * comes in between.
 */
#include <linux/errno.h>
#include <linux/ptrace.h>
#include <linux/sched.h>

#include "arch.h"
#include "proof.h"

/* Set by scmod_proof_by_*(); the hook reads it only while @prover_task is set. */
static const struct scmod_prover *prover;

/*
 * The process whose calls the hook looks at, NULL for none. Whoever sets it holds a
 * reference until after it is cleared, or the kernel could give the same task_struct
 * to a new process, whose getppid() would then be refused.
 */
static struct task_struct *prover_task;

/* Why a run came to no result; a literal. */
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
	/* What @refuse reads is written before the hook can find the task here. */
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

/* No hook leads to scmod_proof_hook() any more. */
void scmod_proof_end(void)
{
	if (prover && prover->end)
		prover->end();
	prover = NULL;
}
