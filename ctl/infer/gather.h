/* SPDX-License-Identifier: GPL-2.0 */
/* The files that the processes of a cgroup have mapped to be executed: open them. */
#ifndef CTL_GATHER_H
#define CTL_GATHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "infer/packet.h"

/* What is being looked at: a process, or a file, as /proc/PID/maps has its numbers. */
struct subject_key {
	pid_t pid;
	uint64_t dev;
	uint64_t ino;
};

/**
 * struct progress - how far the process that gathers and reads has come; in memory that
 *	it shares with the one that watches it
 * @step: changes with each thing that it begins
 * @key: that thing; of a file @pid is 0
 * @path: what people know it by
 */
struct progress {
	volatile uint32_t step;
	struct subject_key key;
	char path[512];
};

/**
 * struct gather - the work
 * @dir: the directory of the cgroup
 * @to: where packets go
 * @progress: told of each step
 * @skip: what an earlier try could not finish
 * @nr_skips: how many
 * @deadline: when to stop, of timestamp_monotonic()
 * @count: how many files were found
 * @fd: of each file, or -1 if it could not be opened
 * @key: of each file
 * @path: of each file
 * @is_program: whether a process was started from it
 */
struct gather {
	int dir;
	int to;
	struct progress *progress;
	const struct subject_key *skip;
	unsigned int nr_skips;
	int64_t deadline;
	uint32_t count;
	int fd[PACKET_FILES];
	struct subject_key key[PACKET_FILES];
	char *path[PACKET_FILES];
	bool is_program[PACKET_FILES];
};

/*
 * Finds the processes and their files, opens the files, and sends a packet for each
 * process, file, and file that could not be opened. Any of this may hang for ever,
 * where a file system does not answer, so it is for a process that can be given up.
 */
void gather_files(struct gather *gather);

/* Tell who watches what is begun now. */
void progress_step(struct progress *progress, const struct subject_key *key, const char *path);

#endif /* CTL_GATHER_H */
