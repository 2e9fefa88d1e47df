/* SPDX-License-Identifier: GPL-2.0 */
/* What scmod lint finds, and what its parts have in common. */
#ifndef CTL_LINT_H
#define CTL_LINT_H

#include <json-c/json.h>

#include "profile/profile.h"

/**
 * enum lint_severity - how bad it is
 * @LINT_ERROR: it does not work, or not as written
 * @LINT_WARNING: programs break under it, or it protects less than it seems to
 * @LINT_REMARK: worth knowing
 */
enum lint_severity {
	LINT_ERROR,
	LINT_WARNING,
	LINT_REMARK,
};

/**
 * struct finding - one
 * @severity: how bad
 * @where: path in the JSON, or a line
 * @what: is wrong
 * @todo: about it
 */
struct finding {
	enum lint_severity severity;
	char *where;
	char *what;
	char *todo;
};

/**
 * struct lint - a file being looked at
 * @finding: what was found, in the order of the file
 * @count: how many
 * @unknown: how many names were none
 */
struct lint {
	struct finding *finding;
	size_t count;
	size_t unknown;
};

void lint_add(struct lint *lint, enum lint_severity severity, const char *where,
	      const char *todo, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/**
 * struct verdict - what becomes of an x86_64 call in the end
 * @err: 0: it passes; an errno; or PROFILE_KILLS
 * @where: of the rule that says so, or NULL if none does
 * @usual: that rule does what is done by default, so that runtimes pass over it
 */
struct verdict {
	int err;
	char *where;
	bool usual;
};

/**
 * struct verdicts - of all calls
 * @call: by number
 */
struct verdicts {
	struct verdict call[SCMOD_NR_BITS];
};

/* How the file is written: an OCI or Docker profile. Fills @verdicts. */
void lint_oci(struct lint *lint, json_object *root, struct verdicts *verdicts);
/* A name that is none, or none here. */
void lint_name(struct lint *lint, const char *where, const char *name);
/* What comes of what is written. */
void lint_calls(struct lint *lint, const struct verdicts *verdicts);

#endif /* CTL_LINT_H */
