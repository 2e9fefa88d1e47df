/* SPDX-License-Identifier: GPL-2.0 */
/* Notices when somebody redirects the functions that scmod relies on. */
#ifndef SCMOD_DETOUR_H
#define SCMOD_DETOUR_H

#include <linux/types.h>

int scmod_detour_init(void);
void scmod_detour_exit(void);

/* Look for such redirections now, and act on them. Sleeps. */
void scmod_detour_look(void);

/* Was the hooked function redirected when scmod last looked? */
bool scmod_detour_taken(void);

#endif /* SCMOD_DETOUR_H */
