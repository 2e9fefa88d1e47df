/* SPDX-License-Identifier: GPL-2.0 */
/* Records the calls that tasks sit in. */
#ifndef SCMOD_SITTING_H
#define SCMOD_SITTING_H

#include <linux/types.h>

struct task_struct;

bool scmod_sitting_record_asleep(struct task_struct *t);
void scmod_sitting_record(struct task_struct *t);

#endif /* SCMOD_SITTING_H */
