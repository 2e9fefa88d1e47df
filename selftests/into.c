// SPDX-License-Identifier: GPL-2.0
/*
 * into CGROUP COMMAND [ARG]...: become COMMAND in that cgroup.
 *
 * Unlike a shell it makes no other call there than the execve.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	int fd;

	if (argc < 3)
		return 2;
	snprintf(path, sizeof(path), "%s/cgroup.procs", argv[1]);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1) {
		fprintf(stderr, "into: %s: %s\n", path, strerror(errno));
		return 126;
	}
	execv(argv[2], argv + 2);
	return 127;
}
