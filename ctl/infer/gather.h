/* SPDX-License-Identifier: GPL-2.0 */
/* Opens the executable files that the processes of cgroups have mapped. */
#ifndef CTL_GATHER_H
#define CTL_GATHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "infer/packet.h"
#include "profile/executed.h"
#include "reach/ceiling.h"

/* What the child is working on: a process, or a file with its numbers from /proc/PID/maps. */
struct subject_key {
	pid_t pid;
	uint64_t dev;
	uint64_t ino;
};

/**
 * struct progress - how far the child has come; in memory shared with the parent that
 *	watches it
 * @step: changes whenever the child begins something new
 * @key: what it began; @pid is 0 for a file
 * @path: its name for messages
 */
struct progress {
	volatile uint32_t step;
	struct subject_key key;
	char path[512];
};

/**
 * struct gather - the work of the child
 * @dirs: the directories of the cgroups
 * @nr_dirs: number of entries in @dirs
 * @executed: programs that were executed in the cgroups, and may have ended
 * @to: the socket to send packets to
 * @progress: updated at each step
 * @skip: files and processes at which a former child hung or died
 * @nr_skips: number of entries in @skip
 * @deadline: when to stop, by timestamp_monotonic()
 * @count: number of files found
 * @fd: for each file, its descriptor, or -1 if it could not be opened
 * @key: for each file, its key
 * @path: for each file, its path
 * @is_program: for each file, whether a process was started from it
 * @reach: whether to look for what the files can reach
 * @gap: why it makes no sense to look for what the files can reach; CEILING_COMPLETE if it does
 * @gap_at: the file or process that is the reason
 */
struct gather {
	const int *dirs;
	size_t nr_dirs;
	const struct executed_list *executed;
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
	bool reach;
	enum ceiling_state gap;
	char gap_at[CEILING_TEXT];
};

/*
 * Finds the processes and their files, and the files of programs that have ended; opens the files,
 * and sends a packet for each process, each file, and each file that can't be opened. May block for
 * ever if a file system does not answer, so call it only in a process that the parent can give up.
 */
void gather_files(struct gather *gather);

/* Notes why it makes no sense to look for what the files can reach; the first reason is kept. */
void gather_note_gap(struct gather *gather, enum ceiling_state gap, const char *at);

/* Tells the parent what this process begins to work on. */
void progress_step(struct progress *progress, const struct subject_key *key, const char *path);

#endif /* CTL_GATHER_H */
