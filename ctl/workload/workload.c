// SPDX-License-Identifier: GPL-2.0
/* Units, containers and pods: what people call them, and the cgroups in which they run. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "workload/workload.h"

/* The shortest prefix of an id that is accepted; docker and podman print that many letters. */
#define ID_SHORT 12

static const char *const kinds[] = {
	"unit", "podman", "docker", "crun", "runc", "containerd", "pod", NULL
};

const char *workload_kind(const char *word, const char **rest)
{
	for (const char *const *kind = kinds; *kind; kind++) {
		size_t len = strlen(*kind);

		if (!strncmp(word, *kind, len) && word[len] == ':') {
			*rest = word + len + 1;
			return *kind;
		}
	}
	return NULL;
}

struct workload *workloads_add(struct workloads *list, struct workload one)
{
	list->one = mem_grow(list->one, list->count + 1, sizeof(*list->one));
	list->one[list->count] = one;
	return &list->one[list->count++];
}

void workloads_release(struct workloads *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->one[i].name);
		free(list->one[i].id);
		free(list->one[i].unit);
		free(list->one[i].path);
	}
	free(list->one);
	*list = (struct workloads){ 0 };
}

/* Whether the unit is @name with ".service" appended. */
static bool is_service(const char *unit, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(unit, name, len) && !strcmp(unit + len, ".service");
}

static bool is_unit(const char *unit, const char *name)
{
	return unit && (!strcmp(unit, name) || is_service(unit, name));
}

static bool is_container(const struct workload *one, const char *name)
{
	const char *slash = strrchr(one->name, '/');

	if (!strcmp(one->name, name) || (slash && !strcmp(slash + 1, name)))
		return true;
	return one->id && (!strcmp(one->id, name) || (strlen(name) >= ID_SHORT &&
						       !strncmp(one->id, name, strlen(name))));
}

bool workload_is(const struct workload *one, const char *kind, const char *name)
{
	if (kind && !strcmp(kind, "unit"))
		return is_unit(one->unit, name);
	if (kind && strcmp(kind, one->kind))
		return false;
	if (!kind && one->again)
		return false;
	return !strcmp(one->kind, "unit") ? is_unit(one->unit, name) : is_container(one, name);
}

static bool is_at(const char *path, const char *above, bool below)
{
	size_t len = strlen(above);

	return !strncmp(path, above, len) && (!path[len] || (below && path[len] == '/'));
}

const struct workload *workload_at(const struct workloads *list, const char *path, bool below)
{
	const struct workload *found = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct workload *one = &list->one[i];

		if (one->again || !one->path || !is_at(path, one->path, below))
			continue;
		if (!found || strlen(one->path) > strlen(found->path))
			found = one;
	}
	return found;
}

char *workload_word(const struct workload *one)
{
	return mem_print("%s:%s", one->kind, one->name);
}
