// SPDX-License-Identifier: GPL-2.0
/*
 * The prover after load: a child of the process that sends SCMOD_CMD_PROVE. It calls
 * getppid() in an endless loop. getppid() takes no arguments, but the child passes two all
 * the same: what the call before returned, and how many calls it has begun. So the hook
 * sees one call later whether a call that it refused was made in spite of that. And the
 * count, which can be read from the child's registers, tells a hook that does not fire
 * from a child that does not run.
 *
 * The child is trusted as much as its parent, which has CAP_SYS_ADMIN and could switch
 * enforcement off anyway. But nothing that the child does can hold up the proof for long.
 */
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/netlink.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seccomp.h>
#include <linux/uaccess.h>

#include "arch.h"
#include "compat.h"
#include "proof.h"

/*
 * If the child has begun so many calls since it was marked and the hook has not fired,
 * then the hook does not work. The first calls don't count, since the kernel may have
 * looked for the mark before it was set.
 */
#define ENOUGH_CALLS	16

/*
 * If the child begins no call for so long, it is taken to have stopped. It is long, since
 * the child may have to wait for a CPU.
 */
#define IDLE_MOST	(5 * HZ)
#define POLL_US		1000

/* The child, with a reference; NULL for none. */
static struct task_struct *child;

/*
 * How far the proof has come. ASKED: the next call is to be refused. REFUSED: it was, and
 * the call after it, whose number is @refused_count + 1, will tell what it returned. TOLD:
 * that is in @result. Once it is ASKED only the child writes it, in refuse().
 */
enum step { ASKED, REFUSED, TOLD };

static enum step step;
static unsigned long refused_count;
/* -ENXIO if the call after the refused one did not pass the hook. */
static long result;

static bool refuse(const struct pt_regs *regs)
{
	switch (READ_ONCE(step)) {
	case ASKED:
		refused_count = regs->si;
		WRITE_ONCE(step, REFUSED);
		return true;
	case REFUSED:
		result = regs->si == refused_count + 1 ? regs->di : -ENXIO;
		/* Pairs with watch(). */
		smp_store_release(&step, TOLD);
		return false;
	default:
		return false;
	}
}

/*
 * How many calls the child has begun, from the registers on its stack. The kernel may free
 * the stack meanwhile, so reading it must not fault. Before the child is in its loop the
 * number is arbitrary.
 */
static unsigned long count(void)
{
	unsigned long n = 0;

	copy_from_kernel_nofault(&n, &task_pt_regs(child)->si, sizeof(n));
	return n;
}

/* Return: 0 if the child may go on; otherwise what scmod_proof_run() returns. */
static int check_alive(void)
{
	if (READ_ONCE(child->exit_state) || READ_ONCE(child->flags) & PF_EXITING)
		return scmod_proof_failed("The process that makes the proving call has ended");
	/* A tracer could replace the call after the hook, where the hook comes before ptrace. */
	if (READ_ONCE(child->ptrace))
		return scmod_proof_failed("The process that makes the proving call is traced; prove without a tracer");
	if (fatal_signal_pending(current))
		return scmod_proof_failed("Proving was interrupted");
	return 0;
}

/* Wait until the child has told, or will not. */
static int watch(void)
{
	unsigned long begun = 0, last = count(), now;
	unsigned long since = jiffies;
	int ret;

	/* Read @result only after @step says that it is there. */
	while (smp_load_acquire(&step) != TOLD) {
		ret = check_alive();
		if (ret)
			return ret;
		now = count();
		/* A larger step is the one from the arbitrary number to the loop's first. */
		if (now - last < U32_MAX)
			begun += now - last;
		/* If those calls had passed the hook, @step would have been written before. */
		smp_rmb();
		if (begun > ENOUGH_CALLS && READ_ONCE(step) != TOLD)
			return -ENXIO;
		if (now != last)
			since = jiffies;
		else if (time_after(jiffies, since + IDLE_MOST))
			return scmod_proof_failed("The process that makes the proving call has stopped");
		last = now;
		usleep_range(POLL_US, 2 * POLL_US);
	}
	/* If a tracer has attached meanwhile, the result may be its doing. */
	return check_alive();
}

static int verdict(void)
{
	switch (result) {
	case -SCMOD_PROOF_ERRNO:
		return 0;
	case -SCMOD_PROOF_FILTER_ERRNO:
		return SCMOD_PROOF_ANSWERED;
	case -ENXIO:
		return -ENXIO;
	default:
		return -EPERM;
	}
}

static int run(void)
{
	bool marked = scmod_mark_test(child);
	int ret;

	WRITE_ONCE(step, ASKED);
	scmod_mark_set(child);
	scmod_proof_task(child);
	ret = watch();
	scmod_proof_task(NULL);
	/* Take the mark away only if the child had none before: tracers may need it. */
	if (!marked && !scmod_mark_shared(child))
		scmod_mark_clear(child);
	return ret ? ret : verdict();
}

static void end(void)
{
	put_task_struct(child);
	child = NULL;
}

static const struct scmod_prover prover = {
	.run = run,
	.refuse = refuse,
	.end = end,
};

static bool is_ours(struct task_struct *t)
{
	bool ours;

	rcu_read_lock();
	ours = same_thread_group(rcu_dereference(t->real_parent), current);
	rcu_read_unlock();
	return ours;
}

/* Is @t fit to prove? This is against mistakes, not against a malicious child. */
static int check(struct task_struct *t, struct netlink_ext_ack *extack)
{
	if (!is_ours(t)) {
		NL_SET_ERR_MSG(extack, "PID is not a child of this process");
		return -EPERM;
	}
	if (READ_ONCE(t->ptrace)) {
		NL_SET_ERR_MSG(extack, "The process is traced, and the tracer would change what its calls return; prove without a tracer");
		return -EBUSY;
	}
	if (IS_ENABLED(CONFIG_SECCOMP_FILTER) &&
	    (!task_no_new_privs(t) ||
	     READ_ONCE(t->seccomp.mode) != SECCOMP_MODE_FILTER)) {
		NL_SET_ERR_MSG(extack, "The process has no seccomp filter that returns EXDEV for call -1, or not no_new_privs");
		return -EINVAL;
	}
	return 0;
}

/**
 * scmod_proof_by_child() - have a child of current prove from now on
 * @nr: its process id, in the pid namespace of current
 * @extack: why not
 *
 * scmod_proof_end() lets it go.
 */
int scmod_proof_by_child(pid_t nr, struct netlink_ext_ack *extack)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *t = pid ? get_pid_task(pid, PIDTYPE_TGID) : NULL;
	int ret;

	put_pid(pid);
	if (!t) {
		NL_SET_ERR_MSG(extack, "There is no process PID");
		return -ESRCH;
	}
	ret = check(t, extack);
	if (ret) {
		put_task_struct(t);
		return ret;
	}
	child = t;
	scmod_proof_begin(&prover);
	return 0;
}
