/* SPDX-License-Identifier: GPL-2.0 */
/* Action kill: end the current process with a SIGSYS it can't escape. */
#ifndef SCMOD_KILL_H
#define SCMOD_KILL_H

void scmod_kill_current(void);
void scmod_kill_drain(void);

#endif /* SCMOD_KILL_H */
