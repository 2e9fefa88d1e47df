// SPDX-License-Identifier: GPL-2.0
/*
 * Recognizes units, containers and pods by the names of their cgroups. Only directories are
 * entered in which nobody but the service manager and the runtimes make cgroups: slices, and the
 * directories of the runtimes that use no systemd. A user to whom a subtree is delegated, or root
 * in a container, could otherwise call a cgroup as another workload is called.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "workload/tree.h"

#define ID_LEN 64

enum where {
	NOWHERE,
	ROOT,
	SLICE,
	POD_SLICE,
	KUBEPODS,
	POD,
	DOCKER,
	LIBPOD,
};

static bool ends(const char *text, const char *end)
{
	size_t len = strlen(text), of_end = strlen(end);

	return len > of_end && !strcmp(text + len - of_end, end);
}

static bool is_hex(const char *text, size_t len)
{
	return strspn(text, "0123456789abcdef") >= len;
}

/* The part of @name between @begin and @end; NULL if it does not begin and end with these. */
static char *between(const char *name, const char *begin, const char *end)
{
	size_t len = strlen(name), of_begin = strlen(begin), of_end = strlen(end);

	if (len <= of_begin + of_end || strncmp(name, begin, of_begin) ||
	    strcmp(name + len - of_end, end))
		return NULL;
	return mem_print("%.*s", (int)(len - of_begin - of_end), name + of_begin);
}

static bool is_unit(const char *name)
{
	static const char *const types[] = {
		".service", ".scope", ".slice", ".socket", ".mount", ".swap", NULL
	};

	for (const char *const *type = types; *type; type++)
		if (ends(name, *type))
			return true;
	return false;
}

static void add(struct workloads *list, const char *kind, char *name, char *id, const char *path,
		const char *unit)
{
	workloads_add(list, (struct workload){
		.kind = kind, .name = name, .id = id, .path = mem_string(path),
		.unit = mem_string(unit),
	});
}

/* In names of slices, kubelet replaces each '-' of a pod's UID by '_'. */
static bool add_pod_slice(struct workloads *list, const char *path, const char *unit)
{
	const char *at = strstr(unit, "kubepods") ? strstr(unit, "-pod") : NULL;
	char *uid = at ? between(at, "-pod", ".slice") : NULL;

	if (!uid)
		return false;
	for (char *c = uid; *c; c++)
		*c = *c == '_' ? '-' : *c;
	add(list, "pod", uid, mem_string(uid), path, unit);
	return true;
}

/**
 * struct scope - how a runtime names the scope of a container
 * @kind: the workload's kind
 * @begin: what stands before the id
 * @any: whether the id is a word that a person chose
 */
static const struct scope {
	const char *kind;
	const char *begin;
	bool any;
} scopes[] = {
	{ "podman", "libpod-", false },
	{ "docker", "docker-", false },
	{ "containerd", "cri-containerd-", false },
	{ "crun", "crun-", true },
	{ "runc", "runc-", true },
};

static char *container_name(const char *kind, const char *id)
{
	return strcmp(kind, "containerd") ? mem_string(id) : mem_print("k8s.io/%s", id);
}

static bool add_scope(struct workloads *list, const char *path, const char *unit)
{
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		const struct scope *scope = &scopes[i];
		char *id = between(unit, scope->begin, ".scope");

		if (id && (scope->any || (strlen(id) == ID_LEN && is_hex(id, ID_LEN)))) {
			add(list, scope->kind, container_name(scope->kind, id), id, path, unit);
			return true;
		}
		free(id);
	}
	return false;
}

static enum where take_unit(struct workloads *list, const char *path, const char *name)
{
	if (!is_unit(name))
		return NOWHERE;
	if (add_pod_slice(list, path, name))
		return POD_SLICE;
	if (!add_scope(list, path, name))
		add(list, "unit", mem_string(name), NULL, path, name);
	return ends(name, ".slice") ? SLICE : NOWHERE;
}

static enum where take_pod(struct workloads *list, const char *path, const char *name)
{
	char *uid = between(name, "pod", "");

	if (!uid)
		return !strcmp(name, "burstable") || !strcmp(name, "besteffort") ? KUBEPODS :
										  NOWHERE;
	add(list, "pod", uid, mem_string(uid), path, NULL);
	return POD;
}

static enum where take_id(struct workloads *list, const char *kind, const char *path,
			  const char *id)
{
	if (strlen(id) == ID_LEN && is_hex(id, ID_LEN))
		add(list, kind, container_name(kind, id), mem_string(id), path, NULL);
	return NOWHERE;
}

static enum where take_top(struct workloads *list, const char *path, const char *name)
{
	if (!strcmp(name, "docker"))
		return DOCKER;
	if (!strcmp(name, "libpod_parent"))
		return LIBPOD;
	if (!strcmp(name, "kubelet"))
		return ROOT;
	if (!strcmp(name, "kubepods"))
		return KUBEPODS;
	return take_unit(list, path, name);
}

/* Adds what the cgroup is, and says what its children are. */
static enum where take(struct workloads *list, enum where where, const char *path,
		       const char *name)
{
	switch (where) {
	case ROOT:
		return take_top(list, path, name);
	case SLICE:
	case POD_SLICE:
		return take_unit(list, path, name);
	case KUBEPODS:
		return take_pod(list, path, name);
	case POD:
		return take_id(list, "containerd", path, name);
	case DOCKER:
		return take_id(list, "docker", path, name);
	case LIBPOD:
		return strncmp(name, "libpod-", strlen("libpod-")) ? NOWHERE :
			take_id(list, "podman", path, name + strlen("libpod-"));
	default:
		return NOWHERE;
	}
}

static int is_child(const struct dirent *entry)
{
	return entry->d_type == DT_DIR && strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

static void walk(const char *mount, const char *path, enum where where, struct workloads *list)
{
	char *dir = mem_print("%s%s", mount, path);
	struct dirent **names;
	int count = scandir(dir, &names, is_child, alphasort);

	for (int i = 0; i < count; i++) {
		char *below = mem_print("%s/%s", path, names[i]->d_name);
		enum where next = take(list, where, below, names[i]->d_name);

		if (next != NOWHERE)
			walk(mount, below, next, list);
		free(below);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	free(dir);
}

void tree_read(const char *mount, struct workloads *list)
{
	walk(mount, "", ROOT, list);
}

char *tree_slice(const char *slice)
{
	char *path = mem_string("");

	if (!strcmp(slice, "-.slice"))
		return path;
	for (const char *c = slice; *c; c++) {
		char *longer;

		if (*c != '-' && strcmp(c, ".slice"))
			continue;
		longer = mem_print("%s/%.*s.slice", path, (int)(c - slice), slice);
		free(path);
		path = longer;
		if (*c == '.')
			break;
	}
	return path;
}
