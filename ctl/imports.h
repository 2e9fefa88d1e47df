/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs that run in a cgroup import from their libraries. */
#ifndef CTL_IMPORTS_H
#define CTL_IMPORTS_H

#include <stdbool.h>

#include "policy.h"

/**
 * struct imports - what was found
 * @processes: how many have a program; kernel threads and zombies have none
 * @images: how many program files and libraries import a function that is known
 *	to make calls
 * @likely: per ABI, the calls that these imports may come to
 */
struct imports {
	unsigned int processes;
	unsigned int images;
	struct bitmap likely[NR_ABIS];
};

/* Adds what one ELF file imports. Returns whether that comes to any call. */
bool imports_add_file(struct imports *imports, int fd);

/* Of all processes in a cgroup and those below it; @dir is its directory. */
struct imports imports_of_cgroup(int dir);

#endif /* CTL_IMPORTS_H */
