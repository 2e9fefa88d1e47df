/* SPDX-License-Identifier: GPL-2.0 */
/* Reading of profiles that others, or dump, wrote. */
#ifndef CTL_READER_H
#define CTL_READER_H

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

/* The values of --args and --cap (NULL: not given); prints, returns an exit code. */
int reader_parse_options(const char *verb, const char *args, const char *caps,
			 struct reader_options *options);

/*
 * A profile for Docker or an OCI runtime, scmod's own JSON, or a list. @what goes
 * before the path in messages: "enforce --profile". Prints its errors; @profile is
 * to be freed if it returns EXIT_DONE, else NULL. It holds just what the file
 * says: no lifelines, nothing soft but what it calls so.
 */
int profile_read(const char *what, const char *path, const struct reader_options *options,
		 struct profile **profile);
/* The same of a file that was read before: @text is all of it, and is spoilt. */
int profile_read_text(const char *what, const char *path, char *text,
		      const struct reader_options *options, struct profile **profile);

#endif /* CTL_READER_H */
