/* SPDX-License-Identifier: GPL-2.0 */
/* The interface to the module: all requests that it answers. */
#ifndef CTL_NL_H
#define CTL_NL_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/policy.h"
#include "kernel/selector_change.h"

/* State of the module; see enum scmod_attr_status. */
struct module_state {
	char version[64];
	char engine[32];
	char symbol[128];
	char probe[32];
	char why[128];
	/* Why no system call is hooked; empty if the hook works. */
	char unproved[256];
	uint64_t nmissed;
	uint64_t events_lost;
	uint32_t policies;
	uint32_t policies_max;
	uint32_t cgroups;
	uint32_t cgroups_max;
	uint32_t cgroups_shut;
	/* Where the kernel's table of x86_64 ends; 0 if the module is too old to say. */
	uint32_t calls;
};

/*
 * One change of a policy. A negative @mode, @action or @err stays as it is. The policy is the
 * one that has @name; if that is NULL, the one of the cgroup whose directory is @fd; if that is
 * negative, the one that has @id. With @follow, it gets the path of its cgroup as its name, and
 * so does not end with the cgroup. If @abi is given, its
 * allowed and soft sets replace those of the policy. If @more is given instead (one bitmap
 * per ABI), its calls are allowed in addition. If @priority is given (likewise), refusals of its
 * calls, and of no others, have priority. If @record is given, its seen and denied sets are added
 * to those of the policy. @selector, if it is given, has a change for each selector. Programs of
 * @executed are added to those of the policy.
 * Unless @confirm_ms is 0, the module undoes the change after so many milliseconds, unless
 * scmod_confirm() comes before. If @from_exec is not 0, @mode begins when the process of that
 * number executes a program.
 */
struct scmod_change {
	const char *name;
	int fd;
	uint64_t id;
	int mode;
	int action;
	int err;
	bool follow;
	uint32_t confirm_ms;
	uint32_t from_exec;
	const struct abi_sets *abi;
	const struct bitmap *more;
	const struct bitmap *priority;
	const struct abi_sets *record;
	const struct selector_change *selector;
	const struct executed_list *executed;
};

#define SCMOD_CHANGE_NONE { .fd = -1, .mode = -1, .action = -1, .err = -1 }

/* Connects and finds the module; returns 0 or a negative errno value. */
int scmod_find(void);
/* The same as scmod_find(), but prints an error and returns an exit code. */
int scmod_open(void);
/*
 * Prints why a request failed and returns an exit code. @name may be NULL; @err is what one
 * of the functions below returned.
 */
int scmod_fail(const char *verb, const char *name, int err);

void scmod_close(void);

/* The functions below return 0 or a negative errno value. */
int scmod_status(struct module_state *state);
/* Lists every policy (@id 0) or the one with that id; with @records, includes the records. */
int scmod_list(uint64_t id, bool records, struct policy_list *list);
/* Lists every policy with records, and with what it says if a change is not confirmed. */
int scmod_list_confirmed(struct policy_list *list);
/*
 * Calls @fn for each policy as it arrives, oldest first. Only one policy is in memory at a
 * time, unless @fn takes it over (and zeroes it). @fn must not send a request. -EAGAIN: each
 * policy was passed once, but policies came or went during the dump.
 */
int scmod_each(bool records, int (*fn)(struct policy *policy, void *arg), void *arg);
/*
 * If the module was loaded without a proof of its hook, lets it prove the hook with a child of
 * this process. Otherwise does nothing.
 */
int scmod_prove(void);
/*
 * Stores the policy after the change in @answer, unless NULL. Proves the hook first if it is
 * unproved.
 */
int scmod_set(const struct scmod_change *change, struct policy *answer);
int scmod_forget(uint64_t id);
/* The change that waits for that holds for good. -EALREADY: none waits. */
int scmod_confirm(uint64_t id);

/* Why the last request failed, in the module's words or the C library's. */
const char *scmod_reason(int err);

#endif /* CTL_NL_H */
