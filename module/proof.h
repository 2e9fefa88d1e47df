/* SPDX-License-Identifier: GPL-2.0 */
/* Proof, at load, that a hook fires and that a call it refuses is not made. */
#ifndef SCMOD_PROOF_H
#define SCMOD_PROOF_H

#include <linux/types.h>

struct pt_regs;

/* The call was refused, but a seccomp filter behind the hook answered it. */
#define SCMOD_PROOF_ANSWERED	1

int scmod_proof_run(void);
bool scmod_proof_hook(struct pt_regs *regs);

#endif /* SCMOD_PROOF_H */
