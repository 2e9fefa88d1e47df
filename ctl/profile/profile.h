/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile: what it says about each call, and why. Records, files and inference are turned
 * into profiles; the allowed sets that are enforced and the files that are written come from
 * profiles.
 */
#ifndef CTL_PROFILE_H
#define CTL_PROFILE_H

#include "base/message.h"
#include "calls/sets.h"
#include "profile/executed.h"
#include "profile/reason.h"
#include "profile/values.h"

/**
 * enum profile_state - what a profile says about a call
 * @PROFILE_SILENT: nothing; the call is refused with the profile's default
 * @PROFILE_ALLOW: the call is allowed
 * @PROFILE_SOFT: the call is refused with ENOSYS, so that its callers fall back on another
 *	call
 * @PROFILE_REFUSE: the call is named and refused; see &profile_call.err
 */
enum profile_state {
	PROFILE_SILENT,
	PROFILE_ALLOW,
	PROFILE_SOFT,
	PROFILE_REFUSE,

	__PROFILE_STATE_MAX,
	PROFILE_STATE_MAX = __PROFILE_STATE_MAX - 1
};

/* &profile_call.err of a call that ends its process, whatever the profile's default is. */
#define PROFILE_KILLS (-1)

/**
 * struct profile_call - what a profile says about one call
 * @state: the state of the call
 * @err: with @PROFILE_REFUSE: the errno that the call returns, 0 for the profile's default
 *	refusal, or PROFILE_KILLS
 * @reason: the reasons for @state, sorted, without duplicates; may be empty only with
 *	@PROFILE_SILENT
 * @nr_reasons: number of reasons
 */
struct profile_call {
	enum profile_state state;
	int err;
	struct reason *reason;
	size_t nr_reasons;
};

/**
 * struct profile_origin - a record or file that a profile was made from
 * @file: the file that the profile was read from, if the file names no origin of its own
 * @path: the cgroup's path, or NULL
 * @tool: version of the tool that made the profile of the record, or NULL
 * @kernel: release of the kernel that the record was made on, or NULL
 * @id: the cgroup's id
 * @created: when learning began, in ns since the epoch
 * @partial: whether learning began on tasks that were already running
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
 * struct profile - what a profile says about all calls
 * @abi: the calls, by ABI and number
 * @covers: for each ABI, whether the profile says anything about it apart from lifelines
 * @action: &enum scmod_action for calls that are not allowed, or -1 if the profile does not
 *	say
 * @err: errno for calls that are not allowed, or -1 if the profile does not say
 * @form: the --format of the file that it was read from, or NULL
 * @origin: the records and files that it was made from
 * @nr_origins: number of origins
 * @values: which values of arguments may be used, by &enum scmod_selector
 * @executed: the programs that were executed while it was learned
 */
struct profile {
	struct profile_call abi[NR_ABIS][SCMOD_NR_BITS];
	bool covers[NR_ABIS];
	int action;
	int err;
	const char *form;
	struct profile_origin *origin;
	size_t nr_origins;
	struct value_set values[NR_SELECTORS];
	struct executed_list executed;
};

/* A new profile that says nothing; never NULL. */
struct profile *profile_new(void);
void profile_free(struct profile *profile);

const char *profile_state_name(enum profile_state state);
/* The state of that name, or -1. */
int profile_state_by_name(const char *name);

/*
 * Adds a copy of @origin, unless there is an equal one; returns the index of the copy or
 * equal one.
 */
unsigned int profile_add_origin(struct profile *profile, const struct profile_origin *origin);

/* Removes all that the profile says about the call. */
void profile_drop(struct profile *profile, unsigned int abi, unsigned int nr);
/* Sets the state only; the caller adds the reasons. */
void profile_set(struct profile *profile, unsigned int abi, unsigned int nr,
		 enum profile_state state, int err);
/* Adds a copy of @reason, unless the call has an equal one. */
void profile_add_reason(struct profile *profile, unsigned int abi, unsigned int nr,
			const struct reason *reason);
/* Adds a reason of the first origin, with the evidence in words. */
void profile_say(struct profile *profile, unsigned int abi, unsigned int nr,
		 enum reason_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/*
 * Allows a call because of this evidence. A call that the profile names and refuses stays
 * refused, and one that is allowed stays allowed; either only gets the reason.
 */
void profile_allow(struct profile *profile, unsigned int abi, unsigned int nr,
		   enum reason_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Allows the lifelines, which no process can do without, in every ABI. */
void profile_add_lifelines(struct profile *profile);
/* Makes soft (ENOSYS) every soft or newer call (see soft.h) about which it says nothing. */
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

/* The answer to a call about which the profile says nothing: an errno, or PROFILE_KILLS. */
int profile_fallback(const struct profile *profile);
/*
 * The errno of the profile's default refusal, or -1 if the profile has none. If the profile
 * refuses with an errno but does not say which, it is EPERM, as the runtime specification says.
 */
int profile_errno(const struct profile *profile);
/* The final answer to a call: 0 if it is allowed, an errno, or PROFILE_KILLS. */
int profile_answer(const struct profile *profile, unsigned int abi, unsigned int nr);

/*
 * The values of a selector are a statement about calls of all ABIs, see values.h. Adds a rule
 * because of this evidence, of the first origin, as values_add() does: nothing happens where any
 * value may be used.
 */
bool profile_add_value(struct profile *profile, unsigned int selector,
		       const struct scmod_value_rule *rule, enum reason_kind kind,
		       const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Whether the profile allows the selector's call in any ABI. */
bool profile_selects(const struct profile *profile, unsigned int selector);
/* The final answer to a call with that value, as from profile_answer(). */
int profile_value_answer(const struct profile *profile, unsigned int abi,
			 unsigned int selector, uint64_t value);

/* The first reason of that kind, or NULL. */
const struct reason *profile_reason(const struct profile *profile, unsigned int abi,
				    unsigned int nr, enum reason_kind kind);
/* The calls in that state. */
struct bitmap profile_calls(const struct profile *profile, unsigned int abi,
			    enum profile_state state);
/* Calls that the tool added: they are allowed, but were not seen, and no file names them. */
struct bitmap profile_added(const struct profile *profile, unsigned int abi);
/*
 * Whether the profile says nothing about the number, and no kernel that this tool knows has a
 * call of that number.
 */
bool profile_unknown(const struct profile *profile, unsigned int abi, unsigned int nr);
/*
 * The allowed and soft sets of each ABI, as they are sent to the module. Unknown numbers are
 * soft: a program that tries a call of a future kernel gets the answer that it would get from
 * the kernels of today, also on a kernel that has the call.
 */
void profile_sets(const struct profile *profile, struct abi_sets *sets);

/* Whether the profile allows more in that ABI than the lifelines. */
bool profile_uses(const struct profile *profile, unsigned int abi);
/* Whether the profile allows nothing but lifelines in every ABI. */
bool profile_empty(const struct profile *profile);
/* The value of the field "format" in scmod's own JSON form, and in that of before it had values. */
#define PROFILE_FORMAT "scmod-profile-3"
#define PROFILE_FORMAT_2 "scmod-profile-2"

/* "errno" or "kill"; @action is enum scmod_action. */
const char *profile_action_name(uint32_t action);

/* Whether any of the records is partial: learning began on running tasks. */
bool profile_partial(const struct profile *profile);

/* The explanation of a partial record, for messages. */
#define PROFILE_PARTIAL_WHY \
	"partial: learning began on running tasks, so their start-up calls were not seen"
/* Whether the profile allows io_uring in any ABI, and the explanation of that, for messages. */
bool profile_has_io_uring(const struct profile *profile);
#define PROFILE_IO_URING_WHY \
	"io_uring_setup is allowed; io_uring does work without making system calls, so scmod neither sees nor stops that work"
/* Adds warnings about what a person should know before relying on the profile. */
void profile_warn(const struct profile *profile, struct messages *messages);

#endif /* CTL_PROFILE_H */
