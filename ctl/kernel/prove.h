/* SPDX-License-Identifier: GPL-2.0 */
/* The process with which the module proves its hook; see SCMOD_A_PROVE_PID. */
#ifndef CTL_PROVE_H
#define CTL_PROVE_H

#include <sys/types.h>

/* Starts a child that makes the proving calls until prover_end(); -1 with errno on failure. */
pid_t prover_start(void);
void prover_end(pid_t child);

#endif /* CTL_PROVE_H */
