/* SPDX-License-Identifier: GPL-2.0 */
/* From a command line to what it asks for. */
#ifndef CTL_ARGS_H
#define CTL_ARGS_H

#include "verbs/verb.h"

/*
 * The options before the verb: how many arguments they are, with argv[0], or a
 * negative exit code after saying what is wrong.
 */
int args_parse_common(int argc, char **argv, struct args *args);

/*
 * What comes after the verb, args->verb, whose name is argv[0]. Prints its errors,
 * returns an exit code. args_release() frees the words.
 */
int args_parse(int argc, char **argv, struct args *args);
void args_release(struct args *args);

#endif /* CTL_ARGS_H */
