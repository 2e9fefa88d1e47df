/* SPDX-License-Identifier: GPL-2.0 */
/* Reads profiles, those of 'scmod dump' and those of others. */
#ifndef CTL_READER_H
#define CTL_READER_H

#include "base/message.h"
#include "profile/profile.h"
#include "read/options.h"

/* The largest size of a profile's file, in bytes. */
#define READER_MAX (4 * 1024 * 1024)

struct oci;

/*
 * Reads a profile for Docker or an OCI runtime, scmod's own JSON, or a list. Errors and notes
 * are added to @messages. Returns an exit code. If it is EXIT_DONE, @profile is to be freed;
 * otherwise it is NULL, and @messages has an error. The profile holds only what the file
 * says: no lifelines are added, and a call is soft only if the file says so.
 */
int profile_read(const char *path, const struct reader_options *options,
		 struct messages *messages, struct profile **profile);
/*
 * The same for a file that is in memory: @text has @len bytes, followed by a NUL. The
 * contents of @text are destroyed.
 */
int profile_read_text(const char *path, char *text, size_t len,
		      const struct reader_options *options, struct messages *messages,
		      struct profile **profile);
/*
 * The same for finding mistakes. For a profile for Docker or an OCI runtime, @oci gets the
 * collected contents, including mistakes, and @profile is NULL. For other forms @oci is NULL.
 */
int profile_inspect(const char *path, char *text, size_t len, struct messages *messages,
		    struct profile **profile, struct oci **oci);

#endif /* CTL_READER_H */
