/* SPDX-License-Identifier: GPL-2.0 */
/* Notices when somebody leads the functions that scmod relies on elsewhere. */
#ifndef SCMOD_DETOUR_H
#define SCMOD_DETOUR_H

#include <linux/types.h>

int scmod_detour_init(void);
void scmod_detour_exit(void);

/* Look whether somebody does. Sleeps. */
void scmod_detour_look(void);

/* Did somebody lead the hooked function elsewhere when it was last looked? */
bool scmod_detour_taken(void);

#endif /* SCMOD_DETOUR_H */
