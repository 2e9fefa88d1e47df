/* SPDX-License-Identifier: GPL-2.0 */
/* Has the policies that learn keep which programs are executed. */
#ifndef SCMOD_EXECUTED_H
#define SCMOD_EXECUTED_H

struct file;
struct scmod_policy;

int scmod_executed_init(void);
void scmod_executed_exit(void);

void scmod_executed_first(struct scmod_policy *p, struct file *file);

/* Wait until the paths of all programs that were executed are known. Sleeps; takes locks. */
void scmod_executed_flush(void);

#endif /* SCMOD_EXECUTED_H */
