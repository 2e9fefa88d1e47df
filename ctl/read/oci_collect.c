// SPDX-License-Identifier: GPL-2.0
/*
 * Reads the seccomp object of the OCI runtime specification, with Docker's and Podman's
 * additions. Each field is read, and a wrong one is an error. After an error, reading goes
 * on, so that all errors are found.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/errname.h"
#include "base/memory.h"
#include "calls/sysname.h"
#include "read/oci_parts.h"

/* ---- what is done with calls */

static const struct {
	const char *name;
	enum oci_action action;
} actions[] = {
	{ "SCMP_ACT_ALLOW", OCI_ALLOW },
	{ "SCMP_ACT_LOG", OCI_LOG },
	{ "SCMP_ACT_ERRNO", OCI_ERRNO },
	{ "SCMP_ACT_TRACE", OCI_TRACE },
	{ "SCMP_ACT_TRAP", OCI_TRAP },
	{ "SCMP_ACT_NOTIFY", OCI_NOTIFY },
	{ "SCMP_ACT_KILL", OCI_KILL_THREAD },
	{ "SCMP_ACT_KILL_THREAD", OCI_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", OCI_KILL_PROCESS },
};

static enum oci_action action_named(const char *name)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(actions[i].name, name))
			return actions[i].action;
	return OCI_UNKNOWN;
}

static int read_errno_name(struct reading *reading, json_object *object, const char *key)
{
	const char *text = json_text_of(object, key);
	int err = text ? errname_named(text) : 0;

	if (json_says_something(object, key) && !err)
		reading_reject(reading, "write a name such as ENOSYS", "%s '%s' is not an errno",
			       key, text ? text : "");
	return err;
}

/*
 * Reads an errno: a number, or a name (which containers-common writes and prefers). If
 * neither is there, @answer stays as it is.
 */
static void read_errno(struct reading *reading, json_object *object, const char *number_key,
		       const char *name_key, struct oci_answer *answer)
{
	int number = 0, named;

	reading_errno(reading, object, number_key, &number);
	named = read_errno_name(reading, object, name_key);
	if (number && named && number != named)
		reading_reject(reading, "remove one of them",
			       "%s is %d and %s is %s: runtimes disagree about which of the two counts",
			       number_key, number, name_key, json_text_of(object, name_key));
	answer->errno_key = number ? number_key : named ? name_key : NULL;
	answer->errno_given = named ? named : number;
}

/* An action without an errno returns EPERM: so the runtime specification, crun and runc. */
static void set_err(struct oci_answer *answer)
{
	if (answer->action == OCI_ALLOW || answer->action == OCI_LOG)
		answer->err = 0;
	else if (answer->action == OCI_KILL_THREAD || answer->action == OCI_KILL_PROCESS)
		answer->err = PROFILE_KILLS;
	else
		answer->err = answer->errno_given ? answer->errno_given : EPERM;
}

/* ---- the head */

static void read_default(struct oci *oci, struct reading *reading)
{
	struct oci_answer *answer = &oci->standard;
	json_object *value = oci_member(reading, oci->root, "defaultAction", json_type_string);
	const char *name = value ? json_text(value) : NULL;
	size_t back;

	if (!json_object_object_get(oci->root, "defaultAction"))
		reading_reject(reading, "add one, such as \"defaultAction\": \"SCMP_ACT_ERRNO\"",
			       "no defaultAction: not an OCI seccomp profile");
	back = reading_enter(reading, "defaultAction");
	answer->name = name;
	answer->action = name ? action_named(name) : OCI_UNKNOWN;
	if (value && answer->action == OCI_UNKNOWN)
		reading_reject(reading, "use SCMP_ACT_ERRNO", "no action is named '%s'",
			       name ? name : "");
	reading_leave(reading, back);
	back = reading_enter(reading, "defaultErrnoRet");
	read_errno(reading, oci->root, "defaultErrnoRet", "defaultErrno", answer);
	reading_leave(reading, back);
	set_err(answer);
}

/* Reads one architecture: sets @abi for one of x86, and @foreign for any other. */
static void read_architecture(struct oci *oci, struct reading *reading, const char *name)
{
	bool ours = false;

	if (!name || strncmp(name, "SCMP_ARCH_", strlen("SCMP_ARCH_"))) {
		reading_reject(reading, "write SCMP_ARCH_X86_64 or the like",
			       "no architecture is named '%s'", name ? name : "");
		return;
	}
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		if (strcmp(name, abi_oci_name(abi)))
			continue;
		oci->abi[abi] = true;
		ours = true;
	}
	oci->foreign |= !ours;
}

static void read_architectures_of(struct oci *oci, struct reading *reading, json_object *object,
				  const char *key)
{
	json_object *list = oci_member(reading, object, key, json_type_array);
	size_t back = reading_enter(reading, key);

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		size_t at = reading_enter_at(reading, i);

		read_architecture(oci, reading, json_text(json_object_array_get_idx(list, i)));
		reading_leave(reading, at);
	}
	reading_leave(reading, back);
}

/* Docker's form: lists, for each machine, the architectures that its programs may use. */
static void read_machine(struct oci *oci, struct reading *reading, json_object *entry)
{
	static const char *const keys[] = { "architecture", "subArchitectures", NULL };
	const char *name = json_text_of(entry, "architecture");

	oci_check_keys(reading, entry, keys);
	if (!name) {
		reading_reject(reading, "add \"architecture\"", "the entry names no architecture");
	} else if (strcmp(name, abi_oci_name(SCMOD_ABI_X86_64))) {
		oci->foreign = true;
	} else if (oci->abi[SCMOD_ABI_X86_64]) {
		reading_reject(reading, "join the two entries",
			       "'%s' is there twice, and Docker and Podman use only the first entry",
			       name);
	} else {
		oci->abi[SCMOD_ABI_X86_64] = true;
		read_architectures_of(oci, reading, entry, "subArchitectures");
	}
}

static void read_machines(struct oci *oci, struct reading *reading)
{
	json_object *map = oci_member(reading, oci->root, "archMap", json_type_array);
	size_t back = reading_enter(reading, "archMap");

	oci->arch_map = json_says_something(oci->root, "archMap");
	if (oci->arch_map && json_says_something(oci->root, "architectures"))
		reading_reject(reading, "remove one of them",
			       "both archMap and architectures are there, which Docker refuses");
	for (size_t i = 0; map && i < json_object_array_length(map); i++) {
		size_t at = reading_enter_at(reading, i);

		read_machine(oci, reading, json_object_array_get_idx(map, i));
		reading_leave(reading, at);
	}
	reading_leave(reading, back);
}

static void read_head(struct oci *oci, struct reading *reading)
{
	static const char *const keys[] = {
		"defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap",
		"flags", "listenerPath", "listenerMetadata", "syscalls", "comment", NULL,
	};
	bool listed;

	oci_check_keys(reading, oci->root, keys);
	read_default(oci, reading);
	oci_member(reading, oci->root, "flags", json_type_array);
	oci->flags = json_says_something(oci->root, "flags");
	oci->listener = json_says_something(oci->root, "listenerPath");
	read_machines(oci, reading);
	if (!oci->arch_map)
		read_architectures_of(oci, reading, oci->root, "architectures");
	/* Runtimes add the listed architectures to the machine's own. */
	listed = oci->arch_map || json_says_something(oci->root, "architectures");
	oci->unlisted = listed && !oci->abi[SCMOD_ABI_X86_64];
	oci->abi[SCMOD_ABI_X86_64] = true;
}

/* ---- rules */

bool oci_name_impossible(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";

	return !*name || strlen(name) > 64 || !strchr(letters, *name) ||
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789")];
}

static void add_name(struct oci_rule *rule, struct reading *reading, json_object *value)
{
	const char *name = json_text(value);

	if (!name)
		reading_reject(reading, "write the name as a string", "a name is not a string");
	else if (oci_name_impossible(name))
		reading_reject_name(reading, name);
	rule->name = mem_grow(rule->name, rule->nr_names + 1, sizeof(*rule->name));
	rule->name[rule->nr_names++] = name;
}

static void read_names(struct oci_rule *rule, struct reading *reading)
{
	json_object *one = json_object_object_get(rule->object, "name");
	json_object *list = json_object_object_get(rule->object, "names");
	/* Docker and Podman treat an empty "name" as absent. */
	bool single = one && (!json_text(one) || *json_text(one) || !list);
	size_t back;

	rule->single = single && !json_says_something(rule->object, "names");
	if (single && !rule->single)
		reading_reject(reading, "remove one of them",
			       "the rule of '%s' has both name and names, which runtimes refuse",
			       json_text(one) ? json_text(one) : "");
	back = reading_enter(reading, rule->single ? "name" : "names");
	if (rule->single)
		add_name(rule, reading, one);
	else if (json_says_something(rule->object, "names") &&
		 !json_object_is_type(list, json_type_array))
		reading_reject(reading, "write an array", "the rule's names are not an array");
	for (size_t i = 0; !rule->single && json_object_is_type(list, json_type_array) &&
	     i < json_object_array_length(list); i++) {
		size_t at = reading_enter_at(reading, i);

		add_name(rule, reading, json_object_array_get_idx(list, i));
		reading_leave(reading, at);
	}
	reading_leave(reading, back);
	if (!json_says_something(rule->object, "names") && !rule->single)
		reading_reject(reading, "remove the rule",
			       "the rule names no call, which runtimes refuse");
}

static void read_action(struct oci_rule *rule, struct reading *reading)
{
	const char *name = json_text_of(rule->object, "action");
	const char *first = rule->nr_names && rule->name[0] ? rule->name[0] : "";

	rule->answer.name = name;
	rule->answer.action = name ? action_named(name) : OCI_UNKNOWN;
	if (!name)
		reading_reject(reading, "write SCMP_ACT_ALLOW or the like",
			       "the rule of '%s' has no action", first);
	else if (rule->answer.action == OCI_UNKNOWN)
		reading_reject(reading, "write SCMP_ACT_ALLOW or the like",
			       "the action '%s' of the rule of '%s' does not exist", name,
			       first);
	read_errno(reading, rule->object, "errnoRet", "errno", &rule->answer);
	set_err(&rule->answer);
}

static void read_rule(struct oci *oci, struct reading *reading, json_object *object)
{
	static const char *const keys[] = {
		"name", "names", "action", "errnoRet", "errno", "args", "includes", "excludes",
		"comment", NULL,
	};
	struct oci_rule *rule;

	oci->rule = mem_grow(oci->rule, oci->nr_rules + 1, sizeof(*oci->rule));
	rule = &oci->rule[oci->nr_rules++];
	*rule = (struct oci_rule){ 0 };
	if (!json_object_is_type(object, json_type_object)) {
		reading_reject(reading, "write an object", "a rule is not an object");
		return;
	}
	rule->object = object;
	oci_check_keys(reading, object, keys);
	read_names(rule, reading);
	oci_read_conditions(oci, rule, reading);
	read_action(rule, reading);
	oci_member(reading, object, "args", json_type_array);
	oci_read_args(rule);
}

static void read_rules(struct oci *oci, struct reading *reading)
{
	json_object *list = oci_member(reading, oci->root, "syscalls", json_type_array);
	size_t back = reading_enter(reading, "syscalls");

	for (size_t i = 0; list && i < json_object_array_length(list); i++) {
		size_t at = reading_enter_at(reading, i);

		read_rule(oci, reading, json_object_array_get_idx(list, i));
		oci_add_rule(oci, i, reading);
		reading_leave(reading, at);
	}
	reading_leave(reading, back);
}

struct oci *oci_collect(json_object *root, uint64_t caps, struct messages *messages)
{
	struct oci *oci = mem_alloc(sizeof(*oci));
	struct reading reading = { .messages = messages };

	oci->root = root;
	oci->caps = caps;
	oci->standard.err = EPERM;
	oci_init_calls(oci);
	if (!json_object_is_type(root, json_type_object)) {
		reading_reject(&reading, "give a seccomp profile",
			       "the file is not a JSON object with a defaultAction");
		return oci;
	}
	read_head(oci, &reading);
	read_rules(oci, &reading);
	return oci;
}

void oci_free(struct oci *oci)
{
	if (!oci)
		return;
	for (size_t i = 0; i < oci->nr_rules; i++) {
		free(oci->rule[i].name);
		free(oci->rule[i].comparison);
	}
	free(oci->rule);
	free(oci->clash);
	json_object_put(oci->root);
	free(oci);
}
