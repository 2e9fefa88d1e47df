/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile to be written, and the functions that write it, one for each form. They are
 * declared here, so that they need not include the table of forms in format.h.
 */
#ifndef CTL_WRITE_OUTPUT_H
#define CTL_WRITE_OUTPUT_H

#include <stdio.h>

#include "base/message.h"
#include "profile/profile.h"

/**
 * struct output - a profile to be written
 * @to: the stream to write to
 * @profile: the profile
 * @name: name of the cgroup or file from which the profile comes
 * @messages: gets what a person should know about the written file
 */
struct output {
	FILE *to;
	struct profile *profile;
	const char *name;
	struct messages *messages;
};

/*
 * Each function writes all of @out's profile, adds a message for each thing that the form
 * can't hold, and returns an exit code. A write error is left to be found at @out->to.
 */
int format_write_oci(const struct output *out);
int format_write_docker(const struct output *out);
int format_write_spo(const struct output *out);
int format_write_systemd(const struct output *out);
int format_write_bpf(const struct output *out);
int format_write_pfc(const struct output *out);
int format_write_list(const struct output *out);
int format_write_own(const struct output *out);

/* What format_write_own() writes into its object, written into one that is begun already. */
void format_own_members(const struct profile *profile);

#endif /* CTL_WRITE_OUTPUT_H */
