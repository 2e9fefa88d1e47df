/* SPDX-License-Identifier: GPL-2.0 */
/* Events: what the hook saw for the first time, told later to who listens. */
#ifndef SCMOD_EVENT_H
#define SCMOD_EVENT_H

#include "arch.h"

struct scmod_policy;
struct scmod_view;

int scmod_event_init(void);
void scmod_event_exit(void);
void scmod_event_drain(void);
void scmod_event_call(struct scmod_view *v, struct scmod_call call,
		      unsigned int kind, struct task_struct *who);
void scmod_event_policy(unsigned int event, struct scmod_policy *p);
u64 scmod_event_lost(void);

#endif /* SCMOD_EVENT_H */
