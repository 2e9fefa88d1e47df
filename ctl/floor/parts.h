/* SPDX-License-Identifier: GPL-2.0 */
/* What a floor is made of; for the files of this folder only. */
#ifndef CTL_FLOOR_PARTS_H
#define CTL_FLOOR_PARTS_H

#include "profile/profile.h"

/**
 * struct part - one of the profiles that a floor is made of
 * @name: its name in messages
 * @caps: the capabilities that the program has
 * @profile: what it says. A call that it refuses may have reasons of kind REASON_NEVER: the
 *	capabilities with which it would allow the call
 */
struct part {
	char *name;
	uint64_t caps;
	struct profile *profile;
};

#define MOST_PARTS 2

/**
 * struct floor - what all parts allow, a floor allows
 * @part: the parts
 * @count: number of parts
 */
struct floor {
	struct part part[MOST_PARTS];
	size_t count;
};

#endif /* CTL_FLOOR_PARTS_H */
