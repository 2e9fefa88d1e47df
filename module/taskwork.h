/* SPDX-License-Identifier: GPL-2.0 */
/* Work that current does itself before it returns to user mode. */
#ifndef SCMOD_TASKWORK_H
#define SCMOD_TASKWORK_H

struct callback_head;

/**
 * struct scmod_work_slots - places for works that are due, in an array of their user's
 * @count: how many there are
 * @busy: which are in use: a bitmap
 */
struct scmod_work_slots {
	unsigned int count;
	unsigned long *busy;
};

int scmod_taskwork_init(void);

/*
 * Have current run @work, initialized by init_task_work(), where it may sleep, before
 * it returns to user mode or when it exits. Context: any. Fails in a task that is too
 * far in exiting; not to be called by a kernel thread, which never returns.
 */
int scmod_taskwork_add(struct callback_head *work);

/*
 * A slot, with a reference to the module, which can't be unloaded while a work is due;
 * negative if there is none. To be put by the work, as the last thing that it does. Context: any.
 */
int scmod_work_slot_get(struct scmod_work_slots *slots);
void scmod_work_slot_put(struct scmod_work_slots *slots, unsigned int slot);

/* Wait until all slots are free. Nobody gets one any more. Sleeps. */
void scmod_work_slots_drain(struct scmod_work_slots *slots);

/*
 * At unload, after that, and with the hook detached: wait until no task is inside a work, or in
 * any other function of the module. Sleeps.
 */
void scmod_taskwork_drain(void);

#endif /* SCMOD_TASKWORK_H */
