/* SPDX-License-Identifier: GPL-2.0 */
/* Spans of time, as people write and read them. */
#ifndef CTL_SPAN_H
#define CTL_SPAN_H

#include <stdbool.h>
#include <stdint.h>

/* "45s", "12m", "3h", "9d": a span in its largest whole unit (static buffer). */
const char *span_text(uint64_t seconds);
/* Stores the seconds of "45", "45s", "12m", "3h" or "9d"; false if @text is none, or is 0. */
bool span_value(const char *text, uint64_t *seconds);

#endif /* CTL_SPAN_H */
