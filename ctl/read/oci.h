/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an OCI seccomp profile says, collected: its rules as they are written, each with its
 * place in the file, and for each call which of them hold for it. The reader makes a profile
 * of that, lint looks for mistakes in it; neither decides again what a rule means.
 */
#ifndef CTL_OCI_H
#define CTL_OCI_H

#include <json-c/json.h>

#include "base/message.h"
#include "calls/sets.h"

/* What Go calls this machine: the arches of a condition have it. */
#define OCI_GO_ARCH "amd64"

/**
 * enum oci_action - what is done with a call
 * @OCI_UNKNOWN: no action has that name, which is an error
 * @OCI_KILL_THREAD: SCMP_ACT_KILL is the same
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
 * struct oci_answer - what a rule, or the default, does
 * @action: with the call
 * @name: of @action in the file, or NULL
 * @err: 0 lets it pass; an errno; or PROFILE_KILLS. What goes to a tracer or an agent
 *	counts as refused with EPERM
 * @errno_key: the key in the file that gives an errno, or NULL if none does
 * @errno_given: which; 0 if none is given
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
 * @object: all of it; NULL if it is no object
 * @answer: what it does
 * @name: the calls that it names, in the order of the file; NULL stands for what is no name
 * @nr_names: how many
 * @single: @name is what stands at the key "name", not at "names"
 * @args: it looks at arguments
 * @condition: it does not hold everywhere
 * @min_kernel: that depends on the kernel, too
 * @holds: it holds here; see &struct oci
 */
struct oci_rule {
	json_object *object;
	struct oci_answer answer;
	const char **name;
	size_t nr_names;
	bool single;
	bool args;
	bool condition;
	bool min_kernel;
	bool holds;
};

/* No rule: rules are numbered from 0. */
#define OCI_NO_RULE (-1)

/**
 * struct oci_ref - a name in a rule
 * @rule: index of the rule, or OCI_NO_RULE
 * @name: index of the name in it
 */
struct oci_ref {
	int rule;
	int name;
};

/**
 * struct oci_call - the rules that hold for one call, OCI_NO_RULE where there is none
 * @allow: lets it pass
 * @refuse: refuses it
 * @usual: does what is done by default; runtimes pass over such a rule
 * @allow_args: lets it pass for some arguments
 * @refuse_args: refuses it for some arguments
 */
struct oci_call {
	struct oci_ref allow;
	struct oci_ref refuse;
	struct oci_ref usual;
	struct oci_ref allow_args;
	struct oci_ref refuse_args;
};

/**
 * enum oci_clash_kind - how two rules clash that name one call
 * @OCI_CLASH_SAME: both do the same with it
 * @OCI_CLASH_ORDER: they don't, and the first holds, as with libseccomp: one of them has a
 *	condition, so they are not written for the same machines
 * @OCI_CLASH_BOTH: they don't, and it depends on the runtime which of them holds
 */
enum oci_clash_kind {
	OCI_CLASH_SAME,
	OCI_CLASH_ORDER,
	OCI_CLASH_BOTH,
};

/**
 * struct oci_clash - one such pair
 * @kind: how they clash
 * @here: the second of them in the file
 * @there: the first
 */
struct oci_clash {
	enum oci_clash_kind kind;
	struct oci_ref here;
	struct oci_ref there;
};

/**
 * struct oci - a profile
 * @root: all of it
 * @caps: the capabilities by which conditions were decided, a bit for each
 * @standard: what is done with calls that no rule names
 * @listener: it has a listenerPath
 * @flags: it has flags
 * @arch_map: it lists architectures per machine, as Docker does
 * @abi: the ABIs that its names are meant for; x86_64 always
 * @foreign: it names machines or architectures that are none of these
 * @unlisted: it lists architectures, and x86_64 is not among them
 * @rule: the rules, in the order of the file
 * @nr_rules: how many
 * @conditions: how many of them have conditions
 * @dropped: how many of those don't hold here
 * @clash: the pairs of names that clash, in the order of the file
 * @nr_clashes: how many
 * @call: per ABI and number
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
 * Collect what @root says; takes over the caller's reference. Mistakes are added to
 * @messages, after each of which it goes on: with an error there, what was collected is not
 * to be relied upon. Conditions are decided as Docker and Podman decide them where a
 * container starts: by this machine, by the kernel that runs here (minKernel), and by @caps.
 * Never NULL; ends with oci_free().
 */
struct oci *oci_collect(json_object *root, uint64_t caps, struct messages *messages);
void oci_free(struct oci *oci);

/* "syscalls[2].names[0]", in @place; returns it. */
const char *oci_place(const struct oci *oci, struct oci_ref ref, char *place, size_t size);
const char *oci_name(const struct oci *oci, struct oci_ref ref);
/* What the rule does that a reference leads to. */
const struct oci_answer *oci_answer_of(const struct oci *oci, struct oci_ref ref);

static inline bool oci_there(struct oci_ref ref)
{
	return ref.rule != OCI_NO_RULE;
}

/* Whether a name can be none of any kernel, and so is an error wherever it stands. */
bool oci_name_impossible(const char *name);

#endif /* CTL_OCI_H */
