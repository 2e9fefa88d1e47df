/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The floor: default profiles of containers. What they refuse, inference does not add, so that
 * a profile that replaces one of them opens nothing that it kept shut, unless it was seen.
 *
 * The built-in floor is what both Podman's and Docker's default profile allow: podman.txt and
 * docker.txt, which update-floor.py makes. Their entries:
 *
 *	allow: CALL...		the calls are allowed
 *	allow CAP !CAP: CALL...	if the program has the first capability, but not the second
 *	allow: CALL(VALUE)...	the call is allowed with these values (see selector.h) only
 *	refuse: CALL(VALUE)...	the call is refused with these values, whatever an allow says
 *
 * What no entry allows is refused.
 */
#ifndef CTL_FLOOR_H
#define CTL_FLOOR_H

#include "profile/profile.h"

/*
 * The capabilities that a container gets without options: default_capabilities of
 * /usr/share/containers/containers.conf of Debian's golang-github-containers-common.
 */
#define FLOOR_CAPS								\
	"CAP_CHOWN,CAP_DAC_OVERRIDE,CAP_FOWNER,CAP_FSETID,CAP_KILL,"		\
	"CAP_NET_BIND_SERVICE,CAP_SETFCAP,CAP_SETGID,CAP_SETPCAP,CAP_SETUID,"	\
	"CAP_SYS_CHROOT"

struct floor;

/*
 * Reads the floor that @word names: NULL or "default" is the built-in one, "none" is none, and
 * stores NULL; any other word is the file of a profile. It is read for a program that has the
 * capabilities @caps, one bit for each. Prints errors and returns an exit code. Release with
 * floor_free(), which takes NULL, too.
 */
int floor_read(const char *verb, const char *word, uint64_t caps, struct floor **floor);
void floor_free(struct floor *floor);

/*
 * Why the floor refuses the call whatever its arguments are: "Docker's default profile refuses it
 * without CAP_SYS_ADMIN"; to be freed. NULL if the floor allows it, at least with some arguments.
 */
char *floor_refusal(const struct floor *floor, unsigned int abi, unsigned int nr);
/* The same for the values of a rule: NULL if the floor allows all of them. */
char *floor_value_refusal(const struct floor *floor, unsigned int selector,
			  const struct scmod_value_rule *rule);

/**
 * struct floor_before - what a profile allowed before something was inferred
 * @calls: the calls that were allowed
 * @values: the values
 */
struct floor_before {
	struct bitmap calls[NR_ABIS];
	struct value_set values[NR_SELECTORS];
};

/* Notes what @profile allows now. Release with floor_forget(). */
void floor_note(struct floor_before *before, const struct profile *profile);
void floor_forget(struct floor_before *before);

/*
 * Refuses in @profile what the floor refuses, unless it was allowed in @before already. Each
 * reason that a call had becomes a reason of kind REASON_FLOOR. If a call was added, and nothing is
 * said about its values, the floor's own are allowed.
 */
void floor_hold(const struct floor *floor, struct profile *profile,
		const struct floor_before *before);

/*
 * The calls and values that the profile allows and the floor refuses, as a list for messages; to
 * be freed. NULL if there are none. @seen: only those that were seen.
 */
char *floor_beyond(const struct floor *floor, const struct profile *profile, bool seen);
/* Calls @fn with each of them: "bpf", "i386:iopl", "socket(AF_ALG)", "socket(*)". */
void floor_each_beyond(const struct floor *floor, const struct profile *profile, bool seen,
		       void (*fn)(const char *what, void *data), void *data);

#endif /* CTL_FLOOR_H */
