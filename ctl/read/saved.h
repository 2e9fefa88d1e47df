/* SPDX-License-Identifier: GPL-2.0 */
/* Reads files with policies, of 'scmod save' and of people. */
#ifndef CTL_READ_SAVED_H
#define CTL_READ_SAVED_H

#include "base/message.h"
#include "profile/saved.h"

/* The largest size of such a file, in bytes: a thousand policies have about 40 MB. */
#define SAVED_MAX (256 * 1024 * 1024)

/*
 * Reads all of @path ("-": standard input), and the profiles that it names. Errors, with their
 * place in the file, and notes are added to @messages. Returns an exit code; unless that is
 * EXIT_DONE, @file is empty. Otherwise it is to be released. Whether names are names of cgroups
 * is not checked.
 */
int saved_read(const char *path, struct messages *messages, struct saved_file *file);

#endif /* CTL_READ_SAVED_H */
