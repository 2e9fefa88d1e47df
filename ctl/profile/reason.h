/* SPDX-License-Identifier: GPL-2.0 */
/* Reasons: the evidence behind what a profile says about a call or a value. */
#ifndef CTL_REASON_H
#define CTL_REASON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/scmod.h>

/**
 * enum reason_kind - the kind of evidence behind what a profile says
 * @REASON_SEEN: the call was made while the policy learned
 * @REASON_HAND: the policy allows it because of 'scmod allow' or of a profile that was
 *	enforced before
 * @REASON_LIFELINE: no process can go on or end without it
 * @REASON_FAMILY: an equivalent of a call that has a reason of its own
 * @REASON_IMPORT: a program or library that is mapped in the cgroup can make it
 * @REASON_RUNTIME: the container runtime makes it after it has loaded the filter
 * @REASON_BASE: every program of that kind makes it
 * @REASON_FILE: a profile without reasons says so
 * @REASON_SOFT: its callers are known to work without it
 * @REASON_FULL: the table of the values that were seen was full, so that any value may be used
 * @REASON_NEVER: there was evidence for the call, but calls of its group are never inferred; or,
 *	where the text begins with a value, such values
 * @REASON_FLOOR: there was evidence for the call, but the floor refuses it; or, where the text
 *	begins with a value, for that value
 * @REASON_UNREACHABLE: there was evidence for the call, but no code of the programs leads to it
 * @REASON_REACH: the way by which the code of the programs leads to it; only for 'explain'
 */
enum reason_kind {
	REASON_SEEN,
	REASON_HAND,
	REASON_LIFELINE,
	REASON_FAMILY,
	REASON_IMPORT,
	REASON_RUNTIME,
	REASON_BASE,
	REASON_FILE,
	REASON_SOFT,
	REASON_FULL,
	REASON_NEVER,
	REASON_FLOOR,
	REASON_UNREACHABLE,
	REASON_REACH,

	__REASON_MAX,
	REASON_MAX = __REASON_MAX - 1
};

/**
 * struct reason - one piece of evidence
 * @kind: its kind
 * @origin: index into &profile.origin: the record or file from which the evidence comes
 * @text: the evidence in words; NULL with @REASON_SEEN
 * @first: with @REASON_SEEN: when the call was first made, in ns since the epoch; 0 if the
 *	provenance was lost
 * @pid: with @REASON_SEEN: the process that made the call first
 * @count: with @REASON_SEEN: how many times the call is known to have been made
 * @comm: with @REASON_SEEN: command name of @pid
 */
struct reason {
	enum reason_kind kind;
	unsigned int origin;
	char *text;
	uint64_t first;
	uint32_t pid;
	uint32_t count;
	char comm[SCMOD_COMM_LEN + 1];
};

const char *reason_kind_name(enum reason_kind kind);
/* The kind of that name, or -1. */
int reason_kind_by_name(const char *name);

/* Adds a copy of @reason to a sorted list of @count reasons, unless there is an equal one. */
void reason_add(struct reason **list, size_t *count, const struct reason *reason);
/* Frees the list, and leaves an empty one. */
void reason_release(struct reason **list, size_t *count);

#endif /* CTL_REASON_H */
