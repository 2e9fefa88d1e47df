/* SPDX-License-Identifier: GPL-2.0 */
/* What a container's annotations ask for. */
#ifndef CTL_OCI_WISH_H
#define CTL_OCI_WISH_H

#include <stdbool.h>

#include "verbs/oci_state.h"

/* Where what containers of a name were learned to call is kept: NAME.json. */
#define OCI_STORE_DIR "/var/lib/scmod/containers"

/**
 * struct oci_wish - what a container's annotations ask for
 * @mode: &enum scmod_mode, SCMOD_MODE_OFF if they ask for nothing
 * @file: with mode learn: where the profile is to be written, or NULL
 * @base: a profile that @file begins with, or NULL
 * @name: with mode learn: the name under which the record is kept, or NULL
 * @profile: with the other modes: the file of the profile
 * @format: the form of @file, as for --format
 * @args: as for --args, or NULL
 * @keep: whether the policy stays in the module when the container has stopped
 */
struct oci_wish {
	int mode;
	char *file;
	char *base;
	char *name;
	char *profile;
	const char *format;
	const char *args;
	bool keep;
};

/*
 * Reads the annotations. Prints errors and returns an exit code; release @wish in any case. An
 * annotation with an error is not ignored, and neither is an unknown one that begins with
 * io.scmod.: it might have been meant to enforce.
 */
int oci_wish_read(const struct oci_state *state, struct oci_wish *wish);
void oci_wish_release(struct oci_wish *wish);

#endif /* CTL_OCI_WISH_H */
