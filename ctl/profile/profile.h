/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a profile says of each call, and why. Records, files and inference make
 * one; what is enforced and what is written out is made of one.
 */
#ifndef CTL_PROFILE_H
#define CTL_PROFILE_H

#include "base/message.h"
#include "calls/sets.h"

/**
 * enum profile_state - what a profile says of a call
 * @PROFILE_SILENT: nothing; it is refused as the profile refuses by default
 * @PROFILE_ALLOW: it passes
 * @PROFILE_SOFT: it is refused with ENOSYS, so that callers do without
 * @PROFILE_REFUSE: it is refused by name; see &profile_call.err
 */
enum profile_state {
	PROFILE_SILENT,
	PROFILE_ALLOW,
	PROFILE_SOFT,
	PROFILE_REFUSE,

	__PROFILE_STATE_MAX,
	PROFILE_STATE_MAX = __PROFILE_STATE_MAX - 1
};

/**
 * enum reason_kind - what sort of evidence a state rests on
 * @REASON_SEEN: it was made while the policy learned
 * @REASON_HAND: the policy allows it: 'scmod allow', or a profile enforced before
 * @REASON_LIFELINE: no process can go on or end without
 * @REASON_FAMILY: it stands in for a call that has a reason of its own
 * @REASON_IMPORT: a program or library that is mapped there can make it
 * @REASON_RUNTIME: the container runtime makes it once the filter is loaded
 * @REASON_BASE: any program of that kind makes it
 * @REASON_FILE: a profile that gives no reason says so
 * @REASON_SOFT: callers are known to do without
 * @REASON_NEVER: there was evidence for it, but it is never inferred
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
	REASON_NEVER,

	__REASON_MAX,
	REASON_MAX = __REASON_MAX - 1
};

/**
 * struct reason - one piece of evidence
 * @kind: what sort
 * @origin: index into &profile.origin: whose record or file it comes from
 * @text: the evidence, for people; NULL with @REASON_SEEN
 * @first: with @REASON_SEEN: when it was first made, in ns since the epoch; 0 if
 *	the provenance was lost
 * @pid: with @REASON_SEEN: who made it first
 * @count: with @REASON_SEEN: how often it is known to have been made
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

/* &profile_call.err of a call that ends its process, whatever others do. */
#define PROFILE_KILLS (-1)

/**
 * struct profile_call - one call
 * @state: what the profile says of it
 * @err: with @PROFILE_REFUSE: the errno it returns, 0 for what the profile refuses
 *	with by default, or PROFILE_KILLS
 * @reason: why, sorted, each once; empty only with @PROFILE_SILENT
 * @nr_reasons: how many
 */
struct profile_call {
	enum profile_state state;
	int err;
	struct reason *reason;
	size_t nr_reasons;
};

/**
 * struct profile_origin - a record or file that a profile was made from
 * @file: the file that it was read from, if that did not say more
 * @path: the cgroup's path, or NULL
 * @tool: version of the tool that made the profile of the record, or NULL
 * @kernel: release of the kernel that the record was made on, or NULL
 * @id: the cgroup's id
 * @created: when learning began, in ns since the epoch
 * @partial: learning began on running tasks
 */
struct profile_origin {
	char *file;
	char *path;
	char *tool;
	char *kernel;
	uint64_t id;
	uint64_t created;
	bool partial;
};

/**
 * struct profile - what it says
 * @abi: per ABI and number
 * @covers: whether it says anything of an ABI but the lifelines
 * @action: &enum scmod_action for what is not allowed, or -1 if it says nothing
 *	of it
 * @err: errno to refuse with, or -1 if it says nothing of it
 * @form: the --format that it was read from, or NULL
 * @origin: what it was made from
 * @nr_origins: how many
 */
struct profile {
	struct profile_call abi[NR_ABIS][SCMOD_NR_BITS];
	bool covers[NR_ABIS];
	int action;
	int err;
	const char *form;
	struct profile_origin *origin;
	size_t nr_origins;
};

/* Empty, with room for all; never NULL. */
struct profile *profile_new(void);
void profile_free(struct profile *profile);

const char *profile_state_name(enum profile_state state);
const char *reason_kind_name(enum reason_kind kind);
/* The kind or state called so, or -1. */
int profile_state_by_name(const char *name);
int reason_kind_by_name(const char *name);

/* Adds a copy; returns its index. One that is there already is not added again. */
unsigned int profile_add_origin(struct profile *profile, const struct profile_origin *origin);

/* As if the profile had never said anything of it. */
void profile_drop(struct profile *profile, unsigned int abi, unsigned int nr);
/* Without a word of why; for those who add the reasons next. */
void profile_set(struct profile *profile, unsigned int abi, unsigned int nr,
		 enum profile_state state, int err);
/* A copy of @reason, unless the call has it already. */
void profile_add_reason(struct profile *profile, unsigned int abi, unsigned int nr,
			const struct reason *reason);
/* The same, of the first origin, with the evidence in words. */
void profile_say(struct profile *profile, unsigned int abi, unsigned int nr,
		 enum reason_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/*
 * Allow a call because of that evidence. One that is refused by name, or allowed
 * already, only gets the reason.
 */
void profile_allow(struct profile *profile, unsigned int abi, unsigned int nr,
		   enum reason_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Allow what no process can do without, in every ABI. */
void profile_add_lifelines(struct profile *profile);
/* Answer with ENOSYS what callers do without and it says nothing of. */
void profile_add_soft(struct profile *profile);

static inline const struct profile_call *profile_at(const struct profile *profile,
						    unsigned int abi, unsigned int nr)
{
	return &profile->abi[abi][nr];
}

static inline bool profile_allows(const struct profile *profile, unsigned int abi,
				  unsigned int nr)
{
	return nr < SCMOD_NR_BITS && profile->abi[abi][nr].state == PROFILE_ALLOW;
}

/* What becomes of a call that it says nothing of: an errno, or PROFILE_KILLS. */
int profile_fallback(const struct profile *profile);
/*
 * The errno that it refuses with by default, or -1 if it does not say. Where it says that
 * it refuses with one, and not with which, that is EPERM, by the runtime specification.
 */
int profile_errno(const struct profile *profile);
/* What becomes of a call in the end: 0 if it passes, an errno, or PROFILE_KILLS. */
int profile_answer(const struct profile *profile, unsigned int abi, unsigned int nr);

/* The first reason of that kind, or NULL. */
const struct reason *profile_reason(const struct profile *profile, unsigned int abi,
				    unsigned int nr, enum reason_kind kind);
/* The calls in that state. */
struct bitmap profile_calls(const struct profile *profile, unsigned int abi,
			    enum profile_state state);
/* Those that are allowed, but neither seen nor named by a file: the tool added them. */
struct bitmap profile_added(const struct profile *profile, unsigned int abi);
/* As they are sent: the allowed and soft sets of each ABI. */
void profile_sets(const struct profile *profile, struct abi_sets *sets);

/* Whether it allows more in that ABI than what is always added. */
bool profile_uses(const struct profile *profile, unsigned int abi);
/* Whether it does so in none. */
bool profile_empty(const struct profile *profile);
/* What scmod's own JSON form calls itself, in its field "format". */
#define PROFILE_FORMAT "scmod-profile-2"

/* "errno" or "kill"; @action is enum scmod_action. */
const char *profile_action_name(uint32_t action);

/* Whether any of its records is partial. */
bool profile_partial(const struct profile *profile);

/* What the person is told of a partial record. */
#define PROFILE_PARTIAL_WHY \
	"partial: learning began on running tasks, their start-up calls were not seen"
/* Whether it allows io_uring in any, and what the person is told of that. */
bool profile_has_io_uring(const struct profile *profile);
#define PROFILE_IO_URING_WHY \
	"io_uring_setup is allowed; io_uring does work without system calls, which nothing here sees or stops"
/* Add a warning of what a person should know before relying on it. */
void profile_warn(const struct profile *profile, struct messages *messages);

#endif /* CTL_PROFILE_H */
