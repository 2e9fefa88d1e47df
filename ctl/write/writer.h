/* SPDX-License-Identifier: GPL-2.0 */
/* Writes profiles and reports: shared by dump, merge and report. */
#ifndef CTL_WRITER_H
#define CTL_WRITER_H

#include "write/format.h"

/*
 * Writes @out->profile in that form to @file (NULL: standard output), all of it or nothing.
 * Errors and what a person should know are added to @out->messages. Returns an exit code.
 */
int writer_write(struct output *out, const struct format *format, const char *file);

/*
 * Calls @write, which writes to @to and returns an exit code; then writes the result to @file
 * or standard output, all of it or nothing. On failure, adds an error to @messages.
 */
int writer_whole(struct messages *messages, const char *file,
		 int (*write)(FILE *to, void *data), void *data);

#endif /* CTL_WRITER_H */
