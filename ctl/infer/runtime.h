/* SPDX-License-Identifier: GPL-2.0 */
/* The calls that a container runtime makes itself after it has loaded the filter. */
#ifndef CTL_RUNTIME_H
#define CTL_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

#include "infer/item.h"

/* Whether --runtime takes that name: a runtime in runtimes.txt, or "any". */
bool runtime_known(const char *name);
/* All names that --runtime takes, for messages (static buffer). */
const char *runtime_names(void);

/* Whether a container runtime loads profiles of that --format. */
bool runtime_takes(const char *format);

/*
 * Whether @runtime makes @call itself after it has loaded the filter; if so, @why gets the
 * evidence.
 */
bool runtime_calls(const char *runtime, const char *call, char *why, size_t size);

/* The values of @call that @runtime uses then; an empty array if none is known. To be freed. */
struct item *runtime_values(const char *runtime, const char *call);

#endif /* CTL_RUNTIME_H */
