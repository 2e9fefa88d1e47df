/* SPDX-License-Identifier: GPL-2.0 */
/* Parses the command line. */
#ifndef CTL_ARGS_H
#define CTL_ARGS_H

#include "verbs/verb.h"

/*
 * Parses the options before the verb. Returns the number of arguments parsed, including
 * argv[0]; or, after printing an error, a negative exit code.
 */
int args_parse_common(int argc, char **argv, struct args *args);

/*
 * Parses what follows the verb args->verb; argv[0] is the verb's name. Prints errors and
 * returns an exit code. args_release() frees the words.
 */
int args_parse(int argc, char **argv, struct args *args);
void args_release(struct args *args);

#endif /* CTL_ARGS_H */
