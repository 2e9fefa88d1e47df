/* SPDX-License-Identifier: GPL-2.0 */
/* Proof that a hook fires and that a call it refuses is not made. */
#ifndef SCMOD_PROOF_H
#define SCMOD_PROOF_H

#include <linux/types.h>

struct netlink_ext_ack;
struct pt_regs;
struct task_struct;

/* What a getppid() that the hook refuses returns; it never fails by itself. */
#define SCMOD_PROOF_ERRNO	ENOANO
/* What the prover's seccomp filter answers to a number that is no call. */
#define SCMOD_PROOF_FILTER_ERRNO	EXDEV

/* The call was refused, but a seccomp filter behind the hook answered it. */
#define SCMOD_PROOF_ANSWERED	1

/**
 * struct scmod_prover - a kind of process that makes the calls of a proof
 * @run: have the process make getppid() under the hook that is attached; returns what
 *	scmod_proof_run() does
 * @refuse: shall the hook refuse the getppid() that the process is making? Called by the
 *	hook, in the process itself, with preemption off
 * @end: release the process; or NULL
 */
struct scmod_prover {
	int (*run)(void);
	bool (*refuse)(const struct pt_regs *regs);
	void (*end)(void);
};

/*
 * Choose the prover, until scmod_proof_end(). There is one at a time: at load no request
 * is taken, and later the caller holds scmod_policy_lock.
 */
void scmod_proof_by_helper(void);
int scmod_proof_by_child(pid_t nr, struct netlink_ext_ack *extack);
void scmod_proof_end(void);

int scmod_proof_run(void);
bool scmod_proof_hook(struct pt_regs *regs);

/*
 * Does this result of scmod_proof_run() say nothing about the hook, since the prover could
 * not run? Then trying another place is no use.
 */
bool scmod_proof_void(int ret);
const char *scmod_proof_trouble(void);

/* For the provers: see proof.c. */
void scmod_proof_begin(const struct scmod_prover *by);
void scmod_proof_task(struct task_struct *task);
int scmod_proof_failed(const char *why);

#endif /* SCMOD_PROOF_H */
