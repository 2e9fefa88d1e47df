/* SPDX-License-Identifier: GPL-2.0 */
/* Receives the module's events, as they happen. */
#ifndef CTL_LISTEN_H
#define CTL_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/scmod.h>

/**
 * struct event - an event; see enum scmod_event_type
 * @type: what happened
 * @id: the policy's id
 * @mode: the policy's mode; not with SCMOD_EVENT_SEEN
 * @path: a path below the mount, in events that have one; otherwise ""
 * @call: whether @record is set
 * @record: of the call
 * @has_value: whether @value is set
 * @value: of the value
 */
struct event {
	uint32_t type;
	uint64_t id;
	uint32_t mode;
	char path[SCMOD_PATH_MAX];
	bool call;
	struct scmod_record record;
	bool has_value;
	struct scmod_value_record value;
};

/* Begins to listen, with a socket of its own. Returns 0 or a negative errno value. */
int listen_open(void);
void listen_close(void);

/*
 * Waits for an event, for at most @ms milliseconds. Returns 1 if there is one, 0 if there is none,
 * or a negative errno value: EINTR, if a signal came; ENOBUFS, if events were lost before the next
 * one; EPERM, for good, if this process may not listen any longer; ESHUTDOWN, when the module is
 * unloaded; EBADMSG, for nonsense.
 */
int listen_next(struct event *event, int ms);

#endif /* CTL_LISTEN_H */
