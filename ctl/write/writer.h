/* SPDX-License-Identifier: GPL-2.0 */
/* What was asked for on its way out: what dump, merge and report have in common. */
#ifndef CTL_WRITER_H
#define CTL_WRITER_H

#include "write/format.h"

/*
 * Write @out->profile in that form, to @file or, if that is NULL, to standard
 * output; all of it or nothing. What a person should know of it is added to
 * @out->messages, an error too. Returns an exit code.
 */
int writer_write(struct output *out, const struct format *format, const char *file);

/*
 * What @write, which returns an exit code, puts to @to, to @file or standard output;
 * all of it or nothing. Adds an error to @messages if that fails.
 */
int writer_whole(struct messages *messages, const char *file,
		 int (*write)(FILE *to, void *data), void *data);

#endif /* CTL_WRITER_H */
