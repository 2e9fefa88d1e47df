/* SPDX-License-Identifier: GPL-2.0 */
/* The numbers of a report: how much of the kernel programs can still reach under a profile. */
#ifndef CTL_SURFACE_H
#define CTL_SURFACE_H

#include "floor/floor.h"
#include "profile/profile.h"
#include "report/exploits.h"

/**
 * enum surface_state - whether a call is allowed or refused, and why; the states of allowed
 * calls come first
 * @SURFACE_SEEN: allowed, because it was made
 * @SURFACE_FILE: allowed by a profile without reasons
 * @SURFACE_HAND: allowed by the policy, without another reason
 * @SURFACE_LIFELINE: allowed as a lifeline
 * @SURFACE_FAMILY: inferred from a call that was made
 * @SURFACE_IMPORT: inferred from programs and libraries that are mapped in the cgroup
 * @SURFACE_RUNTIME: inferred from what container runtimes make
 * @SURFACE_BASE: inferred from the language of the program
 * @SURFACE_SOFT: refused with ENOSYS
 * @SURFACE_DENIED: refused, and it was tried
 * @SURFACE_BLOCKED: refused
 * @SURFACE_UNUSED: the number has no call, or no code in the kernel
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
 * struct surface - the subject of a report
 * @name: name of the cgroup or the file
 * @called: what the cgroup is called, such as "podman:web"; or NULL
 * @profile: the profile that decides what is allowed
 * @policy: policy of the cgroup, for calls that were refused so far; NULL for a file
 * @standard: the default profile to compare with, or NULL
 * @standard_file: path of the default profile, even if it was not found
 * @floor: the floor to compare with, or NULL
 * @exploits: the known exploits
 */
struct surface {
	const char *name;
	const char *called;
	const struct profile *profile;
	const struct policy *policy;
	const struct profile *standard;
	const char *standard_file;
	const struct floor *floor;
	const struct exploits *exploits;
};

/**
 * struct surface_count - numbers for one ABI
 * @all: number of calls that the kernel has
 * @remain: number of calls that are allowed
 * @standard: number of calls that the default profile allows
 * @state: number of calls in each state
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

/* Reduces @profile to what an enforcing policy allows, whatever was seen or inferred. */
void surface_hold(struct profile *profile, const struct policy *policy);

enum surface_state surface_state(const struct surface *surface, unsigned int abi,
				 unsigned int nr);
/* An explanation in one line; to be freed. */
char *surface_why(const struct surface *surface, unsigned int abi, unsigned int nr);
/* The last number that is not unused. */
unsigned int surface_last(const struct surface *surface, unsigned int abi);
struct surface_count surface_count(const struct surface *surface, unsigned int abi);

/* Whether the profile allows more in that ABI than the lifelines. */
bool surface_open(const struct surface *surface, unsigned int abi);
/* Whether the profile allows a call that the default profile refuses. */
bool surface_beyond(const struct surface *surface, unsigned int abi, unsigned int nr);
/* Number of exploits that @profile blocks. */
unsigned int surface_blocked(const struct surface *surface, const struct profile *profile);

/* By how many percent @less is below @all; negative if it is above. */
int surface_percent(unsigned int all, unsigned int less);

/* What the policy's mode means for these numbers; NULL for a file. */
const char *surface_mode(const struct surface *surface);

#endif /* CTL_SURFACE_H */
