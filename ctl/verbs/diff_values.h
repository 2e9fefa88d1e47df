/* SPDX-License-Identifier: GPL-2.0 */
/* The part of diff that is about values of arguments. */
#ifndef CTL_DIFF_VALUES_H
#define CTL_DIFF_VALUES_H

#include <stdbool.h>

#include "profile/profile.h"

/*
 * Prints the values that only one of the profiles allows, of calls that both allow, and those
 * that both refuse, but with different errnos, if @how. Returns whether there are any.
 */
bool diff_values(const struct profile *a, const struct profile *b, bool how);

#endif /* CTL_DIFF_VALUES_H */
