/* SPDX-License-Identifier: GPL-2.0 */
/* How much of the kernel a profile leaves within reach: the numbers of a report. */
#ifndef CTL_SURFACE_H
#define CTL_SURFACE_H

#include "profile/profile.h"
#include "report/exploits.h"

/**
 * enum surface_state - what becomes of a call, and by what evidence; first those
 * that remain
 * @SURFACE_SEEN: allowed: it was made
 * @SURFACE_FILE: allowed by a profile that gives no reason
 * @SURFACE_HAND: allowed by the policy, and nothing says why
 * @SURFACE_LIFELINE: allowed as a lifeline
 * @SURFACE_FAMILY: inferred from a call that was made
 * @SURFACE_IMPORT: inferred from what is mapped there
 * @SURFACE_RUNTIME: inferred from what container runtimes make
 * @SURFACE_BASE: inferred from what the program is written in
 * @SURFACE_SOFT: refused with ENOSYS
 * @SURFACE_DENIED: refused, and it was tried
 * @SURFACE_BLOCKED: refused
 * @SURFACE_UNUSED: no call, or none with code behind it
 */
enum surface_state {
	SURFACE_SEEN,
	SURFACE_FILE,
	SURFACE_HAND,
	SURFACE_LIFELINE,
	SURFACE_FAMILY,
	SURFACE_IMPORT,
	SURFACE_RUNTIME,
	SURFACE_BASE,
	SURFACE_SOFT,
	SURFACE_DENIED,
	SURFACE_BLOCKED,
	SURFACE_UNUSED,

	__SURFACE_MAX,
	SURFACE_MAX = __SURFACE_MAX - 1
};

/**
 * struct surface - what is reported
 * @name: of the cgroup or the file
 * @profile: what is allowed
 * @policy: of a cgroup, for what was refused so far; NULL of a file
 * @standard: the profile that it is compared with, or NULL
 * @standard_file: where that is, or was looked for
 * @exploits: what may be stopped
 */
struct surface {
	const char *name;
	const struct profile *profile;
	const struct policy *policy;
	const struct profile *standard;
	const char *standard_file;
	const struct exploits *exploits;
};

/**
 * struct surface_count - of one ABI
 * @all: calls that the kernel has
 * @remain: that are allowed
 * @standard: that the other profile allows
 * @state: in each state
 */
struct surface_count {
	unsigned int all;
	unsigned int remain;
	unsigned int standard;
	unsigned int state[__SURFACE_MAX];
};

const char *surface_state_name(enum surface_state state);
static inline bool surface_remains(enum surface_state state)
{
	return state < SURFACE_SOFT;
}

/* What an enforcing policy allows is what it enforces, whatever was seen or inferred. */
void surface_hold(struct profile *profile, const struct policy *policy);

enum surface_state surface_state(const struct surface *surface, unsigned int abi,
				 unsigned int nr);
/* In words, for one line; to be freed. */
char *surface_why(const struct surface *surface, unsigned int abi, unsigned int nr);
/* The last number that is anything but unused. */
unsigned int surface_last(const struct surface *surface, unsigned int abi);
struct surface_count surface_count(const struct surface *surface, unsigned int abi);

/* Whether it allows more in that ABI than the lifelines. */
bool surface_open(const struct surface *surface, unsigned int abi);
/* Whether it allows a call that the other profile refuses. */
bool surface_beyond(const struct surface *surface, unsigned int abi, unsigned int nr);
/* How many exploits are blocked by @profile. */
unsigned int surface_blocked(const struct surface *surface, const struct profile *profile);

/* By how many percent @less is less than @all; below zero if it is more. */
int surface_percent(unsigned int all, unsigned int less);

/* What the mode of the policy means for the numbers; NULL of a file. */
const char *surface_mode(const struct surface *surface);

#endif /* CTL_SURFACE_H */
