// SPDX-License-Identifier: GPL-2.0
/*
 * What is wrong with how an OCI or Docker profile is written. It goes on after
 * each mistake, and fills in what becomes of each call as the reader would.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/errname.h"
#include "base/jsonfile.h"
#include "base/memory.h"
#include "calls/caps.h"
#include "calls/sysname.h"
#include "lint/lint.h"

/* Most arguments of a call, and so of comparisons. */
#define ARGS 6

/**
 * struct walk - an OCI profile being looked at
 * @lint: what was found
 * @verdicts: what becomes of each call
 * @action: the default one
 * @err: as &verdict.err, of the default action
 * @listener: there is one for SCMP_ACT_NOTIFY
 */
struct walk {
	struct lint *lint;
	struct verdicts *verdicts;
	const char *action;
	int err;
	bool listener;
};

/**
 * struct rule - one rule
 * @where: its path
 * @action: what it does, or NULL
 * @err: as &verdict.err
 * @condition: it holds on some machines only
 * @holds: it holds on this one, for a program without capabilities
 * @args: it looks at arguments
 */
struct rule {
	const char *where;
	const char *action;
	int err;
	bool condition;
	bool holds;
	bool args;
};

static const char *const actions[] = {
	"SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS",
	"SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE",
	"SCMP_ACT_TRAP", NULL,
};

static const char *const operators[] = {
	"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE",
	"SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ", NULL,
};

/* Newer than the libseccomp that this may be built with. */
static const char *const new_archs[] = {
	"SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB", NULL,
};

static const char *const flags[] = {
	"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
	"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", NULL,
};

/* Go's names of machines that Docker and Podman know. */
static const char *const arches[] = {
	"386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mips64n32",
	"mipsel", "mipsel64", "mipsel64n32", "mipsle", "parisc", "parisc64", "ppc", "ppc64",
	"ppc64le", "riscv64", "s390", "s390x", "x32", "x86", NULL,
};

static bool is_one_of(const char *name, const char *const *names)
{
	while (name && *names && strcmp(name, *names))
		names++;
	return name && *names;
}

/* @key of @object; NULL if it is there and not of that type, which is said. */
static json_object *member(struct walk *walk, json_object *object, const char *where,
			   const char *key, json_type type)
{
	json_object *value = json_object_object_get(object, key);

	if (!value || json_object_is_type(value, type))
		return value;
	lint_add(walk->lint, LINT_ERROR, where, "correct it", "'%s' is no %s", key,
		 type == json_type_array ? "array" : type == json_type_string ? "string" :
		 type == json_type_int ? "number" : "object");
	return NULL;
}

static void check_keys(struct walk *walk, json_object *object, const char *where,
		       const char *const *known)
{
	json_object_object_foreach(object, key, value) {
		const char *almost = json_key_almost(key, known);

		(void)value;
		if (almost)
			lint_add(walk->lint, LINT_ERROR, where, "correct or remove it",
				 "'%s' is '%s' to some runtimes, and nothing to others", key,
				 almost);
		else if (!is_one_of(key, known))
			lint_add(walk->lint, LINT_WARNING, where, "correct or remove it",
				 "'%s' has no meaning here and is passed over", key);
	}
}

static bool takes_errno(const char *action)
{
	return action && (!strcmp(action, "SCMP_ACT_ERRNO") || !strcmp(action, "SCMP_ACT_TRACE"));
}

/* As &verdict.err. What goes to a tracer or an agent counts as refused. */
static int err_of(const char *action, int number)
{
	if (!action || !strcmp(action, "SCMP_ACT_ALLOW") || !strcmp(action, "SCMP_ACT_LOG"))
		return 0;
	if (!strncmp(action, "SCMP_ACT_KILL", strlen("SCMP_ACT_KILL")))
		return PROFILE_KILLS;
	return number ? number : EPERM;
}

/* What is at @key, or 0. */
static int check_number(struct walk *walk, json_object *object, const char *where,
			const char *key)
{
	json_object *value = json_object_object_get(object, key);
	int64_t number = json_object_get_int64(value);

	if (!value)
		return 0;
	if (json_object_is_type(value, json_type_int) && number >= 1 && number <= SCMOD_ERRNO_MAX)
		return number;
	lint_add(walk->lint, LINT_ERROR, where, "write a number from 1 to 4095",
		 "%s is no errno", key);
	return 0;
}

/* The same, by its name: containers-common's form. */
static int check_named(struct walk *walk, json_object *object, const char *where,
		       const char *key)
{
	json_object *value = member(walk, object, where, key, json_type_string);
	const char *name = value ? json_text(value) : NULL;
	int number = name ? errname_named(name) : 0;

	if (value && !number)
		lint_add(walk->lint, LINT_ERROR, where, "write a name such as ENOSYS",
			 "%s '%s' is no errno", key, name ? name : "");
	return number;
}

/* As a number at @key and by its name at @name_key; both say the same, or one does. */
static int check_errno(struct walk *walk, json_object *object, const char *where,
		       const char *key, const char *name_key, const char *action)
{
	int number = check_number(walk, object, where, key);
	int named = check_named(walk, object, where, name_key);

	if (number && named && number != named)
		lint_add(walk->lint, LINT_ERROR, where, "remove one",
			 "%s is %d, but %s is %s, which is %d: it depends on the runtime which holds",
			 key, number, name_key, json_text_of(object, name_key), named);
	if ((number || named) && action && !takes_errno(action))
		lint_add(walk->lint, LINT_ERROR, where, "remove it, or use SCMP_ACT_ERRNO",
			 "%s stands beside %s, which returns none", number ? key : name_key,
			 action);
	return named ? named : number;
}

/* ---- the head */

static void check_default(struct walk *walk, json_object *root)
{
	json_object *value = member(walk, root, "defaultAction", "defaultAction",
				    json_type_string);
	const char *action = value ? json_text(value) : NULL;
	int number;

	walk->action = action;
	if (!json_object_object_get(root, "defaultAction"))
		lint_add(walk->lint, LINT_ERROR, "", "add SCMP_ACT_ERRNO", "there is no defaultAction");
	else if (action && !is_one_of(action, actions))
		lint_add(walk->lint, LINT_ERROR, "defaultAction", "use SCMP_ACT_ERRNO",
			 "no action is named '%s'", action);
	else if (action && !strcmp(action, "SCMP_ACT_ALLOW"))
		lint_add(walk->lint, LINT_ERROR, "defaultAction",
			 "refuse by default and name what is allowed",
			 "all that no rule names is allowed, calls of newer kernels among it");
	else if (action && !strcmp(action, "SCMP_ACT_LOG"))
		lint_add(walk->lint, LINT_WARNING, "defaultAction", "use SCMP_ACT_ERRNO",
			 "SCMP_ACT_LOG allows all that no rule names");
	else if (action && (!strcmp(action, "SCMP_ACT_KILL") ||
			    !strcmp(action, "SCMP_ACT_KILL_THREAD")))
		lint_add(walk->lint, LINT_WARNING, "defaultAction",
			 "use SCMP_ACT_KILL_PROCESS, or SCMP_ACT_ERRNO",
			 "%s ends one thread only; the others wait for it", action);
	else if (action && (!strcmp(action, "SCMP_ACT_TRAP") || !strcmp(action, "SCMP_ACT_TRACE")))
		lint_add(walk->lint, LINT_WARNING, "defaultAction", "use SCMP_ACT_ERRNO",
			 "%s needs a program that expects it", action);
	else if (action && !strcmp(action, "SCMP_ACT_NOTIFY"))
		lint_add(walk->lint, LINT_ERROR, "defaultAction", "use SCMP_ACT_ERRNO",
			 "runtimes take no SCMP_ACT_NOTIFY by default");
	number = check_errno(walk, root, "defaultErrnoRet", "defaultErrnoRet", "defaultErrno",
			     action);
	walk->err = err_of(action, number);
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		walk->verdicts->call[nr].err = walk->err;
}

static void check_arch(struct walk *walk, const char *where, const char *name)
{
	char lower[64];
	size_t len = 0;

	if (!name || strncmp(name, "SCMP_ARCH_", strlen("SCMP_ARCH_")) ||
	    strlen(name) >= sizeof(lower)) {
		lint_add(walk->lint, LINT_ERROR, where, "write SCMP_ARCH_X86_64 or the like",
			 "no architecture is named '%s'", name ? name : "");
		return;
	}
	for (const char *c = name + strlen("SCMP_ARCH_"); *c; c++)
		lower[len++] = *c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c;
	lower[len] = '\0';
	if (!seccomp_arch_resolve_name(lower) && !is_one_of(name, new_archs))
		lint_add(walk->lint, LINT_ERROR, where, "correct or remove it",
			 "no architecture is named '%s'", name);
}

/* Returns a set of those that matter here, a bit for each ABI. */
static unsigned int check_arch_list(struct walk *walk, json_object *list, const char *where)
{
	unsigned int found = 0;

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		const char *name = json_text(json_object_array_get_idx(list, i));
		char path[128];

		snprintf(path, sizeof(path), "%s[%zu]", where, i);
		check_arch(walk, path, name);
		for (unsigned int abi = 0; name && abi < NR_ABIS; abi++) {
			if (strcmp(name, abi_oci_name(abi)))
				continue;
			if (found & 1 << abi)
				lint_add(walk->lint, LINT_WARNING, path, "remove one",
					 "'%s' is there twice", name);
			found |= 1 << abi;
		}
	}
	return found;
}

static void remark_archs(struct walk *walk, unsigned int found, const char *where)
{
	static const unsigned int all = 1 << SCMOD_ABI_I386 | 1 << SCMOD_ABI_X32;

	if (found && !(found & 1 << SCMOD_ABI_X86_64))
		lint_add(walk->lint, LINT_REMARK, where, "list SCMP_ARCH_X86_64, too",
			 "SCMP_ARCH_X86_64 is not listed, but on such a machine runtimes always take its names for x86_64, too");
	if (!(found & 1 << SCMOD_ABI_X86_64) || (found & all) == all)
		return;
	lint_add(walk->lint, LINT_REMARK, where,
		 "add it if such programs shall run; leave it out if they shall not",
		 "%s%s%s not listed: runtimes end a thread that makes a call of it, whatever defaultAction says",
		 found & 1 << SCMOD_ABI_I386 ? "" : "SCMP_ARCH_X86 (32-bit programs, int 0x80)",
		 found & all ? "" : " and ", found & 1 << SCMOD_ABI_X32 ? " is" :
		 found & 1 << SCMOD_ABI_I386 ? "SCMP_ARCH_X32 is" : "SCMP_ARCH_X32 are");
}

static void check_archs(struct walk *walk, json_object *root)
{
	static const char *const keys[] = { "architecture", "subArchitectures", NULL };
	json_object *list = member(walk, root, "architectures", "architectures", json_type_array);
	json_object *map = member(walk, root, "archMap", "archMap", json_type_array);
	size_t entries = map ? json_object_array_length(map) : 0;
	bool met = false;

	if (list && json_object_array_length(list) && entries)
		lint_add(walk->lint, LINT_ERROR, "archMap", "remove one of them",
			 "archMap stands beside architectures, which Docker refuses");
	if (!entries && (!list || !json_object_array_length(list)))
		lint_add(walk->lint, LINT_REMARK, "architectures", "list SCMP_ARCH_X86_64",
			 "no architecture is listed: the one of the machine it runs on is meant, and no other");
	remark_archs(walk, check_arch_list(walk, list, "architectures"), "architectures");
	for (size_t i = 0; i < entries; i++) {
		json_object *entry = json_object_array_get_idx(map, i), *sub;
		const char *name = json_text_of(entry, "architecture");
		char where[64], below[96];
		unsigned int found;

		snprintf(where, sizeof(where), "archMap[%zu]", i);
		snprintf(below, sizeof(below), "%s.subArchitectures", where);
		check_arch(walk, where, name);
		if (json_object_is_type(entry, json_type_object))
			check_keys(walk, entry, where, keys);
		sub = member(walk, entry, where, "subArchitectures", json_type_array);
		found = check_arch_list(walk, sub, below);
		if (!name || strcmp(name, abi_oci_name(SCMOD_ABI_X86_64)))
			continue;
		if (met)
			lint_add(walk->lint, LINT_ERROR, where, "make one entry of both",
				 "'%s' is there twice: Docker and Podman take the first", name);
		met = true;
		remark_archs(walk, found | 1 << SCMOD_ABI_X86_64, where);
	}
}

static void check_flags(struct walk *walk, json_object *root)
{
	json_object *list = member(walk, root, "flags", "flags", json_type_array);

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		const char *name = json_text(json_object_array_get_idx(list, i));
		char where[64];

		snprintf(where, sizeof(where), "flags[%zu]", i);
		if (!is_one_of(name, flags))
			lint_add(walk->lint, LINT_ERROR, where, "correct or remove it",
				 "no flag is named '%s'", name ? name : "");
	}
	walk->listener = json_says_something(root, "listenerPath");
}

/* ---- conditions */

static bool is_version(const char *text)
{
	size_t major = text ? strspn(text, "0123456789") : 0;
	size_t minor = major && text[major] == '.' ? strspn(text + major + 1, "0123456789") : 0;

	return minor && !text[major + 1 + minor];
}

/* Whether @wanted is in the list, all of which is checked. */
static bool check_condition_list(struct walk *walk, json_object *condition, const char *where,
				 const char *key, const char *wanted)
{
	json_object *list = member(walk, condition, where, key, json_type_array);
	bool found = false;

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		const char *name = json_text(json_object_array_get_idx(list, i));
		char path[192];

		snprintf(path, sizeof(path), "%s.%s[%zu]", where, key, i);
		if (!strcmp(key, "caps") && (!name || caps_number(name) < 0))
			lint_add(walk->lint, LINT_WARNING, path, "write CAP_SYS_ADMIN or the like",
				 "no capability is named '%s'", name ? name : "");
		if (!strcmp(key, "arches") && !is_one_of(name, arches))
			lint_add(walk->lint, LINT_WARNING, path, "write amd64 or the like, as Go does",
				 "no machine is named '%s'", name ? name : "");
		found |= name && wanted && !strcmp(name, wanted);
	}
	return found;
}

/* Whether a rule holds on this machine for a program without capabilities. */
static bool check_condition(struct walk *walk, json_object *rule, const char *where,
			    const char *key, bool *there)
{
	static const char *const keys[] = { "arches", "caps", "minKernel", NULL };
	json_object *condition = member(walk, rule, where, key, json_type_object);
	bool include = !strcmp(key, "includes"), ours;
	char path[128];

	if (!condition || !json_says_something(rule, key))
		return true;
	*there = true;
	snprintf(path, sizeof(path), "%s.%s", where, key);
	check_keys(walk, condition, path, keys);
	ours = check_condition_list(walk, condition, path, "arches", "amd64");
	check_condition_list(walk, condition, path, "caps", NULL);
	if (json_says_something(condition, "minKernel") &&
	    !is_version(json_text_of(condition, "minKernel")))
		lint_add(walk->lint, LINT_ERROR, path, "write a version such as 4.8",
			 "minKernel is no version");
	if (include && json_says_something(condition, "caps"))
		return false;
	if (json_says_something(condition, "arches"))
		return include == ours;
	return include || !json_says_something(condition, "minKernel");
}

/* ---- rules */

/* Docker and Podman refuse a profile in which it is anything else. */
static void check_value(struct walk *walk, json_object *arg, const char *where, const char *key)
{
	json_object *value = json_object_object_get(arg, key);

	if (value && (!json_object_is_type(value, json_type_int) ||
		      json_object_get_int64(value) < 0))
		lint_add(walk->lint, LINT_ERROR, where, "write a number without quotes",
			 "its %s is no number from 0 on", key);
}

static void check_arg(struct walk *walk, json_object *arg, const char *where,
		      unsigned int *seen)
{
	static const char *const keys[] = { "index", "value", "valueTwo", "op", NULL };
	json_object *index = json_object_object_get(arg, "index");
	const char *op = json_text_of(arg, "op");
	int64_t number = json_object_get_int64(index);

	if (!json_object_is_type(arg, json_type_object)) {
		lint_add(walk->lint, LINT_ERROR, where, "correct it", "a comparison is no object");
		return;
	}
	if (!json_object_is_type(index, json_type_int) || number < 0 || number >= ARGS) {
		lint_add(walk->lint, LINT_ERROR, where, "write an index from 0 to 5",
			 "its index names no argument: a call has six");
	} else {
		if (*seen & 1 << number)
			lint_add(walk->lint, LINT_WARNING, where, "write one rule for each",
				 "argument %d is compared twice in one rule: libseccomp refuses that, and runtimes take it for alternatives",
				 (int)number);
		*seen |= 1 << number;
	}
	check_keys(walk, arg, where, keys);
	check_value(walk, arg, where, "value");
	check_value(walk, arg, where, "valueTwo");
	if (!json_object_object_get(arg, "value"))
		lint_add(walk->lint, LINT_WARNING, where, "write the value, if it is 0, too",
			 "it has no value, which is taken for 0");
	if (!is_one_of(op, operators))
		lint_add(walk->lint, LINT_ERROR, where, "write SCMP_CMP_EQ or the like",
			 "no operator is named '%s'", op ? op : "");
	else if (!strcmp(op, "SCMP_CMP_MASKED_EQ") &&
		 !json_object_get_int64(json_object_object_get(arg, "value")))
		lint_add(walk->lint, LINT_WARNING, where, "write the mask into value",
			 "its mask is 0, so every argument is alike");
}

static bool check_args(struct walk *walk, json_object *rule, const char *where)
{
	json_object *list = member(walk, rule, where, "args", json_type_array);
	unsigned int seen = 0;

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s.args[%zu]", where, i);
		check_arg(walk, json_object_array_get_idx(list, i), path, &seen);
	}
	return json_says_something(rule, "args");
}

/* It does what defaultAction does. */
static bool is_usual(const struct walk *walk, const struct rule *rule)
{
	return rule->action && walk->action && !strcmp(walk->action, rule->action) &&
	       (!takes_errno(rule->action) || rule->err == walk->err);
}

static void check_action(struct walk *walk, json_object *object, struct rule *rule)
{
	const char *action = json_text_of(object, "action");
	int number;

	if (!action || !is_one_of(action, actions)) {
		lint_add(walk->lint, LINT_ERROR, rule->where, "write SCMP_ACT_ALLOW or the like",
			 action ? "no action is named '%s'" : "it has no action%s",
			 action ? action : "");
		action = NULL;
	}
	number = check_errno(walk, object, rule->where, "errnoRet", "errno", action);
	rule->action = action;
	rule->err = err_of(action, number);
	if (!action)
		return;
	if (!strcmp(action, "SCMP_ACT_NOTIFY") && !walk->listener)
		lint_add(walk->lint, LINT_ERROR, rule->where, "add listenerPath",
			 "SCMP_ACT_NOTIFY asks an agent, but there is no listenerPath");
	if (!strcmp(action, "SCMP_ACT_KILL") || !strcmp(action, "SCMP_ACT_KILL_THREAD"))
		lint_add(walk->lint, LINT_WARNING, rule->where, "use SCMP_ACT_KILL_PROCESS",
			 "%s ends one thread only; the others wait for it", action);
	if (is_usual(walk, rule) && !rule->args)
		lint_add(walk->lint, LINT_WARNING, rule->where, "remove it",
			 "it does what defaultAction does anyway");
}

static bool same_outcome(const struct verdict *verdict, const struct rule *rule)
{
	return verdict->err == rule->err;
}

/* Of several rules libseccomp takes the first; it gets none that does the usual. */
static void add_verdict(struct walk *walk, const struct rule *rule, const char *where,
			const char *name)
{
	int nr = sysname_number(SCMOD_ABI_X86_64, name);
	struct verdict *verdict = nr < 0 ? NULL : &walk->verdicts->call[nr];

	if (!verdict || !rule->action || !rule->holds || rule->args)
		return;
	if (!verdict->where || (verdict->usual && !is_usual(walk, rule))) {
		verdict->err = rule->err;
		free(verdict->where);
		verdict->where = mem_string(where);
		verdict->usual = is_usual(walk, rule);
		return;
	}
	if (!verdict->usual && is_usual(walk, rule))
		return;
	if (same_outcome(verdict, rule))
		lint_add(walk->lint, LINT_REMARK, where, "remove one",
			 "'%s' is in %s, too, with the same outcome", name, verdict->where);
	else
		lint_add(walk->lint, rule->condition ? LINT_REMARK : LINT_ERROR, where,
			 "remove one",
			 "'%s' is %s here and %s in %s: it depends on the runtime which holds",
			 name, rule->err ? "refused" : "allowed",
			 !verdict->err ? "allowed" : rule->err ? "refused otherwise" : "refused",
			 verdict->where);
}

static void check_name(struct walk *walk, const struct rule *rule, const char *where,
		       json_object *value)
{
	const char *name = json_text(value);

	if (!name) {
		lint_add(walk->lint, LINT_ERROR, where, "correct it", "a name is no string");
		return;
	}
	lint_name(walk->lint, where, name);
	add_verdict(walk, rule, where, name);
}

static void check_names(struct walk *walk, json_object *object, const struct rule *rule)
{
	json_object *list = member(walk, object, rule->where, "names", json_type_array);
	json_object *name = json_object_object_get(object, "name");
	char where[128];

	/* As Docker and Podman have it: an empty one is none. */
	if (name && list && !json_object_array_length(list))
		list = NULL;
	if (list && json_text(name) && !*json_text(name))
		name = NULL;
	if (name && list)
		lint_add(walk->lint, LINT_ERROR, rule->where, "remove one of them",
			 "it has both name and names, which runtimes refuse");
	if (name) {
		snprintf(where, sizeof(where), "%s.name", rule->where);
		check_name(walk, rule, where, name);
	} else if (!list || !json_object_array_length(list)) {
		lint_add(walk->lint, LINT_ERROR, rule->where, "remove the rule",
			 "it names no call, which runtimes refuse");
	}
	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		snprintf(where, sizeof(where), "%s.names[%zu]", rule->where, i);
		check_name(walk, rule, where, json_object_array_get_idx(list, i));
	}
}

static void check_rule(struct walk *walk, json_object *object, const char *where)
{
	static const char *const keys[] = {
		"name", "names", "action", "errnoRet", "errno", "args", "includes", "excludes",
		"comment", NULL,
	};
	struct rule rule = { .where = where };

	if (!json_object_is_type(object, json_type_object)) {
		lint_add(walk->lint, LINT_ERROR, where, "correct it", "a rule is no object");
		return;
	}
	check_keys(walk, object, where, keys);
	rule.holds = check_condition(walk, object, where, "includes", &rule.condition);
	if (!check_condition(walk, object, where, "excludes", &rule.condition))
		rule.holds = false;
	rule.args = check_args(walk, object, where);
	check_action(walk, object, &rule);
	check_names(walk, object, &rule);
}

static bool allows_anything(const struct verdicts *verdicts)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		if (!verdicts->call[nr].err)
			return true;
	return false;
}

void lint_oci(struct lint *lint, json_object *root, struct verdicts *verdicts)
{
	static const char *const keys[] = {
		"defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap",
		"flags", "listenerPath", "listenerMetadata", "syscalls", "comment", NULL,
	};
	struct walk walk = { .lint = lint, .verdicts = verdicts };
	json_object *rules;

	if (!json_object_is_type(root, json_type_object)) {
		lint_add(lint, LINT_ERROR, "", "give a seccomp profile", "it is no JSON object");
		return;
	}
	check_keys(&walk, root, "", keys);
	check_default(&walk, root);
	check_archs(&walk, root);
	check_flags(&walk, root);
	rules = member(&walk, root, "syscalls", "syscalls", json_type_array);
	for (size_t i = 0; rules && i < json_object_array_length(rules); i++) {
		char where[64];

		snprintf(where, sizeof(where), "syscalls[%zu]", i);
		check_rule(&walk, json_object_array_get_idx(rules, i), where);
	}
	if (!allows_anything(verdicts))
		lint_add(lint, LINT_ERROR, "syscalls", "name the calls that the program makes",
			 "it allows nothing");
	else
		lint_calls(lint, verdicts);
}
