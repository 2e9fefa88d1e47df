// SPDX-License-Identifier: GPL-2.0
/* scmod apply: makes policies what the files of a directory say. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "verbs/each.h"
#include "verbs/settle.h"

/**
 * struct dir - the files of a directory
 * @path: their paths, in the order of their names
 * @file: their contents; empty if a file has an error
 * @count: number of files
 * @ret: exit code of what was read
 */
struct dir {
	char **path;
	struct saved_file *file;
	size_t count;
	int ret;
};

static int is_policy_file(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return *entry->d_name != '.' && len > 5 && !strcmp(entry->d_name + len - 5, ".json");
}

/* In every locale alike, so that the order of policies does not depend on who runs this. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int check_policy(const struct dir *dir, size_t at, const struct saved *saved)
{
	if (saved->once)
		return fail(EXIT_FAILED,
			    "apply %s: %s: a policy that ends with its cgroup can't be applied again and again; remove once",
			    dir->path[at], saved->name);
	for (size_t i = 0; i < at; i++)
		if (saved_find(&dir->file[i], saved))
			return fail(EXIT_FAILED,
				    "apply %s: %s: the policy is in %s, too; remove it from one of them",
				    dir->path[at], saved->name, dir->path[i]);
	return EXIT_DONE;
}

/* Nothing of a file that has an error is applied, but the other files are. */
static void read_file(struct dir *dir, size_t at)
{
	struct saved_file *file = &dir->file[at];
	int ret = settle_read("apply", dir->path[at], file);

	for (size_t i = 0; !ret && i < file->count; i++)
		ret = check_policy(dir, at, &file->policy[i]);
	if (!ret)
		return;
	saved_release(file);
	dir->ret = ret;
}

static int read_dir(const char *path, struct dir *dir)
{
	struct dirent **entry;
	int count = scandir(path, &entry, is_policy_file, by_name);

	if (count < 0)
		return fail(exit_code_of(errno), "apply %s: %s; give a directory with files that end in .json",
			    path, strerror(errno));
	dir->path = mem_alloc((count + 1) * sizeof(*dir->path));
	dir->file = mem_alloc((count + 1) * sizeof(*dir->file));
	dir->count = count;
	for (int i = 0; i < count; i++) {
		dir->path[i] = mem_print("%s/%s", path, entry[i]->d_name);
		free(entry[i]);
		read_file(dir, i);
	}
	free(entry);
	return EXIT_DONE;
}

static void dir_release(struct dir *dir)
{
	for (size_t i = 0; i < dir->count; i++) {
		saved_release(&dir->file[i]);
		free(dir->path[i]);
	}
	free(dir->file);
	free(dir->path);
}

static int apply_files(struct settle *settle, const struct dir *dir, bool json)
{
	int ret = dir->ret;

	for (size_t i = 0; i < dir->count; i++) {
		int failed = settle_file(settle, dir->path[i], &dir->file[i]);

		if (failed)
			ret = failed;
	}
	settle_report(settle, json);
	return ret;
}

static int apply(struct settle *settle, const char *path, bool json)
{
	struct dir dir = { 0 };
	int ret = read_dir(path, &dir);

	if (!ret)
		ret = settle_begin(settle);
	if (!ret)
		ret = apply_files(settle, &dir, json);
	settle_end(settle);
	dir_release(&dir);
	return ret;
}

static int run(const struct args *args)
{
	struct settle settle = {
		.verb = "apply", .dry_run = args->value[OPT_DRY_RUN], .loosen = true,
	};

	if (args->count)
		return apply(&settle, args->word[0], args->json);
	if (!access(SETTLE_DIR, F_OK))
		return apply(&settle, SETTLE_DIR, args->json);
	note("apply: there is no %s, so nothing is to be applied", SETTLE_DIR);
	return EXIT_DONE;
}

const struct verb verb_apply = {
	.name = "apply", .group = GROUP_CONTROL,
	.summary = "make policies what the files of a directory say",
	.example = "scmod apply /etc/scmod/policies.d --dry-run", .mute = true,
	.words = (const struct word[]){
		{ .name = "DIR", .kind = KIND_INPUT, .optional = true },
		{ 0 },
	},
	.opts = (const struct opt *const[]){ &opt_dry_run_files, NULL },
	.run = run,
};
