/* SPDX-License-Identifier: GPL-2.0 */
/* The calls that a container runtime makes itself where a filter, or a policy, sees them. */
#ifndef CTL_RUNTIME_H
#define CTL_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

#include "infer/item.h"

/* Whether --runtime takes that name: a runtime in runtimes.txt, or "any". */
bool runtime_known(const char *name);
/* All names that --runtime takes, for messages (static buffer). */
const char *runtime_names(void);

/**
 * enum runtime_scope - where a runtime's own calls are seen
 * @RUNTIME_FILTER: after it has loaded the filter, when it starts a container or executes a
 *	command in one
 * @RUNTIME_EXEC: that, and what is made in the container's cgroup when a command is executed in it:
 *	a policy sees all from the moment of joining
 * @RUNTIME_START: all that, and what is made there when the container is started
 */
enum runtime_scope {
	RUNTIME_FILTER,
	RUNTIME_EXEC,
	RUNTIME_START,
};

/* Whether a container runtime loads profiles of that --format. */
bool runtime_takes(const char *format);

/*
 * Whether @runtime makes @call itself, within @scope; if so, and unless @size is 0, @why gets the
 * evidence.
 */
bool runtime_calls(const char *runtime, enum runtime_scope scope, const char *call, char *why,
		   size_t size);

/* The values of @call that @runtime uses then; an empty array if none is known. To be freed. */
struct item *runtime_values(const char *runtime, enum runtime_scope scope, const char *call);

/*
 * For each runtime and version that was measured, one after the other: stores its name and version
 * ("runc 1.1.5+ds1") in @name; @at is 0 before the first. Returns false after the last.
 */
bool runtime_next(size_t *at, char *name, size_t size);
/* The call number @n of those that @name, as of runtime_next(), makes after the filter; or NULL. */
char *runtime_call(const char *name, size_t n);

#endif /* CTL_RUNTIME_H */
