/* SPDX-License-Identifier: GPL-2.0 */
/* Calls that give their caller control of the machine, or bring the caller nearer to it. */
#ifndef CTL_DANGEROUS_H
#define CTL_DANGEROUS_H

#include <stddef.h>

/**
 * enum danger - how dangerous a profile is that allows the call
 * @DANGER_GREAT: the caller controls the machine, or comes a good deal nearer to that
 * @DANGER_SOME: useful in an attack, and seldom needed by a program
 * @DANGER_MOOT: makes other restrictions moot, because other processes, which may be allowed
 *	more, can be made to do what is refused
 * @DANGER_UNSEEN: makes other calls on the caller's behalf, which neither scmod nor a seccomp
 *	filter sees
 * @DANGER_QUIET: nothing worth reporting, but inference never adds it
 */
enum danger {
	DANGER_GREAT,
	DANGER_SOME,
	DANGER_MOOT,
	DANGER_UNSEEN,
	DANGER_QUIET,
};

/**
 * struct dangerous - one dangerous call
 * @name: its name; not every ABI has the call
 * @group: the group that it belongs to. families.txt names groups of calls that no rule may
 *	add.
 * @danger: how dangerous it is
 * @why: completes a sentence that begins with "it"; NULL with @DANGER_QUIET
 */
struct dangerous {
	const char *name;
	const char *group;
	enum danger danger;
	const char *why;
};

/* The calls of one group stand together. */
extern const struct dangerous dangerous_calls[];
extern const size_t nr_dangerous_calls;

/* Why no call of @group is ever inferred; completes a sentence that begins with "it". */
const char *dangerous_group_why(const char *group);

#endif /* CTL_DANGEROUS_H */
