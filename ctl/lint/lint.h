/* SPDX-License-Identifier: GPL-2.0 */
/* What scmod lint finds, and what its parts have in common. */
#ifndef CTL_LINT_H
#define CTL_LINT_H

#include "base/message.h"
#include "profile/profile.h"
#include "read/oci.h"

/**
 * struct lint - a file being looked at
 * @found: an error does not work, or not as written; under a warning programs break, or it
 *	protects less than it seems to; a remark or note is worth knowing
 * @unknown: how many names were none
 */
struct lint {
	struct messages found;
	size_t unknown;
};

/* @where: a path in the JSON, or a line. @todo: what to do about it; never NULL. */
#define lint_add(lint, kind, where, todo, fmt, ...)			\
	messages_add(&(lint)->found, kind, where, todo, fmt, ##__VA_ARGS__)

/**
 * struct verdict - what becomes of an x86_64 call in the end
 * @err: 0: it passes; an errno; or PROFILE_KILLS
 * @where: of the rule that says so, or NULL if none does
 */
struct verdict {
	int err;
	char *where;
};

/**
 * struct verdicts - of all calls
 * @call: by number
 */
struct verdicts {
	struct verdict call[SCMOD_NR_BITS];
};

/* How an OCI or Docker profile is written, as far as the reader does not look at it. */
void lint_oci(struct lint *lint, const struct oci *oci);
/* The comparisons of arguments in the rule at @where. */
void lint_args(struct lint *lint, json_object *list, const char *where);
/* What comes of what is written. */
void lint_calls(struct lint *lint, const struct verdicts *verdicts);

#endif /* CTL_LINT_H */
