/* SPDX-License-Identifier: GPL-2.0 */
/* Prints reasons, for 'scmod explain'. */
#ifndef CTL_EXPLAIN_REASON_H
#define CTL_EXPLAIN_REASON_H

#include "profile/reason.h"

/* Prints one reason, in an array of them; as text, on a line after @indent. */
void explain_reason(const struct reason *reason, const char *indent);
/* Prints the array "reasons"; as text, a line for each, after @indent. */
void explain_reasons(const struct reason *reason, size_t count, const char *indent);

#endif /* CTL_EXPLAIN_REASON_H */
