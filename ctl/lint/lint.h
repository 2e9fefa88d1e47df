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
 * struct verdict - what finally happens to an x86_64 call
 * @err: 0 if the call is allowed; an errno; or PROFILE_KILLS
 * @where: place of the rule that decides, or NULL if it is the default action
 */
struct verdict {
	int err;
	char *where;
};

/**
 * struct verdicts - what finally happens to all calls
 * @call: the verdicts, by number
 */
struct verdicts {
	struct verdict call[SCMOD_NR_BITS];
};

/* Checks how an OCI or Docker profile is written, beyond what the reader checks. */
void lint_oci(struct lint *lint, const struct oci *oci);
/* Checks the comparisons of arguments in the rule at @where. */
void lint_args(struct lint *lint, json_object *list, const char *where);
/* Checks the effect of the profile: what it finally allows and refuses. */
void lint_calls(struct lint *lint, const struct verdicts *verdicts);

#endif /* CTL_LINT_H */
