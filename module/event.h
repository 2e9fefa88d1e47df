/* SPDX-License-Identifier: GPL-2.0 */
/* Events: what the hook saw for the first time, told later to who listens. */
#ifndef SCMOD_EVENT_H
#define SCMOD_EVENT_H

#include "arch.h"

struct cgroup;
struct scmod_place;
struct scmod_policy;
struct scmod_record;
struct scmod_view;

/**
 * struct scmod_event_sink - who passes events on to those who listen
 * @call: a call was seen or refused for the first time in the policy @id, whose mode was
 *	@mode then; returns how many times the event was lost
 * @policy: something happened to a policy as a whole, or, unless @cgrp is NULL, in that
 *	cgroup; returns the same. The caller holds scmod_policy_lock
 * @lost: events were lost before anybody could be told
 *
 * All of them may sleep.
 */
struct scmod_event_sink {
	unsigned int (*call)(u64 id, u32 mode, const struct scmod_record *record);
	unsigned int (*policy)(u32 event, struct scmod_policy *p, struct cgroup *cgrp);
	void (*lost)(void);
};

void scmod_event_pass_to(const struct scmod_event_sink *to);
int scmod_event_init(void);
void scmod_event_exit(void);
void scmod_event_drain(void);
void scmod_event_call(struct scmod_view *v, struct scmod_call call,
		      unsigned int kind, struct task_struct *who);
void scmod_event_policy(unsigned int event, struct scmod_policy *p);
void scmod_event_place(unsigned int event, struct scmod_place *place);
u64 scmod_event_lost(void);

#endif /* SCMOD_EVENT_H */
