/* SPDX-License-Identifier: GPL-2.0 */
/* What was asked for on its way out: what dump, merge and report have in common. */
#ifndef CTL_WRITER_H
#define CTL_WRITER_H

#include "write/format.h"

/*
 * Write @out->profile in that form, to @file or, if that is NULL, to standard
 * output; all of it or nothing. Says on stderr what a person should know of it.
 */
int writer_write(struct output *out, const struct format *format, const char *file);

/*
 * What @write, which returns an exit code, puts to @to, to @file or standard output;
 * all of it or nothing.
 */
int writer_whole(const char *verb, const char *file, int (*write)(FILE *to, void *data),
		 void *data);

#endif /* CTL_WRITER_H */
