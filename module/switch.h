/* SPDX-License-Identifier: GPL-2.0 */
/* Which of the kernel's switches keeps probes from firing. */
#ifndef SCMOD_SWITCH_H
#define SCMOD_SWITCH_H

const char *scmod_switch_off(void);

#endif /* SCMOD_SWITCH_H */
