/* SPDX-License-Identifier: GPL-2.0 */
/* The imports of all that runs in a cgroup, which may be hostile. */
#ifndef CTL_EXAMINE_H
#define CTL_EXAMINE_H

struct imports;

/*
 * Adds to @imports what the processes of a cgroup and of those below it import; @dir is
 * its directory. Returns within &imports.milliseconds, whatever these processes
 * do: their files are opened and read by a process of its own, which is ended at the
 * deadline. What could not be read is in &imports.unread. What @imports had before is
 * dropped.
 */
void examine_cgroup(struct imports *imports, int dir);

#endif /* CTL_EXAMINE_H */
