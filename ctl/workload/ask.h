/* SPDX-License-Identifier: GPL-2.0 */
/* Asks service managers and runtimes for the cgroup that something will have when it runs. */
#ifndef CTL_ASK_H
#define CTL_ASK_H

/*
 * The path below the mount of the cgroup that the unit or container of that kind and name will
 * have; NULL if nobody knows one. To be freed. systemctl, podman and docker are asked, for ten
 * seconds at most each time.
 */
char *ask_path(const char *kind, const char *name);

#endif /* CTL_ASK_H */
