/* SPDX-License-Identifier: GPL-2.0 */
/* Proof, at load, that a hook fires and that a call it refuses is not made. */
#ifndef SCMOD_PROOF_H
#define SCMOD_PROOF_H

struct pt_regs;

int scmod_proof_run(void);
void scmod_proof_hook(struct pt_regs *regs);

#endif /* SCMOD_PROOF_H */
