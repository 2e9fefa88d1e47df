/* SPDX-License-Identifier: GPL-2.0 */
/* Reading of profiles that others, or dump, wrote. */
#ifndef CTL_READER_H
#define CTL_READER_H

#include "base/message.h"
#include "profile/profile.h"
#include "read/options.h"

/* Most bytes of a profile's file. */
#define READER_MAX (4 * 1024 * 1024)

struct oci;

/*
 * A profile for Docker or an OCI runtime, scmod's own JSON, or a list. What there is to
 * say of it is added to @messages. Returns an exit code; @profile is to be freed if that
 * is EXIT_DONE, else NULL, and an error in @messages says why. It holds just what the file
 * says: no lifelines, nothing soft but what it calls so.
 */
int profile_read(const char *path, const struct reader_options *options,
		 struct messages *messages, struct profile **profile);
/* The same of a file that was read: @text is its @len bytes, with a NUL behind; it is spoilt. */
int profile_read_text(const char *path, char *text, size_t len,
		      const struct reader_options *options, struct messages *messages,
		      struct profile **profile);
/*
 * The same for who looks for mistakes. Of a profile for Docker or an OCI runtime, @oci is
 * what was collected, with its mistakes, and @profile NULL; of others @oci is NULL.
 */
int profile_inspect(const char *path, char *text, size_t len, struct messages *messages,
		    struct profile **profile, struct oci **oci);

#endif /* CTL_READER_H */
