/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds the source of a profile that a word on the command line names: a cgroup's record, or
 * a file.
 */
#ifndef CTL_SOURCE_H
#define CTL_SOURCE_H

#include "infer/infer.h"
#include "read/reader.h"

/**
 * struct source - a record or a file from which a profile is made
 * @name: path of the cgroup or file
 * @called: what the cgroup is called, such as "podman:web"; NULL if nobody calls it something
 * @label: the path, and in brackets what the cgroup is called; for messages
 * @file: whether it is a file
 * @profile: the profile
 * @list: the policy with its records; empty for a file
 */
struct source {
	char *name;
	char *called;
	char *label;
	bool file;
	struct profile *profile;
	struct policy_list list;
};

/* Whether the word is the path of a file, or "-" for standard input. */
bool source_is_file(const char *word);

/* profile_read() for a verb: prints the messages with @what before the path. */
int source_read_file(const char *what, const char *path, const struct reader_options *options,
		     struct profile **profile);

/*
 * Opens what @word names: a file (anything but a directory, outside of cgroup mounts), or
 * CGROUP as target_find() accepts it. @infer (NULL: nothing) adds calls to a record;
 * infer_add_file() adds calls to a file. Prints errors and returns an exit code; on failure
 * @source is empty.
 */
int source_open(const char *verb, const char *word, const struct reader_options *options,
		struct infer *infer, struct source *source);
void source_release(struct source *source);

#endif /* CTL_SOURCE_H */
