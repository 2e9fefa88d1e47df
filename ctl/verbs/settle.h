/* SPDX-License-Identifier: GPL-2.0 */
/* Puts the policies of files in force: shared by restore and apply. */
#ifndef CTL_SETTLE_H
#define CTL_SETTLE_H

#include "kernel/policy.h"
#include "profile/saved.h"
#include "verbs/verb.h"

/* Where 'scmod save' writes and 'scmod restore' reads, unless they are given a file. */
#define SETTLE_FILE_DIR "/var/lib/scmod"
#define SETTLE_FILE SETTLE_FILE_DIR "/policies.json"
/* What 'scmod apply' reads, unless it is given a directory. */
#define SETTLE_DIR "/etc/scmod/policies.d"

/**
 * struct settle - putting policies in force
 * @verb: the verb that does it
 * @dry_run: only show what would change
 * @loosen: a policy that enforces may be replaced by one that refuses less
 * @boot: the kernel's boot id
 * @list: the policies that were there before
 * @step: what was done, one for each policy of the files
 * @count: number of steps
 */
struct settle {
	const char *verb;
	bool dry_run;
	bool loosen;
	char *boot;
	struct policy_list list;
	struct step *step;
	size_t count;
};

extern const struct opt opt_dry_run_files;

/*
 * Reads a file and checks the names in it; prints errors and notes. Returns an exit code; unless
 * it is EXIT_DONE, @file is empty.
 */
int settle_read(const char *verb, const char *path, struct saved_file *file);

/* Connects, and finds out which policies are there. Returns an exit code. */
int settle_begin(struct settle *settle);
/*
 * Puts each policy of @file in force in one step, or leaves it as it is and prints why; goes on
 * with the others. @path is the file's, for messages. Both must stay until settle_end(). Returns
 * an exit code.
 */
int settle_file(struct settle *settle, const char *path, const struct saved_file *file);
/* Prints what was done, or would be. */
void settle_report(const struct settle *settle, bool json);
void settle_end(struct settle *settle);

/* Whether the policy has no name and ends with its cgroup. */
bool settle_is_once(const struct policy *policy);
/* The kernel's boot id, to be freed; NULL without /proc. */
char *settle_boot(void);

#endif /* CTL_SETTLE_H */
