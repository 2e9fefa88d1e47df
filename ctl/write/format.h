/* SPDX-License-Identifier: GPL-2.0 */
/* The forms in which a profile is written: a table, one file per family. */
#ifndef CTL_FORMAT_H
#define CTL_FORMAT_H

#include <stdio.h>

#include "profile/profile.h"

/* What scmod's own JSON calls itself. */
#define FORMAT_OWN "scmod-profile-2"

/**
 * struct output - one profile on its way out
 * @to: where it goes
 * @profile: what is written
 * @verb: for messages
 * @name: of the cgroup or file, for messages
 */
struct output {
	FILE *to;
	const struct profile *profile;
	const char *verb;
	const char *name;
};

/**
 * struct format - one form
 * @name: as --format has it
 * @numbers: it can hold a call that has no name
 * @binary: it is no text
 * @write: writes all of it, and says on stderr what it can't carry; returns an exit
 *	code, and leaves write errors to be found at @to
 */
struct format {
	const char *name;
	bool numbers;
	bool binary;
	int (*write)(const struct output *out);
};

const struct format *format_find(const char *name);
/* All of the names with commas between, for messages (static buffer). */
const char *format_names(void);

int format_write_oci(const struct output *out);
int format_write_docker(const struct output *out);
int format_write_spo(const struct output *out);
int format_write_systemd(const struct output *out);
int format_write_bpf(const struct output *out);
int format_write_pfc(const struct output *out);
int format_write_list(const struct output *out);
int format_write_own(const struct output *out);

#endif /* CTL_FORMAT_H */
