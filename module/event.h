/* SPDX-License-Identifier: GPL-2.0 */
/* Events: what the hook saw for the first time, told later to who listens. */
#ifndef SCMOD_EVENT_H
#define SCMOD_EVENT_H

#include <linux/scmod.h>

#include "arch.h"
#include "select.h"

struct cgroup;
struct scmod_place;
struct scmod_policy;
struct scmod_view;

/**
 * struct scmod_event - a call, or a value, was seen or refused for the first time
 * @policy: by which policy
 * @mode: the policy's mode then
 * @priority: the call is refused, and the rules say that it has priority
 * @denied: it was refused, or would have been
 * @is_value: it is a value
 * @record: the call, and who made it
 * @value: the value, and who used it
 */
struct scmod_event {
	struct scmod_policy *policy;
	u32 mode;
	bool priority;
	bool denied;
	bool is_value;
	union {
		struct scmod_record record;
		struct scmod_value_record value;
	};
};

/**
 * struct scmod_event_sink - who passes events on to those who listen
 * @call: returns how many times the event was lost
 * @policy: something happened to a policy as a whole, or, unless @cgrp is NULL, in that
 *	cgroup; returns the same. The caller holds scmod_policy_lock
 * @lost: events were lost before anybody could be told
 *
 * All of them may sleep.
 */
struct scmod_event_sink {
	unsigned int (*call)(const struct scmod_event *e);
	unsigned int (*policy)(u32 event, struct scmod_policy *p, struct cgroup *cgrp);
	void (*lost)(void);
};

void scmod_event_pass_to(const struct scmod_event_sink *to);
int scmod_event_init(void);
void scmod_event_exit(void);
void scmod_event_drain(void);
void scmod_event_call(struct scmod_view *v, struct scmod_call call, unsigned int kind,
		      struct task_struct *who, bool priority);
void scmod_event_value(struct scmod_view *v, struct scmod_arg arg, unsigned int kind,
		       struct task_struct *who);
void scmod_event_policy(unsigned int event, struct scmod_policy *p);
void scmod_event_place(unsigned int event, struct scmod_place *place);
u64 scmod_event_lost(void);

#endif /* SCMOD_EVENT_H */
