// SPDX-License-Identifier: GPL-2.0
/*
 * Reads what container runtimes and kubelet keep on disk of their containers and pods. All of it
 * lies in directories that only root can write to. The files were looked at as these versions
 * write them: podman 4.3, crun 1.8, runc 1.1; and as the sources say: docker 20.10
 * (container/container.go: config.v2.json), containerd 1.6 (runtime/v2/bundle.go), kubelet 1.27
 * (pkg/kubelet/kuberuntime/helpers.go: BuildPodLogsDirectory).
 */
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/jsonfile.h"
#include "base/memory.h"
#include "workload/disk.h"
#include "workload/tree.h"

#define FILE_MAX (16 * 1024 * 1024)

/* The directories to read from, and the list to which the results are added. */
struct disk {
	const char *root;
	const char *mount;
	struct workloads *list;
};

/* Calls @fn for each path below the root that fits. */
static void each(struct disk *disk, const char *pattern,
		 void (*fn)(struct disk *disk, const char *path))
{
	char *full = mem_print("%s%s", disk->root, pattern);
	glob_t found;

	if (!glob(full, 0, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			fn(disk, found.gl_pathv[i]);
		globfree(&found);
	}
	free(full);
}

/* NULL if the file is gone, unreadable or not JSON: its container has no other name, then. */
static json_object *read_json(const char *path)
{
	struct messages messages = { 0 };
	char *text = file_read_regular(path, FILE_MAX);
	json_object *root = text ? json_whole(text, &messages) : NULL;

	messages_release(&messages);
	free(text);
	return root;
}

/* The part of @path that is @nr parts before its end (0: the last); to be freed. */
static char *part(const char *path, unsigned int nr)
{
	const char *end = path + strlen(path), *begin = end;

	for (unsigned int i = 0; i <= nr; i++) {
		end = i ? begin - 1 : end;
		for (begin = end; begin > path && begin[-1] != '/'; begin--)
			;
	}
	return mem_print("%.*s", (int)(end - begin), begin);
}

/* Replaces the id of a listed container by its name, or adds a container that is not listed. */
static void name_container(struct disk *disk, const char *kind, const char *id, const char *name)
{
	bool found = false;

	for (size_t i = 0; i < disk->list->count; i++) {
		struct workload *one = &disk->list->one[i];

		if (strcmp(one->kind, kind) || !one->id || strcmp(one->id, id))
			continue;
		free(one->name);
		one->name = mem_string(name);
		found = true;
	}
	if (!found)
		workloads_add(disk->list, (struct workload){
			.kind = kind, .name = mem_string(name), .id = mem_string(id),
		});
}

/* A container whose runtime tells the path of its cgroup. */
static void place_container(struct disk *disk, const char *kind, char *name, char *id,
			    const char *path)
{
	size_t mount = strlen(disk->mount);

	if (path && !strncmp(path, disk->mount, mount) && path[mount] == '/')
		path += mount;
	for (size_t i = 0; i < disk->list->count; i++) {
		const struct workload *one = &disk->list->one[i];

		/* tree.c has found the container already, by its cgroup. */
		if (!strcmp(one->kind, kind) && !strcmp(one->name, name))
			path = NULL;
	}
	if (!path || *path != '/' || !path[1]) {
		free(name);
		free(id);
		return;
	}
	workloads_add(disk->list, (struct workload){
		.kind = kind, .name = name, .id = id, .path = mem_string(path),
	});
}

static void read_podman(struct disk *disk, const char *path)
{
	json_object *all = read_json(path);
	bool is_list = json_object_is_type(all, json_type_array);

	for (size_t i = 0; is_list && i < json_object_array_length(all); i++) {
		json_object *one = json_object_array_get_idx(all, i), *names;
		const char *id = json_text_of(one, "id"), *name = NULL;

		if (json_object_object_get_ex(one, "names", &names) &&
		    json_object_is_type(names, json_type_array))
			name = json_text(json_object_array_get_idx(names, 0));
		if (id && name)
			name_container(disk, "podman", id, name);
	}
	json_object_put(all);
}

static void read_docker(struct disk *disk, const char *path)
{
	json_object *root = read_json(path);
	const char *name = json_text_of(root, "Name");
	const char *id = json_text_of(root, "ID");

	if (id && name)
		name_container(disk, "docker", id, name + (*name == '/'));
	json_object_put(root);
}

static void read_crun(struct disk *disk, const char *path)
{
	json_object *root = read_json(path);

	place_container(disk, "crun", part(path, 1), part(path, 1),
			json_text_of(root, "cgroup-path"));
	json_object_put(root);
}

static void read_runc(struct disk *disk, const char *path)
{
	json_object *root = read_json(path), *paths = NULL;

	if (json_object_is_type(root, json_type_object))
		json_object_object_get_ex(root, "cgroup_paths", &paths);
	place_container(disk, "runc", part(path, 1), part(path, 1), json_text_of(paths, ""));
	json_object_put(root);
}

/* "SLICE:PREFIX:NAME" with systemd's driver, a path without; to be freed. */
static char *oci_path(const char *text)
{
	const char *prefix = text ? strchr(text, ':') : NULL;
	const char *name = prefix ? strchr(prefix + 1, ':') : NULL;
	char *slice, *path, *above;

	if (!name)
		return mem_string(text);
	slice = mem_print("%.*s", (int)(prefix - text), text);
	above = tree_slice(*slice ? slice : "system.slice");
	path = mem_print("%s/%.*s-%s.scope", above, (int)(name - prefix - 1), prefix + 1, name + 1);
	free(above);
	free(slice);
	return path;
}

static void read_containerd(struct disk *disk, const char *path)
{
	json_object *root = read_json(path), *parts = NULL;
	char *id = part(path, 1), *namespace = part(path, 2);
	char *cgroup;

	if (json_object_is_type(root, json_type_object))
		json_object_object_get_ex(root, "linux", &parts);
	cgroup = oci_path(json_text_of(parts, "cgroupsPath"));
	place_container(disk, "containerd", mem_print("%s/%s", namespace, id), id, cgroup);
	free(cgroup);
	free(namespace);
}

/* The directory of a pod's logs is called NAMESPACE_NAME_UID; none of these has a '_'. */
static void read_pod(struct disk *disk, const char *path)
{
	char *text = part(path, 0), *save;
	const char *namespace = strtok_r(text, "_", &save);
	const char *name = strtok_r(NULL, "_", &save), *uid = strtok_r(NULL, "_", &save);

	for (size_t i = 0; uid && i < disk->list->count; i++) {
		struct workload *one = &disk->list->one[i];

		if (strcmp(one->kind, "pod") || strcmp(one->id, uid))
			continue;
		free(one->name);
		one->name = mem_print("%s/%s", namespace, name);
	}
	free(text);
}

/* Where Podman keeps its containers, unless /etc says otherwise; to be freed. */
static char *podman_dir(const char *root)
{
	char *path = mem_print("%s/etc/containers/storage.conf", root);
	char *text = file_read_regular(path, FILE_MAX), *line, *save, *found = NULL;

	free(path);
	for (line = text ? strtok_r(text, "\n", &save) : NULL; line && !found;
	     line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " \t");
		if (strncmp(line, "graphroot", strlen("graphroot")) || !strchr(line, '"'))
			continue;
		line = strchr(line, '"') + 1;
		found = mem_print("%.*s", (int)strcspn(line, "\""), line);
	}
	free(text);
	return found ? found : mem_string("/var/lib/containers/storage");
}

void disk_read(const char *root, const char *mount, struct workloads *list)
{
	struct disk disk = { .root = root, .mount = mount, .list = list };
	char *dir = podman_dir(root);
	char *pattern = mem_print("%s/*-containers/*containers.json", dir);

	each(&disk, pattern, read_podman);
	each(&disk, "/var/lib/docker/containers/*/config.v2.json", read_docker);
	each(&disk, "/run/crun/*/status", read_crun);
	each(&disk, "/run/runc/*/state.json", read_runc);
	each(&disk, "/run/containerd/io.containerd.runtime.v2.task/*/*/config.json",
	     read_containerd);
	each(&disk, "/var/log/pods/*_*_*", read_pod);
	free(pattern);
	free(dir);
}
