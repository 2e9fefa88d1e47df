/* SPDX-License-Identifier: GPL-2.0 */
/* Work that current does itself before it returns to user mode. */
#ifndef SCMOD_TASKWORK_H
#define SCMOD_TASKWORK_H

struct callback_head;

int scmod_taskwork_init(void);

/*
 * Have current run @work, initialized by init_task_work(), where it may sleep, before
 * it returns to user mode or when it exits. Context: any. Fails in a task that is too
 * far in exiting; not to be called by a kernel thread, which never returns.
 */
int scmod_taskwork_add(struct callback_head *work);

#endif /* SCMOD_TASKWORK_H */
