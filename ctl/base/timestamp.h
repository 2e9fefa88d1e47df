/* SPDX-License-Identifier: GPL-2.0 */
/* Points in time, as shown to people and in JSON. */
#ifndef CTL_TIMESTAMP_H
#define CTL_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

/* The precision of the module's timestamps, in nanoseconds. */
#define TIMESTAMP_STEP UINT64_C(100000000)

/* "2026-01-31T12:00:00.5Z" of nanoseconds since the epoch (static buffer). */
const char *timestamp_text(uint64_t ns);
/* The inverse; false if @text is not a point in time in this form. */
bool timestamp_value(const char *text, uint64_t *ns);

/* Nanoseconds since the epoch. */
uint64_t timestamp_now(void);

/* Milliseconds of CLOCK_MONOTONIC, for deadlines. */
int64_t timestamp_monotonic(void);

#endif /* CTL_TIMESTAMP_H */
