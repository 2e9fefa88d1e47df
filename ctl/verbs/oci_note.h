/* SPDX-License-Identifier: GPL-2.0 */
/* What the hook at a container's start leaves for the hook at its end, in a file. */
#ifndef CTL_OCI_NOTE_H
#define CTL_OCI_NOTE_H

#include <stdint.h>

#include "verbs/oci_state.h"

/**
 * struct oci_note - what is left
 * @policy: the id of the container's policy
 * @runtime: the name of the runtime, or "any" if it is not known
 */
struct oci_note {
	uint64_t policy;
	char runtime[16];
};

/* Returns 0 or a negative errno value. */
int oci_note_write(const struct oci_state *state, const struct oci_note *note);
/* Reads the file and removes it. Returns 0 or a negative errno value. */
int oci_note_take(const struct oci_state *state, struct oci_note *note);

#endif /* CTL_OCI_NOTE_H */
