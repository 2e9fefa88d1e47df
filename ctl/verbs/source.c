// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the source of a profile that a word on the command line names: a cgroup's record, or
 * a file. A file needs neither the module nor root.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <linux/magic.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "kernel/called.h"
#include "kernel/nl.h"
#include "kernel/target.h"
#include "verbs/kept.h"
#include "verbs/source.h"

bool source_is_file(const char *word)
{
	struct statfs fs;
	struct stat st;

	if (file_is_stream(word))
		return true;
	if (target_is_id(word) || stat(word, &st) || S_ISDIR(st.st_mode) || statfs(word, &fs))
		return false;
	return fs.f_type != CGROUP2_SUPER_MAGIC && fs.f_type != CGROUP_SUPER_MAGIC;
}

/*
 * Reads the policy with its records, which tell who made each call; the list of all policies
 * lacks them.
 */
static int read_policy(const char *verb, const struct target *target, struct infer *infer,
		       struct source *source)
{
	int err = scmod_list(target->id, true, &source->list);

	if (err)
		return scmod_fail(verb, target->name, err);
	source->name = mem_string(source->list.policy[0].path);
	source->called = mem_string(called_name(source->name));
	source->label = source->called ? mem_print("%s (%s)", source->name, source->called) :
					 mem_string(source->name);
	source->profile = kept_profile(&source->list.policy[0]);
	return infer ? infer_add_target(infer, verb, source->profile, target) : EXIT_DONE;
}

static int open_cgroup(const char *verb, const char *word, struct infer *infer,
		       struct source *source)
{
	struct target target;
	struct stat st;
	int err = word && !target_is_id(word) && stat(word, &st) ? errno : 0;
	int ret;

	/*
	 * The module is not loaded, so the word is more likely a misspelt file name than a
	 * cgroup.
	 */
	if (err && scmod_find())
		return fail(EXIT_FAILED, "%s %s: %s; give an existing file (the kernel module is not loaded, so there are no records of cgroups)",
			    verb, word, strerror(err));
	ret = scmod_open();
	if (!ret)
		ret = target_find(verb, word, 0, &target);
	if (ret)
		return ret;
	ret = read_policy(verb, &target, infer, source);
	target_release(&target);
	return ret;
}

int source_read_file(const char *what, const char *path, const struct reader_options *options,
		     struct profile **profile)
{
	struct messages messages = { 0 };

	profile_read(path, options, &messages, profile);
	return messages_tell(&messages, "%s %s", what, path);
}

static int open_file(const char *verb, const char *word, const struct reader_options *options,
		     struct infer *infer, struct source *source)
{
	int ret;

	source->name = mem_string(word);
	source->label = mem_string(word);
	source->file = true;
	ret = source_read_file(verb, word, options, &source->profile);
	if (!ret && infer)
		ret = infer_add_file(infer, source->profile);
	return ret;
}

int source_open(const char *verb, const char *word, const struct reader_options *options,
		struct infer *infer, struct source *source)
{
	int ret;

	*source = (struct source){ 0 };
	if (!word || !source_is_file(word))
		ret = open_cgroup(verb, word, infer, source);
	else
		ret = open_file(verb, word, options, infer, source);
	if (ret)
		source_release(source);
	return ret;
}

void source_release(struct source *source)
{
	profile_free(source->profile);
	policy_list_release(&source->list);
	free(source->name);
	free(source->called);
	free(source->label);
	*source = (struct source){ 0 };
}
