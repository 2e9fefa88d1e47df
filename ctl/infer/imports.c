// SPDX-License-Identifier: GPL-2.0
/*
 * Collects what the programs of a cgroup import from their libraries, and the system calls
 * that these imports may make.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/selector.h"
#include "infer/functions.h"
#include "infer/imports.h"

/*
 * A program whose imports lead to more calls than this holds everything that its scripts might
 * ever ask for. Of the programs in eval, node has 144 and Python 193, and databases up to 132.
 */
#define MOST_OWN 160

/* The file that imports a function. */
struct importer {
	int abi;
	const char *path;
	enum holder holder;
};

/*
 * Whether the new evidence is better: that of a stronger holder; otherwise, the first in order
 * of names.
 */
static bool is_better(const struct evidence *evidence, const char *function,
		      const struct importer *importer)
{
	int ret;

	if (!evidence->file || evidence->holder != importer->holder)
		return !evidence->file || importer->holder > evidence->holder;
	ret = strcmp(importer->path, evidence->file);
	return ret < 0 || (!ret && strcmp(function, evidence->function) < 0);
}

static void note_evidence(struct evidence *evidence, const char *function,
			  const struct importer *importer)
{
	if (!is_better(evidence, function, importer))
		return;
	free(evidence->function);
	free(evidence->file);
	evidence->function = mem_string(function);
	evidence->file = mem_string(importer->path);
	evidence->holder = importer->holder;
}

/* The evidence of these values, which may be empty. */
static struct evidence *evidence_of(struct imports *imports, int abi, const struct item *item)
{
	struct value_evidence **values = &imports->values[abi];
	size_t *count = &imports->nr_values[abi];

	for (size_t i = 0; i < *count; i++)
		if (item_is(&(*values)[i].item, item))
			return &(*values)[i].evidence;
	*values = mem_grow(*values, ++*count, sizeof(**values));
	(*values)[*count - 1] = (struct value_evidence){ .item = *item };
	(*values)[*count - 1].item.call = mem_string(item->call);
	return &(*values)[*count - 1].evidence;
}

/* A function, and the file that imports it. */
struct imported {
	struct imports *imports;
	const struct importer *importer;
	const char *function;
};

static void note_values(const struct item *item, void *data)
{
	const struct imported *imported = data;
	int abi = imported->importer->abi;

	if (selector_number(abi, item->selector) >= 0)
		note_evidence(evidence_of(imported->imports, abi, item), imported->function,
			      imported->importer);
}

/* Returns whether the function is known to make system calls. */
static bool add_function(struct imports *imports, const struct importer *importer,
			 const char *function)
{
	struct bitmap calls = { 0 };
	unsigned int nr;

	if (!functions_add(imports->functions, &calls, importer->abi, function))
		return false;
	bitmap_unite(&imports->likely[importer->abi], &calls);
	bitmap_for_each(nr, &calls)
		note_evidence(&imports->evidence[importer->abi][nr], function, importer);
	functions_values(imports->functions, function, note_values,
			 &(struct imported){ imports, importer, function });
	return true;
}

void imports_note_program(struct imports *imports, int abi, enum program_kind kind,
			  const char *path)
{
	char **program = &imports->program[abi][kind];

	if (*program && strcmp(*program, path) <= 0)
		return;
	free(*program);
	*program = mem_string(path);
}

/*
 * Of each image, at most so many functions of Go are looked up, which takes longer than for those
 * of C. runc, which has most, has 305.
 */
#define MOST_GOLANG 2048

/* Moves *@at to the next name that is to be looked up; NULL if there is none. */
static const char *next_name(const struct image *image, size_t *at, unsigned int *golang)
{
	while (image->abi >= 0 && *at < image->len) {
		const char *name = image->names + *at;

		*at += strlen(name) + 1;
		if (!strchr(name, '.') || (image->go && (*golang)++ < MOST_GOLANG))
			return name;
	}
	return NULL;
}

struct bitmap imports_calls(const struct imports *imports, const struct image *image)
{
	struct bitmap calls = { 0 };
	unsigned int golang = 0;
	const char *name;
	size_t at = 0;

	while ((name = next_name(image, &at, &golang)))
		functions_add(imports->functions, &calls, image->abi, name);
	return calls;
}

/* See MOST_OWN. */
static bool holds_everything(const struct imports *imports, const struct image *image)
{
	struct bitmap calls = imports_calls(imports, image);

	return bitmap_count(&calls) > MOST_OWN;
}

static bool has_name(const struct image *image, const char *const *names)
{
	for (size_t at = 0; at < image->len; at += strlen(image->names + at) + 1)
		for (const char *const *name = names; *name; name++)
			if (!strcmp(image->names + at, *name))
				return true;
	return false;
}

static void note_starter(struct imports *imports, const struct image *image, const char *path)
{
	static const char *const executes[] = {
		"execl", "execle", "execlp", "execv", "execve", "execvp", "execvpe", "fexecve",
		"posix_spawn", "posix_spawnp", "popen", "system", "wordexp", "syscall.Exec",
		"syscall.StartProcess", "syscall.forkExec", NULL,
	};
	static const char *const forks[] = { "fork", "vfork", NULL };
	static const char *const foreground[] = { "tcsetpgrp", NULL };

	if (!has_name(image, executes))
		return;
	imports_note_program(imports, image->abi, PROGRAM_STARTER, path);
	/* An interpreter has such functions for its scripts, which need not use them. */
	if (has_name(image, forks) && has_name(image, foreground) &&
	    !holds_everything(imports, image))
		imports_note_program(imports, image->abi, PROGRAM_SHELL, path);
}

void imports_note_kinds(struct imports *imports, const struct image *image, const char *path,
			bool runs)
{
	if (image->interpreter)
		imports_note_program(imports, image->abi, PROGRAM_DYNAMIC, path);
	else if (!image->go && !image->loader)
		imports_note_program(imports, image->abi, PROGRAM_STATIC, path);
	if (image->go)
		imports_note_program(imports, image->abi, PROGRAM_GO, path);
	if (image->go && !image->go_named)
		imports_note_program(imports, image->abi, PROGRAM_GO_UNNAMED, path);
	if (runs)
		note_starter(imports, image, path);
}

static enum holder holder_of(const struct imports *imports, const struct image *image,
			     enum holder holder)
{
	return holder == HOLDER_PROGRAM && holds_everything(imports, image) ? HOLDER_OWN : holder;
}

bool imports_add_image(struct imports *imports, const struct image *image, const char *path,
		       enum holder holder)
{
	const struct importer importer = {
		image->abi, path, holder_of(imports, image, holder),
	};
	unsigned int golang = 0;
	const char *name;
	bool any = false;
	size_t at = 0;

	while ((name = next_name(image, &at, &golang)))
		any |= add_function(imports, &importer, name);
	imports->images += any;
	return any;
}

bool imports_add_file(struct imports *imports, int fd, const char *path, bool is_program)
{
	struct image image;
	bool any = false;

	if (image_read(fd, &image) == IMAGE_READ) {
		any = imports_add_image(imports, &image, path,
					is_program ? HOLDER_PROGRAM : HOLDER_LIBRARY);
		if (is_program)
			imports_note_kinds(imports, &image, path, true);
	}
	image_release(&image);
	return any;
}

/* ---- what could not be read */

void imports_note_unread(struct imports *imports, enum unread_reason reason, const char *path)
{
	imports->unread = mem_grow(imports->unread, imports->nr_unread + 1,
				   sizeof(*imports->unread));
	imports->unread[imports->nr_unread++] = (struct unread){ mem_string(path), reason };
}

static void free_unread(struct imports *imports)
{
	for (size_t i = 0; i < imports->nr_unread; i++)
		free(imports->unread[i].path);
	free(imports->unread);
}

/* ---- the whole */

struct imports *imports_new(struct functions *functions)
{
	struct imports *imports = mem_alloc(sizeof(*imports));

	imports->functions = functions;
	imports->milliseconds = IMPORTS_MILLISECONDS;
	imports->ceiling.state = CEILING_NONE;
	return imports;
}

/* Frees all results; the caller keeps the settings. */
static void empty(struct imports *imports)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
			free(imports->evidence[abi][nr].function);
			free(imports->evidence[abi][nr].file);
		}
		for (size_t i = 0; i < imports->nr_values[abi]; i++) {
			free(imports->values[abi][i].item.call);
			free(imports->values[abi][i].evidence.function);
			free(imports->values[abi][i].evidence.file);
		}
		free(imports->values[abi]);
		for (unsigned int kind = 0; kind < __PROGRAM_KIND_MAX; kind++)
			free(imports->program[abi][kind]);
	}
	free_unread(imports);
	ceiling_release(&imports->ceiling);
}

void imports_clear(struct imports *imports)
{
	struct functions *functions = imports->functions;
	unsigned int milliseconds = imports->milliseconds;
	bool reach = imports->reach;

	empty(imports);
	*imports = (struct imports){
		.functions = functions, .milliseconds = milliseconds,
		.reach = reach, .ceiling.state = CEILING_NONE,
	};
}

void imports_free(struct imports *imports)
{
	if (!imports)
		return;
	empty(imports);
	free(imports);
}
