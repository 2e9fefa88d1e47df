/* SPDX-License-Identifier: GPL-2.0 */
/* Units, containers and pods: what people call them, and the cgroups in which they run. */
#ifndef CTL_WORKLOAD_H
#define CTL_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct workload - a unit of systemd, a container or a pod
 * @kind: "unit", "podman", "docker", "crun", "runc", "containerd" or "pod"
 * @name: what it is called; "NAMESPACE/ID" if @kind is containerd; "NAMESPACE/NAME" if it is a pod
 *	whose name is known
 * @id: a container's or a pod's id, without a namespace
 * @unit: the unit that makes the cgroup; NULL if there is none
 * @path: of its cgroup below the cgroup2 mount; NULL if it does not run and the path is not known
 * @runs: whether the cgroup exists
 * @again: whether an entry before this one has the same cgroup, as a container of Podman, which is
 *	one of crun, too
 */
struct workload {
	const char *kind;
	char *name;
	char *id;
	char *unit;
	char *path;
	bool runs;
	bool again;
};

struct workloads {
	struct workload *one;
	size_t count;
};

void workloads_release(struct workloads *list);

/*
 * The kind that @word begins with, as in "podman:web"; NULL if it begins with none. Stores what
 * follows the ':'.
 */
const char *workload_kind(const char *word, const char **rest);

/*
 * Whether the workload is called @name: its name, with or without ".service" or the namespace of
 * a pod, its id, or the beginning of its id (12 characters or more). If @kind is NULL, any kind
 * will do, and an entry that is @again none.
 */
bool workload_is(const struct workload *one, const char *kind, const char *name);

/*
 * The workload whose cgroup is @path or, if @below, is one above it, the lowest of these; NULL if
 * there is none.
 */
const struct workload *workload_at(const struct workloads *list, const char *path, bool below);

/* "podman:web": what names it, and nothing else; to be freed. */
char *workload_word(const struct workload *one);

/* Appends a workload; takes over the strings. Returns it; it moves when another is added. */
struct workload *workloads_add(struct workloads *list, struct workload one);

#endif /* CTL_WORKLOAD_H */
