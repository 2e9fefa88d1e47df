/* SPDX-License-Identifier: GPL-2.0 */
/* Calls that give away the machine, or much of it, to who may make them. */
#ifndef CTL_DANGEROUS_H
#define CTL_DANGEROUS_H

#include <stddef.h>

/**
 * enum danger - what becomes of a profile that allows the call
 * @DANGER_GREAT: who makes it has the machine, or is a good deal nearer to that
 * @DANGER_SOME: it is of use to an attack, and seldom to a program
 * @DANGER_MOOT: it makes refusing others moot, as it has them made elsewhere
 * @DANGER_UNSEEN: it makes other calls, which nothing sees
 * @DANGER_QUIET: nothing worth telling, but it is never inferred
 */
enum danger {
	DANGER_GREAT,
	DANGER_SOME,
	DANGER_MOOT,
	DANGER_UNSEEN,
	DANGER_QUIET,
};

/**
 * struct dangerous - one call
 * @name: its name; some ABIs lack it
 * @group: what it has in common with others; by this name a rule of inference never
 *	adds it, see families.txt
 * @danger: how dangerous it is
 * @why: behind "it"; NULL with @DANGER_QUIET
 */
struct dangerous {
	const char *name;
	const char *group;
	enum danger danger;
	const char *why;
};

/* Those of a group stand together. */
extern const struct dangerous dangerous_calls[];
extern const size_t nr_dangerous_calls;

/* Why none of that group is inferred, behind "it". */
const char *dangerous_group_why(const char *group);

#endif /* CTL_DANGEROUS_H */
