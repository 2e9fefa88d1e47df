/* SPDX-License-Identifier: GPL-2.0 */
/* The policy of a container, from the hook at its start to the hook at its end. */
#ifndef CTL_OCI_POLICY_H
#define CTL_OCI_POLICY_H

#include "verbs/oci_wish.h"

/*
 * At the start: makes the policy, which begins when the container's process executes its program.
 * Prints errors and returns an exit code.
 */
int oci_policy_start(struct oci_state *state, const struct oci_wish *wish);

/*
 * At the end: writes what was learned, or reports what was refused, and forgets the policy.
 * Prints errors and returns an exit code.
 */
int oci_policy_stop(const struct oci_state *state, const struct oci_wish *wish);

#endif /* CTL_OCI_POLICY_H */
