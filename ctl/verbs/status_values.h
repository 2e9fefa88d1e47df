/* SPDX-License-Identifier: GPL-2.0 */
/* The part of 'scmod status' that is about values of arguments. */
#ifndef CTL_STATUS_VALUES_H
#define CTL_STATUS_VALUES_H

#include "kernel/policy.h"

/* Prints the values that were used and refused, and the rules of the policy. */
void status_values(const struct policy *policy);

#endif /* CTL_STATUS_VALUES_H */
