/* SPDX-License-Identifier: GPL-2.0 */
/* What a profile leaves to whoever applies it. */
#ifndef CTL_READ_OPTIONS_H
#define CTL_READ_OPTIONS_H

#include <stdint.h>

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

#endif /* CTL_READ_OPTIONS_H */
