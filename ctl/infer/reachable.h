/* SPDX-License-Identifier: GPL-2.0 */
/* Which calls may be inferred at all: those to which the code of the programs leads. */
#ifndef CTL_REACHABLE_H
#define CTL_REACHABLE_H

#include "infer/families.h"
#include "infer/imports.h"
#include "profile/profile.h"

/**
 * struct reachable - the calls of x86-64 that may be inferred
 * @state: CEILING_COMPLETE: only those in @calls; otherwise any, for that reason
 * @what: what the reason is about
 * @calls: see @state
 * @ceiling: what was found in the files; NULL if they were not looked at
 */
struct reachable {
	enum ceiling_state state;
	char what[CEILING_TEXT];
	struct bitmap calls;
	const struct ceiling *ceiling;
};

/*
 * Finds out which calls may be inferred in @profile; @imports may be NULL. With @later, the calls
 * of the tools of a userland count as reachable if a program can start others.
 */
void reachable_find(struct reachable *reachable, const struct profile *profile,
		    const struct imports *imports, const struct families *families, bool later);
/* Whether the call is out of reach. @reachable may be NULL. */
bool reachable_lacks(const struct reachable *reachable, unsigned int abi, unsigned int nr);

/* Gives each call that the profile allows or names a reason with the way to it, for 'explain'. */
void reachable_say_ways(const struct reachable *reachable, struct profile *profile);
/* Prints a note if it is not known which calls are out of reach. */
void reachable_tell(const struct reachable *reachable, const char *verb, const char *name);

#endif /* CTL_REACHABLE_H */
