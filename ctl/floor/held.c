// SPDX-License-Identifier: GPL-2.0
/* The capabilities of the processes in a policy's cgroups. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "floor/held.h"
#include "kernel/members.h"

/* /proc/PID/status has fewer than 2 KiB, except for a process in very many groups. */
#define STATUS_MAX (64 * 1024)

static uint64_t field(const char *status, const char *name)
{
	const char *at = strstr(status, name);

	return at ? strtoull(at + strlen(name), NULL, 16) : 0;
}

void held_add(struct held *held, const char *status)
{
	held->any = true;
	held->has |= field(status, "\nCapPrm:") | field(status, "\nCapEff:");
	held->bound |= field(status, "\nCapBnd:");
}

uint64_t held_caps(const struct held *held, uint64_t usual)
{
	return held->any ? held->has | (held->bound & usual) : usual;
}

static void add_process(long pid, void *data)
{
	char path[64], *status;

	snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	status = file_read_regular(path, STATUS_MAX);
	if (status)
		held_add(data, status);
	free(status);
}

static bool never_enough(void *data)
{
	(void)data;
	return false;
}

struct held held_of_target(const struct target *target)
{
	struct held held = { 0 };
	const struct members members = {
		.visit = add_process, .enough = never_enough, .data = &held,
	};
	int dirs[TARGET_DIRS_MAX];
	size_t nr_dirs = target_dirs(target, dirs);

	for (size_t i = 0; i < nr_dirs; i++)
		members_visit(dirs[i], &members);
	return held;
}
