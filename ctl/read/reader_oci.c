// SPDX-License-Identifier: GPL-2.0
/*
 * The seccomp object of the OCI runtime specification, and what Docker and Podman
 * add to it. Its rules are collected per call first, so that none overrules
 * another by standing behind it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/errname.h"
#include "base/memory.h"
#include "calls/caps.h"
#include "calls/sysname.h"
#include "read/reading.h"

/* What Go calls this machine: arches of a condition have it. */
#define GO_ARCH "amd64"

/* So many rules are named where all are of one kind. */
#define ARGS_TOLD 32

/* No rule: rules are numbered from 0. */
#define NO_RULE (-1)

/**
 * struct asked - which rule says what of one call; numbers of rules
 * @allow: lets it pass
 * @refuse: refuses it
 * @usual: refuses it as the profile does by default; runtimes pass over such a rule
 * @allow_args: lets it pass for some arguments
 * @refuse_args: refuses it for some arguments
 * @err: what @refuse answers: an errno, or PROFILE_KILLS
 * @args_err: what @refuse_args answers
 */
struct asked {
	int allow;
	int refuse;
	int usual;
	int allow_args;
	int refuse_args;
	int err;
	int args_err;
};

/**
 * struct oci - an OCI profile being read
 * @reading: the file
 * @abi: which ABIs its names are meant for
 * @foreign: it names machines or architectures that are none of these
 * @unlisted: it lists architectures, and x86_64 is not among them
 * @ends_thread: its default action does not end the whole process
 * @thread_action: the first action that does not, or NULL
 * @by_socketcall, @by_ipc: the first call that i386 may make so and that is allowed
 * @conditions: how many rules had conditions
 * @dropped: how many of these don't hold here
 * @nr_rules: how many rules were read so far
 * @has_condition: of each rule that holds here, whether it has one
 * @rules_with_args: "syscalls[1] (clone)" and so on, with commas between
 * @nr_rules_with_args: how many there are; ARGS_TOLD of them are in the text
 * @asked: per ABI and call
 */
struct oci {
	struct reading *reading;
	bool abi[NR_ABIS];
	bool foreign;
	bool unlisted;
	bool ends_thread;
	const char *thread_action;
	const char *by_socketcall;
	const char *by_ipc;
	unsigned int conditions;
	unsigned int dropped;
	int nr_rules;
	bool *has_condition;
	char *rules_with_args;
	unsigned int nr_rules_with_args;
	struct asked asked[NR_ABIS][SCMOD_NR_BITS];
};

/**
 * struct rule - one rule
 * @index: its number
 * @allow: it lets calls pass
 * @args: it looks at arguments
 * @condition: it holds on some machines only
 * @ends_thread: it ends a thread, and not the whole process
 * @err: what it answers if it does not allow, as in &struct asked
 */
struct rule {
	int index;
	bool allow;
	bool args;
	bool condition;
	bool ends_thread;
	int err;
};

/* Docker and Podman are written in Go and take keys in any case; crun does not. */
static int check_keys(struct reading *reading, json_object *object, const char *const *keys)
{
	if (!json_object_is_type(object, json_type_object))
		return EXIT_DONE;
	json_object_object_foreach(object, key, value) {
		const char *almost = json_key_almost(key, keys);

		(void)value;
		if (almost)
			return reading_reject(reading, "'%s' is '%s' to some runtimes, and nothing to others; write '%s'",
					      key, almost, almost);
	}
	return EXIT_DONE;
}

/* ---- the head */

static bool ends_thread(const char *action)
{
	return !strcmp(action, "SCMP_ACT_KILL") || !strcmp(action, "SCMP_ACT_KILL_THREAD");
}

static void note_thread_action(struct oci *oci, const char *action)
{
	if (!oci->thread_action && ends_thread(action))
		oci->thread_action = action;
}

static bool is_kill(const char *action)
{
	return ends_thread(action) || !strcmp(action, "SCMP_ACT_KILL_PROCESS");
}

/*
 * As a number, or by its name, as containers-common writes it and prefers it. One
 * that isn't there changes nothing.
 */
static int read_errno(struct reading *reading, json_object *object, const char *number,
		      const char *name, int *err)
{
	const char *text = json_text_of(object, name);
	int by_number = 0, by_name = 0;
	int ret = reading_errno(reading, object, number, &by_number);

	if (ret)
		return ret;
	if (json_says_something(object, name)) {
		by_name = text ? errname_named(text) : 0;
		if (!by_name)
			return reading_reject(reading, "%s '%s' is no errno; correct it", name,
					      text ? text : "");
	}
	if (by_number && by_name && by_number != by_name)
		return reading_reject(reading, "%s is %d and %s is %s; remove one", number,
				      by_number, name, text);
	if (by_number || by_name)
		*err = by_name ? by_name : by_number;
	return EXIT_DONE;
}

static int read_default(struct oci *oci, json_object *root)
{
	const char *action = json_text_of(root, "defaultAction");
	struct reading *reading = oci->reading;

	if (!action)
		return reading_reject(reading, "no defaultAction: not an OCI seccomp profile");
	oci->ends_thread = ends_thread(action);
	note_thread_action(oci, action);
	if (is_kill(action)) {
		reading->profile->action = SCMOD_ACTION_KILL;
		return EXIT_DONE;
	}
	if (strcmp(action, "SCMP_ACT_ERRNO"))
		return reading_reject(reading,
				      "defaultAction %s does not refuse; SCMP_ACT_ERRNO or SCMP_ACT_KILL_PROCESS does",
				      action);
	reading->profile->action = SCMOD_ACTION_ERRNO;
	return read_errno(reading, root, "defaultErrnoRet", "defaultErrno",
			  &reading->profile->err);
}

static int read_architecture(struct reading *reading, json_object *value, void *data)
{
	const char *name = json_text(value);
	struct oci *oci = data;
	bool ours = false;

	if (!name || strncmp(name, "SCMP_ARCH_", strlen("SCMP_ARCH_")))
		return reading_reject(reading,
				      "no architecture is named '%s'; SCMP_ARCH_X86_64 is",
				      name ? name : "");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		if (strcmp(name, abi_oci_name(abi)))
			continue;
		oci->abi[abi] = true;
		ours = true;
	}
	oci->foreign |= !ours;
	return EXIT_DONE;
}

/* Docker's form: of each machine, which architectures its programs may use. */
static int read_arch_entry(struct reading *reading, json_object *entry, void *data)
{
	static const char *const keys[] = { "architecture", "subArchitectures", NULL };
	const char *name = json_text_of(entry, "architecture");
	struct oci *oci = data;

	if (check_keys(reading, entry, keys))
		return EXIT_FAILED;
	if (!name)
		return reading_reject(reading, "it names no architecture; correct it");
	if (strcmp(name, abi_oci_name(SCMOD_ABI_X86_64))) {
		oci->foreign = true;
		return EXIT_DONE;
	}
	/* Docker and Podman pass over all but the first. */
	if (oci->abi[SCMOD_ABI_X86_64])
		return reading_reject(reading, "%s is there twice; remove one", name);
	oci->abi[SCMOD_ABI_X86_64] = true;
	return reading_each(reading, entry, "subArchitectures", read_architecture, oci);
}

static bool any_abi(const struct oci *oci)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (oci->abi[abi])
			return true;
	return false;
}

static int read_architectures(struct oci *oci, json_object *root)
{
	bool list = json_says_something(root, "architectures");
	bool map = json_says_something(root, "archMap");
	int ret = EXIT_DONE;

	if (list && map)
		return reading_reject(oci->reading,
				      "it has both architectures and archMap; remove one");
	if (!list && !map)
		oci->abi[SCMOD_ABI_X86_64] = true;
	else if (map)
		ret = reading_each(oci->reading, root, "archMap", read_arch_entry, oci);
	else
		ret = reading_each(oci->reading, root, "architectures", read_architecture, oci);
	if (!ret && !any_abi(oci))
		ret = reading_reject(oci->reading,
				     "made for other architectures; add SCMP_ARCH_X86_64");
	/* Runtimes add those that are listed to the machine's own. */
	oci->unlisted = !oci->abi[SCMOD_ABI_X86_64];
	oci->abi[SCMOD_ABI_X86_64] = true;
	return ret;
}

static void note_architectures(const struct oci *oci)
{
	if (oci->foreign)
		reading_note(oci->reading, "what it says of other machines than x86 is left out");
	if (oci->unlisted)
		reading_note(oci->reading, "SCMP_ARCH_X86_64 is not listed, but runtimes always take its names there, too");
}

/* ---- conditions of a rule */

/* "4.8" */
static bool parse_kernel(const char *text, unsigned long *version)
{
	unsigned long major, minor;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	major = strtoul(text, &end, 10);
	if (*end != '.' || end[1] < '0' || end[1] > '9')
		return false;
	minor = strtoul(end + 1, &end, 10);
	*version = major * 100000 + minor;
	return !*end && major < 1000 && minor < 100000;
}

static unsigned long running_kernel(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname name;

	if (uname(&name) || sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return 0;
	return major * 100000UL + minor;
}

/* How many of the strings at @key are @wanted; sets *@of to how many there are. */
static int count_matches(struct reading *reading, json_object *condition, const char *key,
			 bool (*wanted)(struct reading *reading, const char *name),
			 size_t *matches, size_t *of)
{
	json_object *list = json_object_object_get(condition, key);

	*matches = 0;
	*of = 0;
	if (!list)
		return EXIT_DONE;
	if (!json_object_is_type(list, json_type_array))
		return reading_reject(reading, "%s is no array; correct it", key);
	*of = json_object_array_length(list);
	for (size_t i = 0; i < *of; i++) {
		const char *name = json_text(json_object_array_get_idx(list, i));

		if (!name)
			return reading_reject(reading, "%s[%zu] is no string; correct it", key, i);
		*matches += wanted(reading, name);
	}
	return EXIT_DONE;
}

static bool is_our_arch(struct reading *reading, const char *name)
{
	(void)reading;
	return !strcmp(name, GO_ARCH);
}

static bool is_held(struct reading *reading, const char *name)
{
	int cap = caps_number(name);

	return cap >= 0 && reading->options->caps >> cap & 1;
}

/* Sets *@met to whether the machine, the kernel and the capabilities are those. */
struct met {
	size_t arches, of_arches;
	size_t caps, of_caps;
	bool kernel;
	bool of_kernel;
};

static int read_condition(struct reading *reading, json_object *condition, struct met *met)
{
	const char *text = json_text_of(condition, "minKernel");
	unsigned long version = 0;
	int ret;

	*met = (struct met){ .of_kernel = json_says_something(condition, "minKernel") };
	if (!json_object_is_type(condition, json_type_object))
		return reading_reject(reading, "it is no object; correct it");
	json_object_object_foreach(condition, key, value) {
		(void)value;
		if (strcmp(key, "arches") && strcmp(key, "caps") && strcmp(key, "minKernel"))
			return reading_reject(reading, "'%s' is no condition; arches, caps and minKernel are",
					      key);
	}
	ret = count_matches(reading, condition, "arches", is_our_arch, &met->arches,
			    &met->of_arches);
	if (!ret)
		ret = count_matches(reading, condition, "caps", is_held, &met->caps,
				    &met->of_caps);
	if (!ret && met->of_kernel && (!text || !parse_kernel(text, &version)))
		ret = reading_reject(reading, "minKernel '%s' is no version such as 4.8; correct it",
				     text ? text : "");
	met->kernel = met->of_kernel && running_kernel() >= version;
	return ret;
}

/* As Docker and Podman decide it: included by all, excluded by any. */
static int read_conditions(struct oci *oci, json_object *rule, bool *holds)
{
	struct reading *reading = oci->reading;
	bool includes = json_says_something(rule, "includes");
	bool excludes = json_says_something(rule, "excludes");
	struct met met;
	size_t back;
	int ret = EXIT_DONE;

	*holds = true;
	if (includes) {
		back = reading_enter(reading, "includes");
		ret = read_condition(reading, json_object_object_get(rule, "includes"), &met);
		reading_leave(reading, back);
		*holds = !(met.of_arches && !met.arches) && met.caps == met.of_caps &&
			 !(met.of_kernel && !met.kernel);
	}
	if (!ret && excludes) {
		back = reading_enter(reading, "excludes");
		ret = read_condition(reading, json_object_object_get(rule, "excludes"), &met);
		reading_leave(reading, back);
		*holds = *holds && !met.arches && !met.caps && !met.kernel;
	}
	oci->conditions += includes || excludes;
	oci->dropped += !*holds;
	return ret;
}

/* ---- rules */

static bool is_usual(const struct oci *oci, const struct rule *rule)
{
	return !rule->allow && rule->err == profile_fallback(oci->reading->profile) &&
	       rule->ends_thread == oci->ends_thread;
}

/* Sets *@contradicts to the rule that does otherwise, if there is one. */
static void ask(struct oci *oci, unsigned int abi, unsigned int nr, const struct rule *rule,
		int *contradicts)
{
	struct asked *asked = &oci->asked[abi][nr];

	if (is_usual(oci, rule)) {
		asked->usual = rule->index;
		return;
	}
	if (!rule->args && (rule->allow ? asked->refuse != NO_RULE :
			    asked->allow != NO_RULE ||
			    (asked->refuse != NO_RULE && asked->err != rule->err))) {
		*contradicts = asked->allow != NO_RULE ? asked->allow : asked->refuse;
		return;
	}
	if (rule->allow && rule->args) {
		asked->allow_args = rule->index;
	} else if (rule->allow) {
		asked->allow = rule->index;
	} else if (rule->args) {
		asked->refuse_args = rule->index;
		asked->args_err = rule->err;
	} else {
		asked->refuse = rule->index;
		asked->err = rule->err;
	}
}

/* No call can be named so, on no kernel. */
static bool name_impossible(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";

	return !*name || strlen(name) > 64 || !strchr(letters, *name) ||
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789")];
}

/* Whether i386 may make it by another call; if it is allowed, remembers it. */
static bool is_multiplexed(struct oci *oci, const struct rule *rule, const char *name)
{
	const char *by = oci->abi[SCMOD_ABI_I386] ?
			 sysname_multiplexer(SCMOD_ABI_I386, name) : NULL;
	const char **first = by && !strcmp(by, "ipc") ? &oci->by_ipc : &oci->by_socketcall;

	if (by && rule->allow && !*first)
		*first = name;
	return by;
}

/* One name, in all ABIs that the profile is for. */
static int add_name(struct oci *oci, const struct rule *rule, const char *name)
{
	bool found = is_multiplexed(oci, rule, name);
	int contradicts = NO_RULE;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = oci->abi[abi] ? sysname_number(abi, name) : -1;

		if (nr < 0)
			continue;
		ask(oci, abi, nr, rule, &contradicts);
		found = true;
	}
	if (contradicts != NO_RULE && (rule->condition || oci->has_condition[contradicts])) {
		reading_note(oci->reading, "'%s' is treated otherwise by syscalls[%d]; that comes first and holds, as with libseccomp",
			     name, contradicts);
		return EXIT_DONE;
	}
	if (contradicts != NO_RULE && rule->allow)
		return reading_reject(oci->reading, "'%s' is both allowed here and refused by syscalls[%d]; remove one",
				      name, contradicts);
	if (contradicts != NO_RULE)
		return reading_reject(oci->reading, "'%s' is both refused so here and treated otherwise by syscalls[%d]; remove one",
				      name, contradicts);
	if (found)
		return EXIT_DONE;
	if (name_impossible(name))
		return reading_reject(oci->reading, "no system call is named '%s'; correct or remove it",
				      name);
	if (sysname_known(name))
		reading_note(oci->reading, "'%s' is a call of other architectures only; left out",
			     name);
	else
		reading_note(oci->reading, "'%s' is no call that this tool knows, but perhaps one of a newer kernel; left out",
			     name);
	return EXIT_DONE;
}

/* Which rule the names being read are of. */
struct place {
	struct oci *oci;
	const struct rule *rule;
};

static int read_name(struct reading *reading, json_object *value, void *data)
{
	const char *name = json_text(value);
	const struct place *place = data;

	if (!name)
		return reading_reject(reading, "a name is no string; correct it");
	return add_name(place->oci, place->rule, name);
}

static int read_action(struct oci *oci, json_object *object, const char *first,
		       struct rule *rule)
{
	const char *action = json_text_of(object, "action");

	if (!action)
		return reading_reject(oci->reading, "the rule of '%s' has no action; correct it",
				      first);
	if (!strcmp(action, "SCMP_ACT_ALLOW")) {
		rule->allow = true;
	} else if (!strcmp(action, "SCMP_ACT_LOG")) {
		rule->allow = true;
		reading_note(oci->reading, "SCMP_ACT_LOG of '%s' is taken as SCMP_ACT_ALLOW: a policy does not log what it allows",
			     first);
	} else if (!strcmp(action, "SCMP_ACT_ERRNO")) {
		/* Of the runtime specification, and of crun and runc; not defaultErrnoRet. */
		rule->err = EPERM;
		return read_errno(oci->reading, object, "errnoRet", "errno", &rule->err);
	} else if (is_kill(action)) {
		note_thread_action(oci, action);
		rule->err = PROFILE_KILLS;
		rule->ends_thread = ends_thread(action);
	} else {
		return reading_reject(oci->reading, "action %s of '%s' is not supported; allow or refuse it",
				      action, first);
	}
	return EXIT_DONE;
}

/* Remember it, for one message about all of them. */
static void add_rule_with_args(struct oci *oci, const struct rule *rule, const char *first)
{
	char *before = oci->rules_with_args;

	if (oci->nr_rules_with_args++ >= ARGS_TOLD)
		return;
	oci->rules_with_args = mem_print("%s%ssyscalls[%d] ('%s')", before ? before : "",
					 before ? ", " : "", rule->index, first);
	free(before);
}

static int read_rule(struct reading *reading, json_object *object, void *data)
{
	static const char *const keys[] = {
		"name", "names", "action", "errnoRet", "errno", "args", "includes", "excludes",
		NULL,
	};
	json_object *names = json_says_something(object, "names") ?
			     json_object_object_get(object, "names") : NULL;
	const char *first = json_text_of(object, "name");
	struct oci *oci = data;
	struct rule rule = { .index = oci->nr_rules++ };
	struct place place = { oci, &rule };
	bool holds;
	int ret;

	oci->has_condition = mem_grow(oci->has_condition, oci->nr_rules, sizeof(bool));
	if (check_keys(reading, object, keys))
		return EXIT_FAILED;
	/* As Docker and Podman have it: an empty one is none. */
	if (first && !*first && names)
		first = NULL;
	if (first && names)
		return reading_reject(reading,
				      "the rule of '%s' has both name and names; remove one",
				      first);
	if (!first && json_object_is_type(names, json_type_array) &&
	    json_object_array_length(names))
		first = json_object_get_string(json_object_array_get_idx(names, 0));
	if (!first)
		return reading_reject(reading, "the rule names no call; remove it");
	ret = read_conditions(oci, object, &holds);
	if (ret || !holds)
		return ret;
	rule.condition = json_says_something(object, "includes") ||
			 json_says_something(object, "excludes");
	oci->has_condition[rule.index] = rule.condition;
	ret = read_action(oci, object, first, &rule);
	if (ret)
		return ret;
	rule.args = json_says_something(object, "args");
	if (rule.args)
		add_rule_with_args(oci, &rule, first);
	return names ? reading_each(reading, object, "names", read_name, &place) :
		       add_name(oci, &rule, first);
}

/* ---- what comes of the rules */

/* Refused without arguments being looked at: soft is what answers ENOSYS. */
static void refuse(struct profile *profile, unsigned int abi, unsigned int nr, int err,
		   const char *fmt, int rule)
{
	if (err == ENOSYS)
		profile_set(profile, abi, nr, PROFILE_SOFT, 0);
	else
		profile_set(profile, abi, nr, PROFILE_REFUSE, err);
	profile_say(profile, abi, nr, REASON_FILE, fmt, rule);
}

/* A call that is allowed for some arguments and refused for others. */
static void decide_args(struct oci *oci, unsigned int abi, unsigned int nr)
{
	const struct asked *asked = &oci->asked[abi][nr];
	bool may_pass = asked->allow != NO_RULE || asked->allow_args != NO_RULE;
	struct profile *profile = oci->reading->profile;
	int from = asked->allow_args != NO_RULE ? asked->allow_args : asked->refuse_args;
	const char *name = sysname(abi, nr);

	if (oci->reading->options->args == READER_ARGS_WIDEN && may_pass) {
		profile_set(profile, abi, nr, PROFILE_ALLOW, 0);
		profile_say(profile, abi, nr, REASON_FILE, "allowed by syscalls[%d] for some arguments, widened to all",
			    asked->allow_args != NO_RULE ? asked->allow_args : asked->allow);
		reading_note(oci->reading, "%s:%s: syscalls[%d] looks at arguments; widened: it is allowed whatever they are",
			     abi_name(abi), name, from);
		return;
	}
	refuse(profile, abi, nr, asked->refuse_args != NO_RULE ? asked->args_err : 0,
	       "syscalls[%d] looks at arguments, narrowed to none", from);
	reading_note(oci->reading, "%s:%s: syscalls[%d] looks at arguments; narrowed: it is refused whatever they are",
		     abi_name(abi), name, from);
}

static void decide(struct oci *oci, unsigned int abi, unsigned int nr)
{
	const struct asked *asked = &oci->asked[abi][nr];
	struct profile *profile = oci->reading->profile;
	/* A refusal that looks at none leaves the others nothing, as with libseccomp. */
	bool args_matter = asked->refuse == NO_RULE && (asked->refuse_args != NO_RULE ||
			   (asked->allow_args != NO_RULE && asked->allow == NO_RULE));

	if (args_matter) {
		decide_args(oci, abi, nr);
	} else if (asked->allow != NO_RULE) {
		profile_set(profile, abi, nr, PROFILE_ALLOW, 0);
		profile_say(profile, abi, nr, REASON_FILE, "allowed by syscalls[%d]",
			    asked->allow);
		if (asked->usual != NO_RULE)
			reading_note(oci->reading, "%s:%s: syscalls[%d] refuses it as defaultAction does, which runtimes pass over; syscalls[%d] allows it",
				     abi_name(abi), sysname(abi, nr), asked->usual, asked->allow);
	} else if (asked->refuse != NO_RULE) {
		refuse(profile, abi, nr, asked->err, "refused by syscalls[%d]", asked->refuse);
	} else if (asked->usual != NO_RULE) {
		refuse(profile, abi, nr, profile_fallback(profile) == ENOSYS ? ENOSYS : 0,
		       "refused by syscalls[%d]", asked->usual);
	}
}

static int decide_all(struct oci *oci)
{
	if (oci->rules_with_args && oci->reading->options->args == READER_ARGS_FAIL)
		return reading_reject(oci->reading, "these rules look at arguments, which a policy can't: %s%s; '--args widen' allows such calls whatever their arguments are, '--args narrow' refuses them",
				      oci->rules_with_args,
				      oci->nr_rules_with_args > ARGS_TOLD ? " and others" : "");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		oci->reading->profile->covers[abi] = oci->abi[abi];
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			decide(oci, abi, nr);
	}
	return EXIT_DONE;
}

/* A policy does not look at which call it is made for. */
static void note_multiplexed(const struct oci *oci, const char *name)
{
	const char *by = name ? sysname_multiplexer(SCMOD_ABI_I386, name) : NULL;

	if (by && !profile_allows(oci->reading->profile, SCMOD_ABI_I386,
				  sysname_number(SCMOD_ABI_I386, by)))
		reading_note(oci->reading, "32-bit programs may make '%s' by %s, which runtimes then let pass; a policy does not, as it looks at no arguments",
			     name, by);
}

static void note_what_is_other(const struct oci *oci, json_object *root)
{
	note_multiplexed(oci, oci->by_socketcall);
	note_multiplexed(oci, oci->by_ipc);
	if (oci->thread_action)
		reading_note(oci->reading, "%s ends a thread; here it ends the process",
			     oci->thread_action);
	if (json_says_something(root, "flags"))
		reading_note(oci->reading, "its flags are left out: they are a filter's, and a policy has none");
}

static void note_conditions(const struct oci *oci)
{
	struct utsname name = { 0 };
	char caps[1024] = "";
	size_t len = 0;

	if (!oci->conditions)
		return;
	uname(&name);
	for (int cap = 0; cap < 64 && len < sizeof(caps); cap++)
		if (oci->reading->options->caps >> cap & 1 && caps_name(cap))
			len += snprintf(caps + len, sizeof(caps) - len, " %s", caps_name(cap));
	reading_note(oci->reading, "%u rules have conditions, of which %u do not hold on " GO_ARCH ", kernel %s, with%s",
		     oci->conditions, oci->dropped, name.release,
		     len ? caps : "out capabilities; --cap gives some");
}

int reading_oci(struct reading *reading, json_object *root)
{
	const struct profile_origin origin = { .file = (char *)reading->path };
	static const char *const keys[] = {
		"defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap",
		"flags", "listenerPath", "syscalls", NULL,
	};
	static const struct asked nobody = {
		NO_RULE, NO_RULE, NO_RULE, NO_RULE, NO_RULE, 0, 0
	};
	struct oci *oci = mem_alloc(sizeof(*oci));
	int ret;

	oci->reading = reading;
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
			oci->asked[abi][nr] = nobody;
	profile_add_origin(reading->profile, &origin);
	reading->profile->form = json_says_something(root, "archMap") ? "docker" : "oci";
	ret = check_keys(reading, root, keys);
	if (!ret)
		ret = read_default(oci, root);
	if (!ret && json_says_something(root, "listenerPath"))
		ret = reading_reject(reading, "listenerPath is not supported; allow or refuse the calls that go there");
	if (!ret)
		ret = read_architectures(oci, root);
	if (!ret)
		ret = reading_each(reading, root, "syscalls", read_rule, oci);
	if (!ret)
		ret = decide_all(oci);
	if (!ret) {
		note_architectures(oci);
		note_what_is_other(oci, root);
		note_conditions(oci);
	}
	free(oci->has_condition);
	free(oci->rules_with_args);
	free(oci);
	return ret;
}
