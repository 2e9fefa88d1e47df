/* SPDX-License-Identifier: GPL-2.0 */
/* Settings for reading a profile that the profile itself can't decide. */
#ifndef CTL_READ_OPTIONS_H
#define CTL_READ_OPTIONS_H

#include <stdint.h>

/**
 * enum reader_args - what to do with a rule that checks arguments
 * @READER_ARGS_FAIL: the profile is rejected
 * @READER_ARGS_WIDEN: the call is allowed if any rule allows it for some arguments
 * @READER_ARGS_NARROW: the call is refused unless it is allowed for all arguments
 */
enum reader_args {
	READER_ARGS_FAIL,
	READER_ARGS_WIDEN,
	READER_ARGS_NARROW,
};

/**
 * struct reader_options - settings for reading a profile that the profile itself can't decide
 * @args: what to do with rules that check arguments
 * @caps: the capabilities that the program has, one bit for each
 */
struct reader_options {
	enum reader_args args;
	uint64_t caps;
};

#endif /* CTL_READ_OPTIONS_H */
