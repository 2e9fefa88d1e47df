/* SPDX-License-Identifier: GPL-2.0 */
/* A profile on its way out: what dump and merge have in common. */
#ifndef CTL_WRITER_H
#define CTL_WRITER_H

#include "format.h"

/*
 * Write @out->profile in that form, to @file or, if that is NULL, to standard
 * output; all of it or nothing. Says on stderr what a person should know of it.
 */
int writer_write(struct output *out, const struct format *format, const char *file);

#endif /* CTL_WRITER_H */
