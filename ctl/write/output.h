/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile on its way out, and the functions that write it: one for each form. What
 * they share is here, so that none of them needs the table of forms in format.h.
 */
#ifndef CTL_WRITE_OUTPUT_H
#define CTL_WRITE_OUTPUT_H

#include <stdio.h>

#include "base/message.h"
#include "profile/profile.h"

/**
 * struct output - one profile on its way out
 * @to: where it goes
 * @profile: what is written
 * @name: of the cgroup or file that it comes from
 * @messages: what a person should know of it is added there
 */
struct output {
	FILE *to;
	const struct profile *profile;
	const char *name;
	struct messages *messages;
};

/*
 * Each writes all of @out's profile, adds what the form can't carry to the messages, and
 * returns an exit code. An error of writing is left to be found at @out->to.
 */
int format_write_oci(const struct output *out);
int format_write_docker(const struct output *out);
int format_write_spo(const struct output *out);
int format_write_systemd(const struct output *out);
int format_write_bpf(const struct output *out);
int format_write_pfc(const struct output *out);
int format_write_list(const struct output *out);
int format_write_own(const struct output *out);

#endif /* CTL_WRITE_OUTPUT_H */
