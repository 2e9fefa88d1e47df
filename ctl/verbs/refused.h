/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which of the calls that a policy refused may be allowed together, without being named. What
 * runs in the cgroup chooses which calls are refused, so it must not choose what is allowed.
 */
#ifndef CTL_REFUSED_H
#define CTL_REFUSED_H

#include "infer/families.h"
#include "kernel/policy.h"

/**
 * enum refused - whether a refused call may be allowed without being named
 * @REFUSED_PLAIN: it may
 * @REFUSED_NEVER: no, it is one that is never inferred
 * @REFUSED_NAMELESS: no, nobody can tell what the number does: it has no name
 * @REFUSED_UNKNOWN: no, nobody knows who made it: its provenance is lost
 * @REFUSED_HIDDEN: no, its arguments are in memory, so that nobody can see what it does (clone3)
 */
enum refused {
	REFUSED_PLAIN,
	REFUSED_NEVER,
	REFUSED_NAMELESS,
	REFUSED_UNKNOWN,
	REFUSED_HIDDEN,
};

/* @policy must have its records. */
enum refused refused_kind(const struct policy *policy, const struct families *families,
			  unsigned int abi, unsigned int nr);
/* The record of the refusals, or NULL if nobody knows who made the call. */
const struct scmod_record *refused_record(const struct policy *policy, unsigned int abi,
					  unsigned int nr);
/* "never", "nameless" or "unknown", as in JSON. */
const char *refused_name(enum refused kind);
/* Why the call must be named; to be freed. */
char *refused_why(enum refused kind, const struct families *families, unsigned int abi,
		  unsigned int nr);
/* The command that allows the call by name; to be freed. */
char *refused_remedy(const struct policy *policy, unsigned int abi, unsigned int nr);

/* The same for a value that was refused although its call is allowed. */
enum refused refused_value_kind(const struct scmod_value_record *record);
char *refused_value_why(enum refused kind, const struct scmod_value_record *record);
char *refused_value_remedy(const struct policy *policy, const struct scmod_value_record *record);

/*
 * Prints who made a call, or used a value, when it was refused; all is null in JSON if @count is
 * 0: it was not refused, or nobody knows. @time: ns since the epoch.
 */
void refused_print_who(uint32_t count, uint64_t time, const char *comm, uint32_t pid);

#endif /* CTL_REFUSED_H */
