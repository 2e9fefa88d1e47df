// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes whole files. A file is replaced in one step, so no reader sees half a
 * profile.
 */
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
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "base/file.h"

/* The kernel follows at most this many symbolic links, too (MAXSYMLINKS). */
#define LINKS_MAX 40

/* How long to wait for the writer of a pipe to send something. */
#define SILENCE_MS 30000

/* Waits for a pipe or terminal, up to SILENCE_MS. A regular file is always ready. */
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

bool file_is_stream(const char *path)
{
	return !strcmp(path, "-");
}

/*
 * Opens @path for reading without waiting: a plain open() of a FIFO waits for a writer, and
 * of a file with a write lease for the process that holds the lease. With @regular, fails
 * with EISDIR or ENOTSUP if @path is not a regular file.
 */
static int open_unwaiting(const char *path, bool regular)
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

static int open_to_read(const char *path, bool regular)
{
	if (!regular && file_is_stream(path))
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	return open_unwaiting(path, regular);
}

static char *read_opened(const char *path, size_t max, bool regular, size_t *size)
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
	*size = len;
	return text;
}

char *file_read_bytes(const char *path, size_t max, size_t *len)
{
	return read_opened(path, max, false, len);
}

static char *read_text(const char *path, size_t max, bool regular)
{
	size_t len;
	char *text = read_opened(path, max, regular, &len);

	if (text && strlen(text) != len) {
		errno = EILSEQ;
		free(text);
		return NULL;
	}
	return text;
}

char *file_read(const char *path, size_t max)
{
	return read_text(path, max, false);
}

char *file_read_regular(const char *path, size_t max)
{
	return read_text(path, max, true);
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

/* Writes @data and closes @fd. */
static int write_and_close(int fd, const char *data, size_t len)
{
	int ret, err;

	if (fd < 0)
		return -1;
	ret = write_full(fd, data, len);
	err = errno;
	if (close(fd) && !ret)
		return -1;
	errno = err;
	return ret;
}

/*
 * Writes to a stream that is open already, at its current position, after what stdio has
 * buffered.
 */
static int write_stream(int fd, const char *data, size_t len)
{
	if (fd == STDOUT_FILENO && fflush(stdout))
		return -1;
	return write_and_close(fcntl(fd, F_DUPFD_CLOEXEC, 0), data, len);
}

static mode_t new_file_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* Best effort: a directory may be writable but not readable, and then can't be opened here. */
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

/*
 * @old: the file that is replaced, or NULL. The new file keeps its owner if we may change the
 * owner.
 */
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
	/* The file has been replaced now; the result no longer depends on what follows. */
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

/* The first @size bytes of the file; to be freed. */
static char *old_text(int fd, size_t size)
{
	char *text = malloc(size + 1);

	if (text && pread(fd, text, size, 0) != (ssize_t)size) {
		free(text);
		text = NULL;
	}
	return text;
}

/* Restores @old, of @size bytes, after a failed write; keeps errno. */
static void put_back(int fd, const char *old, size_t size)
{
	int err = errno;

	if (!lseek(fd, 0, SEEK_SET) && !write_full(fd, old, size) && !ftruncate(fd, size))
		fsync(fd);
	errno = err;
}

/*
 * Writes into the file itself, for a file that can't be replaced: it is a mount point, or its
 * directory is not writable. Until the write is complete, a reader may see half of it. On
 * failure, the old contents are restored.
 */
static int overwrite(const char *path, const char *data, size_t len)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct stat st;
	char *old;
	int ret;

	if (fd < 0)
		return -1;
	old = fstat(fd, &st) ? NULL : old_text(fd, st.st_size);
	ret = old && !write_full(fd, data, len) && !ftruncate(fd, len) && !fsync(fd) ? 0 : -1;
	if (ret && old)
		put_back(fd, old, st.st_size);
	free(old);
	close(fd);
	return ret;
}

static bool in_place_only(int err)
{
	return err == EBUSY || err == EACCES || err == EPERM || err == EROFS;
}

static int replace_or_overwrite(const char *path, const struct stat *old, const char *data,
				size_t len)
{
	int err;

	if (!replace(path, old, data, len))
		return 0;
	err = errno;
	if (in_place_only(err) && !overwrite(path, data, len))
		return 0;
	/*
	 * Report why the file could not be replaced: it says more than why it could not be
	 * overwritten.
	 */
	errno = err;
	return -1;
}

static bool in_proc(const char *path)
{
	struct statfs fs;
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	bool is = fd >= 0 && !fstatfs(fd, &fs) && fs.f_type == PROC_SUPER_MAGIC;

	if (fd >= 0)
		close(fd);
	return is;
}

/*
 * Stores in @next (PATH_MAX bytes) where the link @path points; false if @path is not a link.
 */
static bool link_target(const char *path, char *next)
{
	char text[PATH_MAX], copy[PATH_MAX];
	ssize_t len = readlink(path, text, sizeof(text) - 1);

	if (len < 0)
		return false;
	text[len] = '\0';
	snprintf(copy, sizeof(copy), "%s", path);
	if (*text == '/')
		return snprintf(next, PATH_MAX, "%s", text) < PATH_MAX;
	return snprintf(next, PATH_MAX, "%s/%s", dirname(copy), text) < PATH_MAX;
}

/*
 * Follows links from @path to a link in /proc that stands for an open file, and stores its
 * path in @link. /dev/stdout and /proc/self/fd/5 lead to one. Such an open file must be
 * written to, not replaced.
 */
static bool open_file_link(const char *path, char *link)
{
	char next[PATH_MAX];

	snprintf(link, PATH_MAX, "%s", path);
	for (int i = 0; i < LINKS_MAX; i++) {
		bool proc = in_proc(link);

		if (!link_target(link, next))
			return false;
		/* /proc/self and the like are links, too, but lead to a directory. */
		if (proc && strstr(link, "/fd/"))
			return true;
		snprintf(link, PATH_MAX, "%s", next);
	}
	return false;
}

/* Our own descriptor that @link stands for; -1 if @link belongs to another process. */
static int own_descriptor(const char *link, const struct stat *st)
{
	const char *name = strrchr(link, '/') + 1;
	struct stat own;
	int fd = atoi(name);

	if (!*name || name[strspn(name, "0123456789")] || fstat(fd, &own))
		return -1;
	return own.st_dev == st->st_dev && own.st_ino == st->st_ino ? fd : -1;
}

/* An open file of ours is written to at its position; one of another process is appended to. */
static int write_open_file(const char *link, const struct stat *st, const char *data, size_t len)
{
	int fd = own_descriptor(link, st);

	if (fd >= 0)
		return write_stream(fd, data, len);
	return write_and_close(open(link, O_WRONLY | O_APPEND | O_CLOEXEC), data, len);
}

int file_write(const char *path, const char *data, size_t len)
{
	char real[PATH_MAX];
	struct stat st, link;

	if (file_is_stream(path))
		return write_stream(STDOUT_FILENO, data, len);
	if (stat(path, &st)) {
		int err = errno;

		if (lstat(path, &link))
			return replace(path, NULL, data, len);
		/* A dangling link, or a loop of links. */
		errno = err;
		return -1;
	}
	if (open_file_link(path, real))
		return write_open_file(real, &st, data, len);
	/* A pipe or a device can't be replaced, only written to. */
	if (!S_ISREG(st.st_mode))
		return write_and_close(open(path, O_WRONLY | O_CLOEXEC), data, len);
	/* Keep a symbolic link: replace the file that it points to. */
	if (!realpath(path, real))
		return -1;
	return replace_or_overwrite(real, &st, data, len);
}
