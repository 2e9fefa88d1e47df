/* SPDX-License-Identifier: GPL-2.0 */
/* Tells that commands can't be executed in a container under its policy. */
#ifndef CTL_CONTAINER_H
#define CTL_CONTAINER_H

#include "kernel/policy.h"

/*
 * Prints a note if the policy is that of a container, or of a cgroup in one, and refuses calls that
 * the container's runtime makes there to execute a command in it.
 */
void container_note(const char *verb, const struct policy *policy);

#endif /* CTL_CONTAINER_H */
