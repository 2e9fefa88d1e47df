/* SPDX-License-Identifier: GPL-2.0 */
/* Collects the imports of all programs that run in a cgroup. These may be hostile. */
#ifndef CTL_EXAMINE_H
#define CTL_EXAMINE_H

struct imports;

/*
 * Adds to @imports what the processes of a cgroup and of those below it import; @dir is the
 * cgroup's directory. Returns within &imports.milliseconds, whatever these processes do: a
 * child opens and reads their files, and is killed at the deadline. What could not be read is
 * in &imports.unread. Earlier contents of @imports are dropped.
 */
void examine_cgroup(struct imports *imports, int dir);

#endif /* CTL_EXAMINE_H */
