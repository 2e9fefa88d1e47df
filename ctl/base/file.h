/* SPDX-License-Identifier: GPL-2.0 */
/* Reads and writes whole files. */
#ifndef CTL_FILE_H
#define CTL_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* "-" is standard input or output. A file named "-" must be given as "./-". */
bool file_is_stream(const char *path);

/*
 * The text of a file of up to @max bytes, to be freed; NULL with errno set
 * (EFBIG: too large; EILSEQ: it holds a NUL byte, so it is not text; ETIMEDOUT: the
 * writer of a pipe is silent; EAGAIN: a process holds a lease on the file).
 */
char *file_read(const char *path, size_t max);
/*
 * The same, but any bytes are allowed; stores the length in @len and adds a NUL after the
 * bytes.
 */
char *file_read_bytes(const char *path, size_t max, size_t *len);
/* The same, but only for a regular file: for paths that nobody named on the command line. */
char *file_read_regular(const char *path, size_t max);
/*
 * Writes all of @data or, on failure, leaves the file as it was. Returns 0 or -1 with errno
 * set. Devices, pipes, "-" and links that stand for an open file (/dev/stdout) are written
 * to. Any other file is replaced in one step, or overwritten if it can't be replaced.
 */
int file_write(const char *path, const char *data, size_t len);

#endif /* CTL_FILE_H */
