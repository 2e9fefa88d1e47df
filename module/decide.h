/* SPDX-License-Identifier: GPL-2.0 */
/* What one system call gets: the function behind every hook engine. */
#ifndef SCMOD_DECIDE_H
#define SCMOD_DECIDE_H

struct pt_regs;
struct scmod_view;
struct task_struct;

void scmod_decide(struct pt_regs *regs);
void scmod_decide_sitting(struct scmod_view *view, struct task_struct *task,
			  const struct pt_regs *regs);
bool scmod_decide_confined(void);

#endif /* SCMOD_DECIDE_H */
