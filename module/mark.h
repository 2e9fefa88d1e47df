/* SPDX-License-Identifier: GPL-2.0 */
/* Which tasks are marked: those whose cgroup is under an active policy. */
#ifndef SCMOD_MARK_H
#define SCMOD_MARK_H

#include <linux/types.h>

struct scmod_policy;

int scmod_mark_init(void);
void scmod_mark_exit(void);
bool scmod_mark_settle(void);
void scmod_mark_settle_soon(void);
void scmod_mark_everyone(bool yes);
bool scmod_mark_is_everyone(void);
unsigned int scmod_mark_policy(struct scmod_policy *p, bool record);

#endif /* SCMOD_MARK_H */
