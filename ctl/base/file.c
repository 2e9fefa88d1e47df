// SPDX-License-Identifier: GPL-2.0
/* Whole files in, whole files out: nobody ever reads half a profile. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* How long who writes into a pipe that is read may be silent. */
#define SILENCE_MS 30000

/* A pipe or a terminal may take its time, but not for ever; a regular file is ready. */
static bool is_ready(int fd)
{
	struct pollfd file = { .fd = fd, .events = POLLIN };
	int ret;

	do
		ret = poll(&file, 1, SILENCE_MS);
	while (ret < 0 && errno == EINTR);
	if (!ret)
		errno = ETIMEDOUT;
	return ret > 0;
}

static ssize_t read_full(int fd, char *to, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t got;

		if (!is_ready(fd))
			return -1;
		got = read(fd, to + len, size - len);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		len += got;
	}
	return len;
}

/*
 * For reading, without waiting: opening a FIFO would wait for a writer, and opening a file
 * on which a process holds a lease for that process. Where only regular files will
 * do, errno is ENOTSUP for others.
 */
static int open_to_read(const char *path, bool regular)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int err = 0;
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st))
		err = errno;
	else if (regular && !S_ISREG(st.st_mode))
		err = S_ISDIR(st.st_mode) ? EISDIR : ENOTSUP;
	if (!err)
		return fd;
	close(fd);
	errno = err;
	return -1;
}

static char *read_opened(const char *path, size_t max, bool regular)
{
	int fd = open_to_read(path, regular);
	char *text = NULL;
	ssize_t len;

	if (fd < 0)
		return NULL;
	text = malloc(max + 1);
	len = text ? read_full(fd, text, max + 1) : -1;
	if (len >= 0 && (size_t)len > max) {
		errno = EFBIG;
		len = -1;
	}
	close(fd);
	if (len < 0) {
		free(text);
		return NULL;
	}
	text[len] = '\0';
	if (strlen(text) != (size_t)len) {
		errno = EILSEQ;
		free(text);
		return NULL;
	}
	return text;
}

char *file_read(const char *path, size_t max)
{
	return read_opened(path, max, false);
}

char *file_read_regular(const char *path, size_t max)
{
	return read_opened(path, max, true);
}

static int write_full(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t put = write(fd, data, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		data += put;
		len -= put;
	}
	return 0;
}

/* A pipe or a device can't be replaced, only written to. */
static int write_through(const char *path, const char *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -1;
	ret = write_full(fd, data, len);
	if (close(fd))
		ret = -1;
	return ret;
}

static mode_t new_file_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* If it can be: not each directory that can be written can be read. */
static void sync_dir(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* @old: what is replaced, or NULL. It stays whose it was, where we may give it away. */
static int set_owner_and_mode(int fd, const struct stat *old)
{
	bool given = old && !fchown(fd, old->st_uid, old->st_gid);

	return fchmod(fd, old ? old->st_mode & (given ? 07777 : 0777) : new_file_mode());
}

static int replace(const char *path, const struct stat *old, const char *data, size_t len)
{
	char temp[PATH_MAX];
	int fd, saved;

	if (snprintf(temp, sizeof(temp), "%s.XXXXXX", path) >= (int)sizeof(temp)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (write_full(fd, data, len) || set_owner_and_mode(fd, old) || fsync(fd))
		goto close_temp;
	if (close(fd))
		goto unlink_temp;
	if (rename(temp, path))
		goto unlink_temp;
	/* From here on it is replaced, whatever fails. */
	sync_dir(path);
	return 0;

close_temp:
	saved = errno;
	close(fd);
	errno = saved;
unlink_temp:
	saved = errno;
	unlink(temp);
	errno = saved;
	return -1;
}

int file_write(const char *path, const char *data, size_t len)
{
	char real[PATH_MAX];
	struct stat st, link;

	if (stat(path, &st)) {
		int err = errno;

		if (lstat(path, &link))
			return replace(path, NULL, data, len);
		/* A link to nothing, or to itself. */
		errno = err;
		return -1;
	}
	if (!S_ISREG(st.st_mode))
		return write_through(path, data, len);
	/* A link stays a link: what it points to is replaced. */
	if (!realpath(path, real))
		return -1;
	return replace(real, &st, data, len);
}
