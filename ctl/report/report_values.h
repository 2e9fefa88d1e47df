/* SPDX-License-Identifier: GPL-2.0 */
/* The values of arguments in a report. */
#ifndef CTL_REPORT_VALUES_H
#define CTL_REPORT_VALUES_H

#include "report/surface.h"

/* Whether a report tells of the selector's values: its call is allowed, and they are looked at. */
bool report_values_told(const struct surface *surface, unsigned int selector);
/* The number of rules that allow values. */
unsigned int report_values_allowed(const struct value_set *set);

/* Prints the values that may be used, and what the profile allows beyond the floor. */
void report_print_values(const struct surface *surface);

#endif /* CTL_REPORT_VALUES_H */
