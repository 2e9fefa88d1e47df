/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contents of an OCI seccomp profile: its rules as written, each with its place in the
 * file, and for each call the rules that apply to it. The reader turns this into a profile,
 * and lint looks for mistakes in it; neither of them interprets the rules a second time.
 */
#ifndef CTL_OCI_H
#define CTL_OCI_H

#include <json-c/json.h>

#include "base/message.h"
#include "calls/argument.h"
#include "calls/selector.h"
#include "calls/sets.h"
#include "read/options.h"

/* Go's name for this machine, which is used in the "arches" of a condition. */
#define OCI_GO_ARCH "amd64"

/**
 * enum oci_action - what is done with a call
 * @OCI_UNKNOWN: no action has that name; this is an error
 * @OCI_KILL_THREAD: also SCMP_ACT_KILL, which means the same
 */
enum oci_action {
	OCI_UNKNOWN,
	OCI_ALLOW,
	OCI_LOG,
	OCI_ERRNO,
	OCI_TRACE,
	OCI_TRAP,
	OCI_NOTIFY,
	OCI_KILL_THREAD,
	OCI_KILL_PROCESS,
};

/**
 * struct oci_answer - what a rule, or the default, does with a call
 * @action: the action
 * @name: the name of @action in the file, or NULL
 * @err: 0 if the call is allowed; an errno; or PROFILE_KILLS. A call that goes to a tracer or
 *	an agent counts as refused with EPERM.
 * @errno_key: the key in the file that gives the errno, or NULL if none does
 * @errno_given: the errno that is given; 0 if none is
 */
struct oci_answer {
	enum oci_action action;
	const char *name;
	int err;
	const char *errno_key;
	int errno_given;
};

/**
 * struct oci_rule - one rule
 * @object: the whole rule; NULL if it is not a JSON object
 * @answer: what it does
 * @name: the names of the calls, in the order of the file; NULL for an element that is not a
 *	name
 * @nr_names: number of names
 * @single: the name is the value of the key "name", not an element of "names"
 * @args: the rule checks arguments
 * @comparison: what it compares, without what is always true; all must be true, or any of them
 *	if two look at the same argument: so runtimes
 * @nr_comparisons: number of comparisons
 * @bad_arg: index of the first element of "args" that is no comparison, or -1
 * @condition: the rule has a condition: it does not apply everywhere
 * @min_kernel: the condition depends on the kernel, too
 * @holds: the rule applies here; see &struct oci
 */
struct oci_rule {
	json_object *object;
	struct oci_answer answer;
	const char **name;
	size_t nr_names;
	bool single;
	bool args;
	struct comparison *comparison;
	size_t nr_comparisons;
	int bad_arg;
	bool condition;
	bool min_kernel;
	bool holds;
};

/* Means "no rule". Rules are numbered from 0. */
#define OCI_NO_RULE (-1)

/**
 * struct oci_ref - a reference to a name in a rule
 * @rule: index of the rule, or OCI_NO_RULE
 * @name: index of the name in the rule
 */
struct oci_ref {
	int rule;
	int name;
};

/**
 * struct oci_call - the rules that apply to one call, OCI_NO_RULE where there is none
 * @allow: the rule that allows the call
 * @refuse: the rule that refuses the call
 * @usual: a rule that does the same as the default action; runtimes skip such a rule
 * @allow_args: the rule that allows the call for some arguments
 * @refuse_args: the rule that refuses the call for some arguments
 */
struct oci_call {
	struct oci_ref allow;
	struct oci_ref refuse;
	struct oci_ref usual;
	struct oci_ref allow_args;
	struct oci_ref refuse_args;
};

/**
 * enum oci_clash_kind - how two rules clash that name the same call
 * @OCI_CLASH_SAME: both treat the call alike
 * @OCI_CLASH_ORDER: they treat it differently, and the first one wins, as in libseccomp. At
 *	least one of them has a condition, so they are written for different machines.
 * @OCI_CLASH_BOTH: they treat it differently, and runtimes disagree about which one wins
 */
enum oci_clash_kind {
	OCI_CLASH_SAME,
	OCI_CLASH_ORDER,
	OCI_CLASH_BOTH,
};

/**
 * struct oci_clash - two rules that clash
 * @kind: how they clash
 * @here: the name in the second of the two rules
 * @there: the name in the first of the two rules
 */
struct oci_clash {
	enum oci_clash_kind kind;
	struct oci_ref here;
	struct oci_ref there;
};

/**
 * struct oci - the contents of an OCI profile
 * @root: the whole profile
 * @caps: the capabilities with which conditions were evaluated, one bit for each
 * @standard: what happens to calls that no rule names
 * @listener: whether it has a listenerPath
 * @flags: whether it has flags
 * @arch_map: whether it lists architectures per machine, as Docker's profile does
 * @abi: the ABIs for which its names are meant; x86_64 always
 * @foreign: whether it names machines or architectures other than x86
 * @unlisted: whether it lists architectures, but not x86_64
 * @rule: the rules, in the order of the file
 * @nr_rules: number of rules
 * @conditions: how many of the rules have conditions
 * @dropped: how many of those do not apply here
 * @clash: the names that clash, in the order of the file
 * @nr_clashes: number of clashes
 * @call: the rules for each call, by ABI and number
 */
struct oci {
	json_object *root;
	uint64_t caps;
	struct oci_answer standard;
	bool listener;
	bool flags;
	bool arch_map;
	bool abi[NR_ABIS];
	bool foreign;
	bool unlisted;
	struct oci_rule *rule;
	size_t nr_rules;
	unsigned int conditions;
	unsigned int dropped;
	struct oci_clash *clash;
	size_t nr_clashes;
	struct oci_call call[NR_ABIS][SCMOD_NR_BITS];
};

/*
 * Collects what @root says; takes over the caller's reference. Each mistake is added to
 * @messages, and collecting goes on; if one of them is an error, the result is incomplete.
 * Conditions are evaluated as Docker and Podman do when they start a container: by this
 * machine, by the running kernel (minKernel), and by @caps. Never returns NULL; release with
 * oci_free().
 */
struct oci *oci_collect(json_object *root, uint64_t caps, struct messages *messages);
void oci_free(struct oci *oci);

/* Stores "syscalls[2].names[0]" in @place and returns @place. */
const char *oci_place(const struct oci *oci, struct oci_ref ref, char *place, size_t size);
const char *oci_name(const struct oci *oci, struct oci_ref ref);
/* The answer of the rule to which @ref refers. */
const struct oci_answer *oci_answer_of(const struct oci *oci, struct oci_ref ref);

static inline bool oci_there(struct oci_ref ref)
{
	return ref.rule != OCI_NO_RULE;
}

/**
 * struct oci_value - a rule of values, and the rule of the profile that it is from
 */
struct oci_value {
	struct scmod_value_rule rule;
	int from;
};

/**
 * struct oci_values - what a profile says about the values of a selector
 * @listed: whether @value says which may be used; else the values make no difference
 * @value: rules, of which the first that is for a value decides
 * @count: number of rules
 * @lost: the first rule that looks at what no value has, or OCI_NO_RULE
 * @dropped: whether there were more rules of values than a policy may have
 */
struct oci_values {
	bool listed;
	struct oci_value *value;
	size_t count;
	int lost;
	bool dropped;
};

/*
 * What the rules that apply here say about values of the selector. Where a rule looks at what
 * no value has, @args decides: with READER_ARGS_WIDEN this is left out of a rule that allows, and
 * a rule that refuses is left out; otherwise it is the other way round. To be freed: @value.
 */
struct oci_values oci_values_of(const struct oci *oci, unsigned int selector,
				enum reader_args args);
/*
 * Whether the rule says something that values can't hold: it looks at arguments of a call
 * without a selector, or at others than the selector's, or at other bits.
 */
bool oci_rule_beyond(const struct oci *oci, const struct oci_rule *rule);

/*
 * Whether no kernel can have a call of that name, so that the name is an error in any
 * profile.
 */
bool oci_name_impossible(const char *name);

#endif /* CTL_OCI_H */
