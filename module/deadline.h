/* SPDX-License-Identifier: GPL-2.0 */
/* What ends by itself: changes that nobody confirms. */
#ifndef SCMOD_DEADLINE_H
#define SCMOD_DEADLINE_H

void scmod_deadline_start(void);
void scmod_deadline_exit(void);

#endif /* SCMOD_DEADLINE_H */
