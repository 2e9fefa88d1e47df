/* SPDX-License-Identifier: GPL-2.0 */
/* What a word on the command line names: a cgroup's record, or a file. */
#ifndef CTL_SOURCE_H
#define CTL_SOURCE_H

#include "infer/infer.h"
#include "read/reader.h"

/**
 * struct source - where a profile comes from
 * @name: for messages: the cgroup's path or the file's
 * @file: it is a file
 * @profile: what it says
 * @list: with who made each call; of one policy, or none if it is a file
 */
struct source {
	char *name;
	bool file;
	struct profile *profile;
	struct policy_list list;
};

/* Whether the word is the path of a file, or "-" for standard input. */
bool source_is_file(const char *word);

/* profile_read() for a verb: what there is to say is printed with @what before the path. */
int source_read_file(const char *what, const char *path, const struct reader_options *options,
		     struct profile **profile);

/*
 * @word is the path of a file (anything but a directory, not below a cgroup mount),
 * or CGROUP as target_find() has it. A record gets what @infer (NULL: nothing) adds;
 * a file what infer_add_file() does. Prints its errors, returns an exit code; on failure
 * @source is empty.
 */
int source_open(const char *verb, const char *word, const struct reader_options *options,
		struct infer *infer, struct source *source);
void source_release(struct source *source);

#endif /* CTL_SOURCE_H */
