/* SPDX-License-Identifier: GPL-2.0 */
/* Finds ways that a policy leaves around what it refuses. */
#ifndef CTL_AROUND_H
#define CTL_AROUND_H

#include "base/message.h"
#include "kernel/policy.h"

/* Adds a message for each asynchronous way to do what the policy does not allow. */
void around_warn(const struct policy *policy, struct messages *messages);

#endif /* CTL_AROUND_H */
