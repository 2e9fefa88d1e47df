/* SPDX-License-Identifier: GPL-2.0 */
/* Policies as files hold them: those that 'scmod save' writes, and those that people write. */
#ifndef CTL_SAVED_H
#define CTL_SAVED_H

#include "profile/profile.h"

/* The value of the field "format". */
#define SAVED_FORMAT "scmod-policies-2"
/* That of before there were values; such a file says nothing about them. */
#define SAVED_FORMAT_1 "scmod-policies-1"

/**
 * struct saved_selector - the values of one selector, as a file holds them
 * @set: the values that may be used; the reasons don't matter
 * @watch: 1 or 0, whether the values are looked at, or -1 if the file does not say
 * @seen: values that were seen
 * @nr_seen: number of these
 */
struct saved_selector {
	struct value_set set;
	int watch;
	uint64_t seen[SCMOD_VALUE_RULES_MAX];
	size_t nr_seen;
};

/**
 * struct saved - a policy as a file holds it
 * @name: path below the cgroup2 mount, or pattern
 * @once: the policy has no name and ends with its cgroup, whose path is @name
 * @mode: &enum scmod_mode
 * @action: &enum scmod_action, or -1 if the policy is to keep the one that it has
 * @err: what a refused call returns, or -1, likewise
 * @has_sets: whether @abi says what is allowed and soft; else the policy keeps what it has
 * @has_priority: whether @abi says which refusals have priority; else the rules decide
 * @abi: the sets; seen and denied are empty if the file does not say
 * @reasons: why calls are allowed, or NULL
 * @selector: the values of all selectors, or NULL if the file says nothing about them: with
 *	@has_sets, any value may be used
 */
struct saved {
	char *name;
	bool once;
	int mode;
	int action;
	int err;
	bool has_sets;
	bool has_priority;
	struct abi_sets abi[NR_ABIS];
	struct profile *reasons;
	struct saved_selector *selector;
};

/**
 * struct saved_file - the contents of a file
 * @boot: the kernel's boot id when it was saved, or NULL
 * @policy: the policies, the oldest first
 * @count: number of policies
 */
struct saved_file {
	char *boot;
	struct saved *policy;
	size_t count;
};

/* Adds a policy of which nothing is known. */
struct saved *saved_add(struct saved_file *file);
/* The values of all selectors, about which nothing is said; to be put into &saved.selector. */
struct saved_selector *saved_selectors(void);
void saved_selectors_free(struct saved_selector *selector);
/* The policy that is meant by the same name as @like, or NULL. */
const struct saved *saved_find(const struct saved_file *file, const struct saved *like);
void saved_release(struct saved_file *file);

/* Whether numbers without a name that are not allowed are all in the soft set. */
bool saved_soft_nameless(const struct abi_sets *sets, unsigned int abi);
/* Puts all of these into the soft set. */
void saved_add_soft_nameless(struct abi_sets *sets, unsigned int abi);

#endif /* CTL_SAVED_H */
