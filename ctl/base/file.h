/* SPDX-License-Identifier: GPL-2.0 */
/* Whole files in, whole files out. */
#ifndef CTL_FILE_H
#define CTL_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* "-": standard input, or standard output. A file of that name is "./-". */
bool file_is_stream(const char *path);

/* The text of a file of up to @max bytes, to be freed; NULL with errno set
 * (EFBIG: too large; EILSEQ: it holds a NUL, so it is no text; ETIMEDOUT: a pipe
 * whose writer is silent; EAGAIN: a process holds a lease on it).
 */
char *file_read(const char *path, size_t max);
/* The same of any bytes; @len of them, and a NUL behind. */
char *file_read_bytes(const char *path, size_t max, size_t *len);
/* The same of a regular file, for paths that nobody has named on the command line. */
char *file_read_regular(const char *path, size_t max);
/*
 * All of @data or, on failure, the file as it was. Returns 0 or -1 with errno set.
 * Devices, pipes, "-" and links that stand for an open file (/dev/stdout) are written
 * to; another file is replaced in one step, or overwritten if it can't be replaced.
 */
int file_write(const char *path, const char *data, size_t len);

#endif /* CTL_FILE_H */
