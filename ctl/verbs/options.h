/* SPDX-License-Identifier: GPL-2.0 */
/* Options that several verbs share, and the interpretation of their values. */
#ifndef CTL_OPTIONS_H
#define CTL_OPTIONS_H

#include "infer/infer.h"
#include "read/reader.h"
#include "verbs/verb.h"

/* The options that every verb accepts, before the verb, too; ended by NULL. */
extern const struct opt *const common_opts[];

extern const struct opt opt_json;
extern const struct opt opt_json_form;
extern const struct opt opt_infer;
extern const struct opt opt_infer_record;
extern const struct opt opt_families;
extern const struct opt opt_floor;
extern const struct opt opt_userland;
extern const struct opt opt_runtime;
extern const struct opt opt_args;
extern const struct opt opt_cap;
extern const struct opt opt_output;
extern const struct opt opt_format;

/*
 * Options of the verbs that read profiles and write one, and which of them exclude each
 * other.
 */
extern const struct opt *const opts_write[];
extern const struct clash clashes_write[];

/* The options that decide what is inferred. */
struct infer_wish options_infer(const struct args *args);
/*
 * Parses the values of --args and --cap (NULL: not given). Prints errors and returns an exit
 * code.
 */
int reader_parse_options(const char *verb, const char *args, const char *caps,
			 struct reader_options *options);
/* Parses the values of --args and --cap. Prints errors and returns an exit code. */
int options_reader(const struct args *args, struct reader_options *options);

/*
 * Checks the options for files and for records against the first @words words, which name
 * profiles: an option without effect is an error. Returns an exit code.
 */
int options_fit(const struct args *args, int words);

#endif /* CTL_OPTIONS_H */
