/* SPDX-License-Identifier: GPL-2.0 */
/* The transport: what can be asked of the module. */
#ifndef CTL_NL_H
#define CTL_NL_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/policy.h"

/* What the module is and how it stands; see enum scmod_attr_status. */
struct module_state {
	char version[64];
	char engine[32];
	char symbol[128];
	char probe[32];
	/* Why nothing is hooked; empty if all is in place. */
	char unproved[256];
	uint64_t nmissed;
	uint64_t events_lost;
	uint32_t policies;
	uint32_t policies_max;
};

/*
 * One change. Numbers below zero are left as they are. @fd names the cgroup if
 * it is not below zero, else @id names the policy. Of @abi, where it is given,
 * the allowed and soft sets take the place of those there; calls in @more, one
 * bitmap an ABI, where that is given instead, are allowed beside them.
 */
struct scmod_change {
	int fd;
	uint64_t id;
	int mode;
	int action;
	int err;
	const struct abi_sets *abi;
	const struct bitmap *more;
};

#define SCMOD_CHANGE_NONE { .fd = -1, .mode = -1, .action = -1, .err = -1 }

/* Connect and find the module; 0 or a negative errno value. */
int scmod_find(void);
/* The same, but prints what went wrong and returns an exit code. */
int scmod_open(void);
/* Prints what went wrong, returns an exit code. @name may be NULL;
 * @err is what one of the functions below returned.
 */
int scmod_fail(const char *verb, const char *name, int err);

void scmod_close(void);

/* These return 0 or a negative errno value. */
int scmod_status(struct module_state *state);
/* Every policy (@id 0) or that one, with its records if @records. */
int scmod_list(uint64_t id, bool records, struct policy_list *list);
/*
 * @fn with each policy as it arrives, oldest first; no two are kept, unless @fn
 * takes (and zeroes) one. It must not ask the module for anything. -EAGAIN: all
 * were given once, but some came or went meanwhile.
 */
int scmod_each(bool records, int (*fn)(struct policy *policy, void *arg), void *arg);
/*
 * Where the module was loaded without a proof of its hook, have it proved by a child
 * of this process; nothing otherwise.
 */
int scmod_prove(void);
/* @answer, if given, gets the policy as it stands then. Proves the hook if need be. */
int scmod_set(const struct scmod_change *change, struct policy *answer);
int scmod_forget(uint64_t id);

/* Why the last of them failed, in the module's words or the C library's. */
const char *scmod_reason(int err);

#endif /* CTL_NL_H */
