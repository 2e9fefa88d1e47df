/* SPDX-License-Identifier: GPL-2.0 */
/* Collects the imports of all programs that run in cgroups. These may be hostile. */
#ifndef CTL_EXAMINE_H
#define CTL_EXAMINE_H

#include <stddef.h>

struct executed_list;
struct imports;

/*
 * Adds to @imports what the processes of cgroups and of those below them import; @dirs are the
 * @nr_dirs directories. @executed: programs that were executed there, which may have ended; they
 * are looked for in the roots of these processes, and in our own; NULL if there are none. Returns
 * within &imports.milliseconds, and REACH_MILLISECONDS more with &imports.reach, whatever these
 * processes do: a child opens and reads their files, and is killed at the deadline. What could not
 * be read is in &imports.unread. Earlier contents of @imports are dropped.
 */
void examine_cgroups(struct imports *imports, const int *dirs, size_t nr_dirs,
		     const struct executed_list *executed);

#endif /* CTL_EXAMINE_H */
