// SPDX-License-Identifier: GPL-2.0
/*
 * Asks service managers and runtimes for the cgroup that something will have when it runs. They
 * are run without a shell, and the name is always behind "--".
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/program.h"
#include "workload/ask.h"
#include "workload/tree.h"

#define ASK_MS 10000

/* The value in a line "KEY=VALUE"; to be freed, NULL if there is no such line, or no value. */
static char *value_of(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (; text; text = strchr(text, '\n')) {
		text += *text == '\n';
		if (!strncmp(text, key, len) && text[len] == '=' && text[len + 1] != '\n')
			return text[len + 1] ? mem_print("%.*s", (int)strcspn(text + len + 1, "\n"),
							 text + len + 1) : NULL;
	}
	return NULL;
}

/* The path of a unit in a slice; the root slice is "-.slice". */
static char *in_slice(const char *slice, const char *unit)
{
	char *above = tree_slice(slice), *path = mem_print("%s/%s", above, unit);

	free(above);
	return path;
}

/* The path from the properties of a unit. A missing unit has LoadState "not-found". */
static char *unit_path(const char *properties)
{
	char *state = value_of(properties, "LoadState");
	char *path = value_of(properties, "ControlGroup");
	char *slice = value_of(properties, "Slice");
	/* The unit's full name; the given name may be an alias. */
	char *unit = value_of(properties, "Id");

	if (!path && unit && slice && state && !strcmp(state, "loaded"))
		path = in_slice(slice, unit);
	free(unit);
	free(slice);
	free(state);
	return path;
}

static char *ask_systemd(const char *name)
{
	const char *const argv[] = {
		"systemctl", "show", "--no-pager", "--property=Id,LoadState,ControlGroup,Slice",
		"--", name, NULL
	};
	/* Without this directory, PID 1 is not systemd, and systemctl would fail. */
	char *text = access("/run/systemd/system", F_OK) ? NULL : program_read(argv, ASK_MS);
	char *path = text ? unit_path(text) : NULL;

	free(text);
	return path;
}

/* libpod's default parents: "machine.slice" and "/libpod_parent". */
static char *container_path(const char *text)
{
	char *id = value_of(text, "Id"), *manager = value_of(text, "Manager");
	char *parent = value_of(text, "Parent"), *scope, *path = NULL;

	if (id && manager && !strcmp(manager, "systemd")) {
		scope = mem_print("libpod-%s.scope", id);
		path = in_slice(parent ? parent : "machine.slice", scope);
		free(scope);
	} else if (id && manager) {
		path = mem_print("%s/libpod-%s", parent ? parent : "/libpod_parent", id);
	}
	free(parent);
	free(manager);
	free(id);
	return path;
}

/* "/docker" and "system.slice" are the parents that docker's two drivers take by default. */
static char *docker_path(const char *text, bool systemd)
{
	char *id = value_of(text, "Id"), *parent = value_of(text, "Parent"), *scope, *path = NULL;

	if (id && systemd) {
		scope = mem_print("docker-%s.scope", id);
		path = in_slice(parent ? parent : "system.slice", scope);
		free(scope);
	} else if (id) {
		path = mem_print("%s/%s", parent ? parent : "/docker", id);
	}
	free(parent);
	free(id);
	return path;
}

static char *ask_docker(const char *name)
{
	const char *const inspect[] = {
		"docker", "inspect", "--type", "container", "--format",
		"Id={{.Id}}\nParent={{.HostConfig.CgroupParent}}", "--", name, NULL
	};
	const char *const info[] = { "docker", "info", "--format", "{{.CgroupDriver}}", NULL };
	char *text = program_read(inspect, ASK_MS);
	char *driver = text ? program_read(info, ASK_MS) : NULL;
	char *path = driver ? docker_path(text, !strncmp(driver, "systemd", 7)) : NULL;

	free(driver);
	free(text);
	return path;
}

static char *ask_podman(const char *name)
{
	const char *const argv[] = {
		"podman", "inspect", "--type", "container", "--format",
		"Id={{.Id}}\nManager={{.HostConfig.CgroupManager}}\nParent={{.HostConfig.CgroupParent}}",
		"--", name, NULL
	};
	char *text = program_read(argv, ASK_MS);
	char *path = text ? container_path(text) : NULL;

	free(text);
	return path;
}

char *ask_path(const char *kind, const char *name)
{
	if (!strcmp(kind, "unit"))
		return ask_systemd(name);
	if (!strcmp(kind, "podman"))
		return ask_podman(name);
	if (!strcmp(kind, "docker"))
		return ask_docker(name);
	return NULL;
}
