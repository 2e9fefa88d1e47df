/* SPDX-License-Identifier: GPL-2.0 */
/* A profile that is given to a policy with --profile: shared by learn, complain and enforce. */
#ifndef CTL_GIVEN_H
#define CTL_GIVEN_H

#include "kernel/nl.h"
#include "profile/profile.h"
#include "read/reader.h"
#include "verbs/verb.h"

/* What reading such a profile, and inference, have to do with each other. */
#define GIVEN_CLASHES \
	{ OPT_INFER, OPT_PROFILE, false, given_unchanged }, \
	{ OPT_FAMILIES, OPT_PROFILE, false, given_unchanged }, \
	{ OPT_USERLAND, OPT_PROFILE, false, given_unchanged }, \
	{ OPT_RUNTIME, OPT_PROFILE, false, given_unchanged }, \
	GIVEN_NEEDS

#define GIVEN_NEEDS \
	{ OPT_ARGS, OPT_PROFILE, true, "only a profile has rules that check arguments" }, \
	{ OPT_CAP, OPT_PROFILE, true, "only a profile has rules that depend on capabilities" }

#define given_unchanged "a profile is used unchanged"

extern const struct opt opt_profile;

/*
 * Reads the profile in @path ('-': standard input) for @verb. Stores it in @profile, which the
 * caller frees, also after an error. A profile that allows nothing is an error. Prints notes
 * about what a policy can't express. Returns an exit code.
 */
int given_read(const char *verb, const char *path, const struct reader_options *options,
	       struct profile **profile);

/*
 * The same, and makes of it all that a policy needs: adds the lifelines and soft calls, and
 * takes over how it refuses into @change.
 */
int given_policy(const char *verb, const char *path, const struct reader_options *options,
		 struct profile **profile, struct scmod_change *change);

#endif /* CTL_GIVEN_H */
