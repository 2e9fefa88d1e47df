// SPDX-License-Identifier: GPL-2.0
/*
 * into CGROUP|FD COMMAND [ARG]...: become COMMAND in that cgroup.
 *
 * Unlike a shell it makes no other call there than the execve. FD is an open
 * cgroup.procs: who may move tasks is asked of the one who opened it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Closed by what comes next. */
static int procs_open(const char *where)
{
	char path[PATH_MAX];
	int fd;

	if (*where != '/') {
		fd = atoi(where);
		return fcntl(fd, F_SETFD, FD_CLOEXEC) ? -1 : fd;
	}
	snprintf(path, sizeof(path), "%s/cgroup.procs", where);
	return open(path, O_WRONLY | O_CLOEXEC);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc < 3)
		return 2;
	fd = procs_open(argv[1]);
	if (fd < 0 || write(fd, "0", 1) != 1) {
		fprintf(stderr, "into: %s: %s\n", argv[1], strerror(errno));
		return 126;
	}
	execv(argv[2], argv + 2);
	return 127;
}
