// SPDX-License-Identifier: GPL-2.0
/* Cgroups by what people call them: units, containers, pods, processes and runs. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "kernel/called.h"
#include "kernel/cgroup.h"
#include "workload/ask.h"
#include "workload/find.h"

/* At most this many names are listed in one message. */
#define HINTS_MAX 8

const struct workloads *called_all(void)
{
	static struct workloads all;
	static bool read;

	if (!read && cgroup_mount())
		workloads_read("", cgroup_mount(), &all);
	read = true;
	return &all;
}

/* ---- processes */

static char *process_line(const char *pid)
{
	char *path = mem_print("/proc/%s/cgroup", pid);
	FILE *file = fopen(path, "re");
	char line[PATH_MAX + 8];
	char *found = NULL;

	free(path);
	while (file && !found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "0::/", 4))
			found = mem_string(line + 3);
	}
	if (file)
		fclose(file);
	return found;
}

static int of_process(const char *verb, const char *pid, char **path)
{
	if (!*pid || pid[strspn(pid, "0123456789")])
		return fail(EXIT_USAGE, "%s pid:%s: not the number of a process; give one, such as pid:1234",
			    verb, pid);
	*path = process_line(pid);
	if (!*path)
		return fail(EXIT_FAILED, "%s pid:%s: no process of that number is in a cgroup; see 'ps'",
			    verb, pid);
	/* Seen from a cgroup namespace, or of a process that has ended in a removed cgroup. */
	if (!strncmp(*path, "/..", 3) || strstr(*path, " (deleted)"))
		return fail(EXIT_FAILED, "%s pid:%s: its cgroup '%s' can't be reached from here; give a path",
			    verb, pid, *path);
	return EXIT_DONE;
}

/* ---- runs */

static const char *run_name(const char *text)
{
	return strncmp(text, "run:", 4) ? NULL : text + 4;
}

static char *run_path(const char *name)
{
	return mem_print(CALLED_RUNS "/%s", name);
}

static int of_run(const char *verb, const char *name, char **path)
{
	if (!*name || strchr(name, '/') || *name == '.')
		return fail(EXIT_USAGE, "%s run:%s: not a name of 'scmod run'; see 'scmod status' for the names",
			    verb, name);
	*path = run_path(name);
	return EXIT_DONE;
}

/* A command that was run has its record by this name; its cgroup is gone. */
static char *ran_path(const char *name, const struct policy_list *list)
{
	char *path = run_path(name);

	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->policy[i].path, path))
			return path;
	free(path);
	return NULL;
}

/* ---- candidates */

/* Suggested names, in one line; those that are too many to be listed are counted. */
struct hints {
	char *text;
	size_t count;
};

static void hints_add(struct hints *hints, const char *word)
{
	char *text = NULL;

	if (hints->count++ < HINTS_MAX)
		text = mem_print("%s%s%s", hints->text ? hints->text : "",
				 hints->text ? ", " : "", word);
	if (!text)
		return;
	free(hints->text);
	hints->text = text;
}

static void hints_add_workload(struct hints *hints, const struct workload *one)
{
	char *word = workload_word(one);

	hints_add(hints, word);
	free(word);
}

static char *hints_end(struct hints *hints)
{
	char *text;

	if (hints->count <= HINTS_MAX)
		return hints->text;
	text = mem_print("%s and %zu more", hints->text, hints->count - HINTS_MAX);
	free(hints->text);
	return text;
}

/* Whether one of the two words is part of the other. */
static bool is_like(const char *name, const char *word)
{
	return *word && (strstr(name, word) || strstr(word, name));
}

/* Whether a letter was left out, added, replaced, or changed places with the next. */
static bool is_misspelt(const char *name, const char *word)
{
	size_t same = 0;

	while (name[same] && name[same] == word[same])
		same++;
	name += same;
	word += same;
	if (!*name || !*word)
		return strlen(name) + strlen(word) == 1;
	return !strcmp(name + 1, word) || !strcmp(name, word + 1) || !strcmp(name + 1, word + 1) ||
	       (name[0] == word[1] && name[1] == word[0] && !strcmp(name + 2, word + 2));
}

/* The name as a person would write it: a unit without ".service", a pod without its namespace. */
static char *short_name(const struct workload *one)
{
	const char *slash = strrchr(one->name, '/');
	const char *name = slash ? slash + 1 : one->name;
	const char *end = strstr(name, ".service");

	return mem_print("%.*s", (int)(end ? end - name : (ssize_t)strlen(name)), name);
}

static bool is_near(const struct workload *one, const char *word)
{
	char *name = short_name(one);
	bool near = is_like(name, word) || is_misspelt(name, word);

	free(name);
	return near;
}

char *called_hint(const char *text)
{
	const struct workloads *all = called_all();
	const char *word = strchr(text, ':') ? strchr(text, ':') + 1 : text;
	struct hints hints = { 0 };
	char *near, *hint;

	for (size_t i = 0; i < all->count; i++)
		if (!all->one[i].again && is_near(&all->one[i], word))
			hints_add_workload(&hints, &all->one[i]);
	near = hints_end(&hints);
	hint = near ? mem_print("is one of these meant: %s? 'scmod list' shows all", near) :
		      mem_string("'scmod list' shows units, containers and pods, and how to write them");
	free(near);
	return hint;
}

/* ---- workloads */

static int ambiguous(const char *verb, const char *text, struct hints *hints)
{
	char *words = hints_end(hints);

	fail(EXIT_FAILED, "%s %s: %zu have that name; give one of %s", verb, text, hints->count,
	     words);
	free(words);
	return EXIT_FAILED;
}

/* The only workload that is called so, or NULL; those that are found are added to @hints. */
static const struct workload *find(const char *kind, const char *name, struct hints *hints)
{
	const struct workloads *all = called_all();
	const struct workload *found = NULL;

	for (size_t i = 0; i < all->count; i++) {
		if (!workload_is(&all->one[i], kind, name))
			continue;
		found = &all->one[i];
		hints_add_workload(hints, found);
	}
	return hints->count == 1 ? found : NULL;
}

/* @kind:@name was given, or stands for the word that was given. */
static int of_workload(const char *verb, const char *text, const char *kind, const char *name,
		       char **path)
{
	struct hints hints = { 0 };
	const struct workload *one = find(kind, name, &hints);
	char *hint;

	if (hints.count > 1)
		return ambiguous(verb, text, &hints);
	free(hints.text);
	*path = one && one->path ? mem_string(one->path) : ask_path(kind, one ? one->name : name);
	if (*path)
		return EXIT_DONE;
	if (one)
		return fail(EXIT_FAILED, "%s %s: it does not run, and its cgroup's path is not known; start it first, or give a path",
			    verb, text);
	hint = called_hint(text);
	fail(EXIT_FAILED, "%s %s: there is no such %s; %s", verb, text,
	     !strcmp(kind, "unit") || !strcmp(kind, "pod") ? kind : "container", hint);
	free(hint);
	return EXIT_FAILED;
}

/* A word that may be any kind's name. Those that do not run are asked for last. */
static int of_word(const char *verb, const char *text, const struct policy_list *list, char **path)
{
	struct hints hints = { 0 };
	const struct workload *one = find(NULL, text, &hints);
	char *ran = ran_path(text, list);

	if (ran) {
		char *word = mem_print("run:%s", text);

		hints_add(&hints, word);
		free(word);
	}
	if (hints.count > 1) {
		free(ran);
		return ambiguous(verb, text, &hints);
	}
	free(hints.text);
	if (one)
		return of_workload(verb, text, one->kind, one->name, path);
	*path = ran ? ran : ask_path("unit", text);
	return EXIT_DONE;
}

/* Whether the word is the path of a cgroup, or of a policy, and is meant as such. */
static bool is_path(const char *text, const struct policy_list *list)
{
	uint64_t id;
	int fd;

	if (strchr(text, '/') || *text == '.' || cgroup_is_pattern(text) || !*text)
		return true;
	if (cgroup_open(text, &fd, &id) == CGROUP_V2) {
		close(fd);
		return true;
	}
	for (size_t i = 0; i < list->count; i++)
		if (cgroup_path_matches(text, list->policy[i].path))
			return true;
	return false;
}

int called_path(const char *verb, const char *text, const struct policy_list *list, char **path)
{
	const char *rest, *kind = workload_kind(text, &rest);

	*path = NULL;
	if (!strncmp(text, "pid:", 4))
		return of_process(verb, text + 4, path);
	if (run_name(text))
		return of_run(verb, run_name(text), path);
	if (kind)
		return of_workload(verb, text, kind, rest, path);
	return is_path(text, list) ? EXIT_DONE : of_word(verb, text, list, path);
}

const char *called_name(const char *path)
{
	static char *name;
	const struct workload *one;

	free(name);
	name = NULL;
	if (!strncmp(path, CALLED_RUNS "/", strlen(CALLED_RUNS "/"))) {
		path += strlen(CALLED_RUNS "/");
		name = mem_print("run:%.*s", (int)strcspn(path, "/"), path);
	}
	one = name ? NULL : workload_at(called_all(), path, true);
	/* A cgroup without a name does not get the name of the slice that it is in. */
	if (one && (!strcmp(one->path, path) || !strstr(one->name, ".slice")))
		name = workload_word(one);
	return name;
}
