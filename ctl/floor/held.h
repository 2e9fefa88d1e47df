/* SPDX-License-Identifier: GPL-2.0 */
/* The capabilities of the processes in a policy's cgroups. */
#ifndef CTL_HELD_H
#define CTL_HELD_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/target.h"

/**
 * struct held - sets of capabilities, one bit for each
 * @any: whether a process was found
 * @has: what any process has: its permitted and effective sets
 * @bound: what any process may get when it executes a program: its bounding set
 */
struct held {
	bool any;
	uint64_t has;
	uint64_t bound;
};

/* Adds those of a process, from the text of /proc/PID/status. */
void held_add(struct held *held, const char *status);
/*
 * The capabilities for which a container's profile would be read that holds the same processes:
 * what they have, and what they may get of @usual. @usual if there is no process.
 */
uint64_t held_caps(const struct held *held, uint64_t usual);
/* Those of the processes that are in the cgroups of @target now. */
struct held held_of_target(const struct target *target);

#endif /* CTL_HELD_H */
