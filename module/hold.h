/* SPDX-License-Identifier: GPL-2.0 */
/* Keeps the kernel's probes on while a policy enforces. */
#ifndef SCMOD_HOLD_H
#define SCMOD_HOLD_H

int scmod_hold_init(void);
void scmod_hold_exit(void);

#endif /* SCMOD_HOLD_H */
