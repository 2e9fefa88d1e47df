/* SPDX-License-Identifier: GPL-2.0 */
/* What container runtimes call themselves under the filter that they load. */
#ifndef CTL_RUNTIME_H
#define CTL_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>

/* Whether --runtime takes that name: one of runtimes.txt, or "any". */
bool runtime_known(const char *name);
/* For messages: all that --runtime takes (static buffer). */
const char *runtime_names(void);

/* Whether profiles in that --format are for a runtime to load. */
bool runtime_takes(const char *format);

/* Whether @runtime makes @call under its filter; if so, @why gets the evidence. */
bool runtime_calls(const char *runtime, const char *call, char *why, size_t size);

#endif /* CTL_RUNTIME_H */
