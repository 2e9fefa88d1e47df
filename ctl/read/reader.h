/* SPDX-License-Identifier: GPL-2.0 */
/* Reading of profiles that others, or dump, wrote. */
#ifndef CTL_READER_H
#define CTL_READER_H

#include "base/message.h"
#include "profile/profile.h"

/* Most bytes of a profile's file. */
#define READER_MAX (4 * 1024 * 1024)

/**
 * enum reader_args - what becomes of a rule that looks at arguments
 * @READER_ARGS_FAIL: the profile is not read
 * @READER_ARGS_WIDEN: the call is allowed if any rule allows it for some arguments
 * @READER_ARGS_NARROW: the call is refused unless it is allowed for all arguments
 */
enum reader_args {
	READER_ARGS_FAIL,
	READER_ARGS_WIDEN,
	READER_ARGS_NARROW,
};

/**
 * struct reader_options - what a profile leaves to whoever applies it
 * @args: what becomes of rules that look at arguments
 * @caps: the capabilities that the program has, a bit for each
 */
struct reader_options {
	enum reader_args args;
	uint64_t caps;
};

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
