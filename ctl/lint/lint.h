/* SPDX-License-Identifier: GPL-2.0 */
/* The findings of scmod lint, and what its parts share. */
#ifndef CTL_LINT_H
#define CTL_LINT_H

#include "base/message.h"
#include "profile/profile.h"
#include "read/oci.h"

/**
 * struct lint - the state of checking a file
 * @found: the findings. Error: something does not work, or not as written. Warning: programs
 *	break, or the profile protects less than it seems to. Remark or note: worth knowing.
 * @unknown: number of unknown names
 */
struct lint {
	struct messages found;
	size_t unknown;
};

/* @where: a path in the JSON, or a line. @todo: what to do about the finding; never NULL. */
#define lint_add(lint, kind, where, todo, fmt, ...)			\
	messages_add(&(lint)->found, kind, where, todo, fmt, ##__VA_ARGS__)

/**
 * struct verdict - what finally happens to a call
 * @err: 0 if the call is allowed; an errno; or PROFILE_KILLS
 * @partly: @err is for some arguments only, and with others the call is allowed
 * @where: place of the rule that decides, or NULL if it is the default action
 */
struct verdict {
	int err;
	bool partly;
	char *where;
};

/**
 * struct verdicts - what finally happens to all calls
 * @call: the verdicts, by ABI and number
 * @covers: the ABIs for which the profile is meant
 * @restricted: the selectors of which not all values may be used
 */
struct verdicts {
	struct verdict call[NR_ABIS][SCMOD_NR_BITS];
	bool covers[NR_ABIS];
	bool restricted[NR_SELECTORS];
};

void verdicts_free(struct verdicts *verdicts);
/* The place to name in a finding about the call. */
const char *verdict_place(const struct verdict *verdict);

/* Checks how an OCI or Docker profile is written, beyond what the reader checks. */
void lint_oci(struct lint *lint, const struct oci *oci);
/* Checks the comparisons of arguments in the rule at @where. */
void lint_args(struct lint *lint, json_object *list, const char *where);
/* Checks whether the rules that compare arguments of selectors do what they seem to. */
void lint_oci_values(struct lint *lint, const struct oci *oci);
/* Checks the values that a profile of another form lists. */
void lint_profile_values(struct lint *lint, const struct profile *profile);
/* Checks whether calls get around the values that the profile restricts. */
void lint_values(struct lint *lint, const struct verdicts *verdicts);
/* Checks the effect of the profile: what it finally allows and refuses to x86_64 programs. */
void lint_calls(struct lint *lint, const struct verdicts *verdicts);
/* Checks whether container runtimes can start programs under the profile. */
void lint_runtime(struct lint *lint, const struct verdicts *verdicts);
/* Checks whether programs can start under the profile. */
void lint_start(struct lint *lint, const struct verdicts *verdicts);

#endif /* CTL_LINT_H */
