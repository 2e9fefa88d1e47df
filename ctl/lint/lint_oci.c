// SPDX-License-Identifier: GPL-2.0
/*
 * Checks an OCI or Docker profile. read/ has collected its contents and reported what can't
 * be read at all; this file checks the collected contents.
 */
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsonfile.h"
#include "base/memory.h"
#include "calls/caps.h"
#include "calls/nearest.h"
#include "calls/sysname.h"
#include "lint/lint.h"

/*
 * Each suggestion compares a name with every call. Beyond this number, names get no
 * suggestion.
 */
#define SUGGESTIONS 256

/* Architectures that are newer than the libseccomp with which the tool may be built. */
static const char *const new_archs[] = {
	"SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB", NULL,
};

static const char *const flags[] = {
	"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
	"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", NULL,
};

/* Go's names of the machines that Docker and Podman know. */
static const char *const machines[] = {
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

/*
 * The array at @key, or NULL. A value that is not an array was reported when the file was
 * read.
 */
static json_object *array_at(json_object *object, const char *key)
{
	json_object *list = json_object_object_get(object, key);

	return json_object_is_type(list, json_type_array) ? list : NULL;
}

/* Reports an errno beside an action that returns none. */
static void check_errno(struct lint *lint, const char *where, const struct oci_answer *answer)
{
	if (answer->errno_given && answer->action != OCI_UNKNOWN && answer->action != OCI_ERRNO &&
	    answer->action != OCI_TRACE)
		lint_add(lint, MESSAGE_ERROR, where, "remove the errno, or use SCMP_ACT_ERRNO",
			 "%s is given, but %s returns no errno", answer->errno_key,
			 answer->name);
}

/* ---- the head */

/* What is wrong with each action as the default; actions without an entry are fine. */
static const struct {
	enum message_kind kind;
	const char *todo;
	const char *fmt;
} defaults[] = {
	[OCI_ALLOW] = { MESSAGE_ERROR, "refuse by default and name what is allowed",
			"%s allows all calls that no rule names, even those of newer kernels" },
	[OCI_LOG] = { MESSAGE_WARNING, "use SCMP_ACT_ERRNO",
		      "%s allows all calls that no rule names" },
	[OCI_TRACE] = { MESSAGE_WARNING, "use SCMP_ACT_ERRNO",
			"%s only works with a program that expects it" },
	[OCI_TRAP] = { MESSAGE_WARNING, "use SCMP_ACT_ERRNO",
		       "%s only works with a program that expects it" },
	[OCI_NOTIFY] = { MESSAGE_ERROR, "use SCMP_ACT_ERRNO",
			 "runtimes do not accept %s as the default action" },
	[OCI_KILL_THREAD] = { MESSAGE_WARNING, "use SCMP_ACT_KILL_PROCESS, or SCMP_ACT_ERRNO",
			      "%s ends one thread only; the other threads then wait for it" },
	[OCI_KILL_PROCESS] = { .fmt = NULL },
};

static void check_default(struct lint *lint, const struct oci *oci)
{
	enum oci_action action = oci->standard.action;

	if (defaults[action].fmt) {
		char *text = mem_print(defaults[action].fmt, oci->standard.name);

		lint_add(lint, defaults[action].kind, "defaultAction", defaults[action].todo,
			 "%s", text);
		free(text);
	}
	check_errno(lint, "defaultErrnoRet", &oci->standard);
}

static void check_arch(struct lint *lint, const char *where, const char *name)
{
	char lower[64];
	size_t len = 0;

	if (!name || strncmp(name, "SCMP_ARCH_", strlen("SCMP_ARCH_")) ||
	    strlen(name) >= sizeof(lower)) {
		lint_add(lint, MESSAGE_ERROR, where, "write SCMP_ARCH_X86_64 or the like",
			 "no architecture is named '%s'", name ? name : "");
		return;
	}
	for (const char *c = name + strlen("SCMP_ARCH_"); *c; c++)
		lower[len++] = *c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c;
	lower[len] = '\0';
	if (!seccomp_arch_resolve_name(lower) && !is_one_of(name, new_archs))
		lint_add(lint, MESSAGE_ERROR, where, "correct or remove the name",
			 "no architecture is named '%s'", name);
}

static void remark_archs(struct lint *lint, unsigned int found, const char *where)
{
	static const unsigned int all = 1 << SCMOD_ABI_I386 | 1 << SCMOD_ABI_X32;

	if (found && !(found & 1 << SCMOD_ABI_X86_64))
		lint_add(lint, MESSAGE_REMARK, where, "list SCMP_ARCH_X86_64, too",
			 "SCMP_ARCH_X86_64 is not listed, but on an x86_64 machine runtimes always apply the profile to x86_64, too");
	if (!(found & 1 << SCMOD_ABI_X86_64) || (found & all) == all)
		return;
	lint_add(lint, MESSAGE_REMARK, where,
		 "add it if such programs must run; leave it out if they must not",
		 "%s%s%s not listed: runtimes end a thread that makes a call of that architecture, whatever defaultAction says",
		 found & 1 << SCMOD_ABI_I386 ? "" : "SCMP_ARCH_X86 (32-bit programs, int 0x80)",
		 found & all ? "" : " and ", found & 1 << SCMOD_ABI_X32 ? " is" :
		 found & 1 << SCMOD_ABI_I386 ? "SCMP_ARCH_X32 is" : "SCMP_ARCH_X32 are");
}

/* Checks each name; returns the set of ABIs that the list names, one bit for each. */
static unsigned int check_arch_list(struct lint *lint, json_object *list, const char *where)
{
	unsigned int found = 0;

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		const char *name = json_text(json_object_array_get_idx(list, i));
		char path[128];

		snprintf(path, sizeof(path), "%s[%zu]", where, i);
		check_arch(lint, path, name);
		for (unsigned int abi = 0; name && abi < NR_ABIS; abi++) {
			if (strcmp(name, abi_oci_name(abi)))
				continue;
			if (found & 1 << abi)
				lint_add(lint, MESSAGE_WARNING, path, "remove one of them",
					 "'%s' is there twice", name);
			found |= 1 << abi;
		}
	}
	return found;
}

static void check_machine(struct lint *lint, json_object *entry, const char *where)
{
	const char *name = json_text_of(entry, "architecture");
	char below[96];
	unsigned int found;

	snprintf(below, sizeof(below), "%s.subArchitectures", where);
	check_arch(lint, where, name);
	found = check_arch_list(lint, array_at(entry, "subArchitectures"), below);
	if (name && !strcmp(name, abi_oci_name(SCMOD_ABI_X86_64)))
		remark_archs(lint, found | 1 << SCMOD_ABI_X86_64, where);
}

static void check_archs(struct lint *lint, const struct oci *oci)
{
	json_object *list = array_at(oci->root, "architectures");
	json_object *map = array_at(oci->root, "archMap");

	if (!oci->arch_map && (!list || !json_object_array_length(list)))
		lint_add(lint, MESSAGE_REMARK, "architectures", "list SCMP_ARCH_X86_64",
			 "no architecture is listed, so the profile is only for the architecture of the machine on which it is used");
	remark_archs(lint, check_arch_list(lint, list, "architectures"), "architectures");
	for (size_t i = 0; map && i < json_object_array_length(map); i++) {
		char where[64];

		snprintf(where, sizeof(where), "archMap[%zu]", i);
		check_machine(lint, json_object_array_get_idx(map, i), where);
	}
}

static void check_flags(struct lint *lint, const struct oci *oci)
{
	json_object *list = array_at(oci->root, "flags");

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		const char *name = json_text(json_object_array_get_idx(list, i));
		char where[64];

		snprintf(where, sizeof(where), "flags[%zu]", i);
		if (!is_one_of(name, flags))
			lint_add(lint, MESSAGE_ERROR, where, "correct or remove the flag",
				 "no flag is named '%s'", name ? name : "");
	}
}

/* ---- rules */

static bool is_cap(const char *name)
{
	return caps_number(name) >= 0;
}

static bool is_machine(const char *name)
{
	return is_one_of(name, machines);
}

static void check_condition_names(struct lint *lint, json_object *condition, const char *where,
				  const char *key, bool (*is)(const char *name), const char *what,
				  const char *todo)
{
	json_object *list = array_at(condition, key);

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		const char *name = json_text(json_object_array_get_idx(list, i));
		char path[192];

		snprintf(path, sizeof(path), "%s.%s[%zu]", where, key, i);
		if (name && !is(name))
			lint_add(lint, MESSAGE_WARNING, path, todo, "no %s is named '%s'", what,
				 name);
	}
}

static void check_condition(struct lint *lint, const struct oci_rule *rule, const char *where,
			    const char *key)
{
	json_object *condition = json_object_object_get(rule->object, key);
	char path[128];

	if (!json_object_is_type(condition, json_type_object))
		return;
	snprintf(path, sizeof(path), "%s.%s", where, key);
	check_condition_names(lint, condition, path, "arches", is_machine, "machine",
			      "write amd64 or the like, as Go does");
	check_condition_names(lint, condition, path, "caps", is_cap, "capability",
			      "write CAP_SYS_ADMIN or the like");
	if (json_text_of(condition, "minKernel"))
		lint_add(lint, MESSAGE_REMARK, path, "run lint on the kernel on which the profile will be used",
			 "minKernel was compared with the kernel that runs now, on which the rule %s",
			 rule->holds ? "applies" : "does not apply");
}

static void check_action(struct lint *lint, const struct oci *oci, const struct oci_rule *rule,
			 const char *where)
{
	const struct oci_answer *answer = &rule->answer;

	check_errno(lint, where, answer);
	if (answer->action == OCI_NOTIFY && !oci->listener)
		lint_add(lint, MESSAGE_ERROR, where, "add listenerPath",
			 "SCMP_ACT_NOTIFY asks an agent, but there is no listenerPath");
	if (answer->action == OCI_KILL_THREAD)
		lint_add(lint, MESSAGE_WARNING, where, "use SCMP_ACT_KILL_PROCESS",
			 "%s ends one thread only; the other threads then wait for it",
			 answer->name);
	if (answer->action != OCI_UNKNOWN && answer->action == oci->standard.action &&
	    answer->err == oci->standard.err && !rule->args)
		lint_add(lint, MESSAGE_WARNING, where, "remove the rule",
			 "the rule does the same as defaultAction");
}

/* Reports a name that is well formed, but that no known call has. */
static void check_name(struct lint *lint, const char *where, const char *name)
{
	const char *near;
	char todo[128];

	if (!name || sysname_known(name) || oci_name_impossible(name))
		return;
	near = lint->unknown++ < SUGGESTIONS ? nearest_call(name) : NULL;
	snprintf(todo, sizeof(todo), "write '%s' if that is meant", near ? near : "");
	if (near)
		lint_add(lint, MESSAGE_WARNING, where, todo, "no system call is named '%s'", name);
	else
		lint_add(lint, MESSAGE_REMARK, where, "check the spelling",
			 "'%s' is not a call that this tool knows; it may be one of a newer kernel",
			 name);
}

static void check_rule(struct lint *lint, const struct oci *oci, size_t index)
{
	const struct oci_rule *rule = &oci->rule[index];
	char where[64], place[96];

	if (!rule->object)
		return;
	snprintf(where, sizeof(where), "syscalls[%zu]", index);
	check_condition(lint, rule, where, "includes");
	check_condition(lint, rule, where, "excludes");
	lint_args(lint, json_object_object_get(rule->object, "args"), where);
	check_action(lint, oci, rule, where);
	for (size_t i = 0; i < rule->nr_names; i++)
		check_name(lint, oci_place(oci, (struct oci_ref){ index, i }, place,
					   sizeof(place)), rule->name[i]);
}

/* Clashes that runtimes resolve differently were reported as errors when the file was read. */
static void check_clashes(struct lint *lint, const struct oci *oci)
{
	for (size_t i = 0; i < oci->nr_clashes; i++) {
		const struct oci_clash *clash = &oci->clash[i];
		char here[96], there[96];

		if (clash->kind == OCI_CLASH_BOTH)
			continue;
		oci_place(oci, clash->here, here, sizeof(here));
		oci_place(oci, clash->there, there, sizeof(there));
		if (clash->kind == OCI_CLASH_SAME)
			lint_add(lint, MESSAGE_REMARK, here, "remove one of them",
				 "'%s' is also in %s, with the same effect",
				 oci_name(oci, clash->here), there);
		else
			lint_add(lint, MESSAGE_REMARK, here, "remove one of them",
				 "'%s' is treated differently by %s; that rule comes first and wins, as in libseccomp",
				 oci_name(oci, clash->here), there);
	}
}

/* ---- the effect of the profile */

static struct verdict verdict_of(const struct oci *oci, unsigned int abi, unsigned int nr)
{
	const struct oci_call *call = &oci->call[abi][nr];
	bool partly = oci_there(call->allow_args) && !oci_there(call->refuse);
	struct oci_ref ref = call->allow;
	char place[96];

	if (!oci_there(ref))
		ref = call->refuse;
	if (!oci_there(ref))
		ref = call->usual;
	if (!oci_there(ref))
		return (struct verdict){ .err = oci->standard.err, .partly = partly };
	return (struct verdict){
		.err = oci_answer_of(oci, ref)->err,
		.partly = partly,
		.where = mem_string(oci_place(oci, ref, place, sizeof(place))),
	};
}

/* Returns whether the profile allows any call of the ABI. */
static bool judge(struct verdicts *verdicts, const struct oci *oci, unsigned int abi)
{
	bool any = false;

	verdicts->covers[abi] = oci->abi[abi];
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		verdicts->call[abi][nr] = verdict_of(oci, abi, nr);
		any |= !verdicts->call[abi][nr].err;
	}
	return any;
}

static void check_calls(struct lint *lint, const struct oci *oci)
{
	struct verdicts *verdicts = mem_alloc(sizeof(*verdicts));
	bool any[NR_ABIS];

	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		any[abi] = judge(verdicts, oci, abi);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++) {
		struct oci_values values = oci_values_of(oci, selector, READER_ARGS_WIDEN);

		verdicts->restricted[selector] = values.listed;
		free(values.value);
	}
	if (any[SCMOD_ABI_X86_64]) {
		lint_calls(lint, verdicts);
		lint_values(lint, verdicts);
		lint_start(lint, verdicts);
		lint_runtime(lint, verdicts);
	} else {
		lint_add(lint, MESSAGE_ERROR, "syscalls", "name the calls that the program makes",
			 "the profile allows nothing");
	}
	verdicts_free(verdicts);
}

void lint_oci(struct lint *lint, const struct oci *oci)
{
	if (!json_object_is_type(oci->root, json_type_object))
		return;
	check_default(lint, oci);
	check_archs(lint, oci);
	check_flags(lint, oci);
	for (size_t i = 0; i < oci->nr_rules; i++)
		check_rule(lint, oci, i);
	check_clashes(lint, oci);
	lint_oci_values(lint, oci);
	check_calls(lint, oci);
}
