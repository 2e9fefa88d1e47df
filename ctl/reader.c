// SPDX-License-Identifier: GPL-2.0
/*
 * Reading of profiles: OCI seccomp JSON, scmod's own JSON, or a list with one
 * name per line. What a policy can't express is an error that names it, never
 * passed over.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "error.h"
#include "file.h"
#include "memory.h"
#include "reader.h"
#include "sysname.h"

#define PROFILE_MAX (4 * 1024 * 1024)

/* What dump --format json writes. */
#define OWN_FORMAT "scmod-profile-1"

/* The calls that it names, by what it says of them. */
struct sets {
	struct bitmap allowed[NR_ABIS];
	struct bitmap soft[NR_ABIS];
	struct bitmap refused[NR_ABIS];
};

/* The file being read, and which ABIs its names are meant for. */
struct reader {
	const char *verb;
	const char *path;
	bool abi[NR_ABIS];
	struct sets sets;
	struct profile *profile;
};

#define reject(reader, fmt, ...)					\
	fail(EXIT_FAILED, "%s --profile %s: " fmt, (reader)->verb,	\
	     (reader)->path, ##__VA_ARGS__)

/* One name, in all ABIs the profile is for, into the set at @sets. */
static int add_name(struct reader *reader, struct bitmap *sets, const char *name)
{
	bool found = false;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		int nr = reader->abi[abi] ? sysname_number(abi, name) : -1;

		if (nr < 0)
			continue;
		bitmap_add(&sets[abi], nr);
		found = true;
	}
	if (found)
		return EXIT_DONE;
	if (!sysname_known(name))
		return reject(reader, "no system call is named '%s'; correct or remove it", name);
	note("%s --profile %s: '%s' is a call of other architectures only; left out",
	     reader->verb, reader->path, name);
	return EXIT_DONE;
}

/* NULL if it is none; one with a NUL in it is not what C makes of it. */
static const char *string(json_object *value)
{
	const char *text = json_object_get_string(value);

	if (!json_object_is_type(value, json_type_string) ||
	    strlen(text) != (size_t)json_object_get_string_len(value))
		return NULL;
	return text;
}

static const char *string_of(json_object *object, const char *key)
{
	return string(json_object_object_get(object, key));
}

static int add_names(struct reader *reader, struct bitmap *sets, json_object *names)
{
	if (names && !json_object_is_type(names, json_type_array))
		return reject(reader, "a list of names is no array; correct it");
	for (size_t i = 0; names && i < json_object_array_length(names); i++) {
		json_object *name = json_object_array_get_idx(names, i);
		int ret;

		if (!string(name))
			return reject(reader, "a name is no string; correct it");
		ret = add_name(reader, sets, string(name));
		if (ret)
			return ret;
	}
	return EXIT_DONE;
}

/* Absent, null, [] and {} all say nothing. */
static bool says_something(json_object *object, const char *key)
{
	json_object *value = json_object_object_get(object, key);

	switch (json_object_get_type(value)) {
	case json_type_null:
		return false;
	case json_type_array:
		return json_object_array_length(value) > 0;
	case json_type_object:
		return json_object_object_length(value) > 0;
	default:
		return true;
	}
}

static int read_architecture(struct reader *reader, json_object *value)
{
	const char *name = string(value);

	if (!name || strncmp(name, "SCMP_ARCH_", strlen("SCMP_ARCH_")))
		return reject(reader, "no architecture is named '%s'; SCMP_ARCH_X86_64 is",
			      name ? name : "");
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (!strcmp(name, abi_oci_name(abi)))
			reader->abi[abi] = true;
	return EXIT_DONE;
}

static bool any_abi(const struct reader *reader)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (reader->abi[abi])
			return true;
	return false;
}

static int read_architectures(struct reader *reader, json_object *root)
{
	json_object *list = json_object_object_get(root, "architectures");

	if (!says_something(root, "architectures")) {
		reader->abi[SCMOD_ABI_X86_64] = true;
		return EXIT_DONE;
	}
	if (!json_object_is_type(list, json_type_array))
		return reject(reader, "architectures is no array; correct it");
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		int ret = read_architecture(reader, json_object_array_get_idx(list, i));

		if (ret)
			return ret;
	}
	if (!any_abi(reader))
		return reject(reader, "made for other architectures; add SCMP_ARCH_X86_64");
	return EXIT_DONE;
}

static int read_errno(struct reader *reader, json_object *object, const char *key, int *err)
{
	json_object *value = json_object_object_get(object, key);

	if (!value)
		return EXIT_DONE;
	*err = json_object_get_int(value);
	if (!json_object_is_type(value, json_type_int) || *err < 1 || *err > SCMOD_ERRNO_MAX)
		return reject(reader, "%s is not from 1 to %d; correct it", key,
			      SCMOD_ERRNO_MAX);
	return EXIT_DONE;
}

static bool is_kill(const char *action)
{
	return !strcmp(action, "SCMP_ACT_KILL") || !strcmp(action, "SCMP_ACT_KILL_THREAD") ||
	       !strcmp(action, "SCMP_ACT_KILL_PROCESS");
}

static int read_default(struct reader *reader, json_object *root)
{
	const char *action = string_of(root, "defaultAction");

	if (!action)
		return reject(reader, "no defaultAction: not an OCI seccomp profile");
	if (is_kill(action)) {
		reader->profile->action = SCMOD_ACTION_KILL;
		return EXIT_DONE;
	}
	if (strcmp(action, "SCMP_ACT_ERRNO"))
		return reject(reader,
			      "defaultAction %s does not refuse; SCMP_ACT_ERRNO or SCMP_ACT_KILL_PROCESS does",
			      action);
	reader->profile->action = SCMOD_ACTION_ERRNO;
	return read_errno(reader, root, "defaultErrnoRet", &reader->profile->err);
}

/* Which of the profile's sets the names of a rule belong in, by its action. */
static int rule_sets(struct reader *reader, json_object *rule, const char *first,
		     struct bitmap **sets)
{
	const char *action = string_of(rule, "action");
	int err = -1;

	if (!action)
		return reject(reader, "the rule of '%s' has no action; correct it", first);
	if (!strcmp(action, "SCMP_ACT_ALLOW") || !strcmp(action, "SCMP_ACT_LOG")) {
		*sets = reader->sets.allowed;
	} else if (!strcmp(action, "SCMP_ACT_ERRNO")) {
		if (read_errno(reader, rule, "errnoRet", &err))
			return EXIT_FAILED;
		*sets = err == ENOSYS ? reader->sets.soft : reader->sets.refused;
	} else if (is_kill(action)) {
		*sets = reader->sets.refused;
	} else {
		return reject(reader, "action %s of '%s' is not supported; allow or refuse it",
			      action, first);
	}
	return EXIT_DONE;
}

static int read_rule(struct reader *reader, json_object *rule)
{
	static const char *const conditions[] = { "includes", "excludes" };
	json_object *names = json_object_object_get(rule, "names");
	const char *first = string_of(rule, "name");
	struct bitmap *sets = NULL;
	int ret;

	if (first && names)
		return reject(reader, "the rule of '%s' has both name and names; remove one",
			      first);
	if (!first && json_object_is_type(names, json_type_array) &&
	    json_object_array_length(names))
		first = json_object_get_string(json_object_array_get_idx(names, 0));
	if (!first)
		return reject(reader, "a rule names no call; remove it");
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (says_something(rule, conditions[i]))
			return reject(reader,
				      "%s of '%s' is not supported; decide it and remove it",
				      conditions[i], first);
	ret = rule_sets(reader, rule, first, &sets);
	if (ret)
		return ret;
	if (says_something(rule, "args"))
		return reject(reader,
			      "the rule of '%s' looks at arguments, which scmod can't; allow or refuse the whole call",
			      first);
	if (!names)
		return add_name(reader, sets, first);
	return add_names(reader, sets, names);
}

/* Container runtimes disagree on which of two rules holds. */
static int check_conflicts(struct reader *reader)
{
	const struct sets *sets = &reader->sets;

	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		unsigned int nr;

		bitmap_for_each(nr, &sets->allowed[abi])
			if (bitmap_has(&sets->soft[abi], nr) ||
			    bitmap_has(&sets->refused[abi], nr))
				return reject(reader,
					      "'%s' is both allowed and refused; remove one",
					      sysname(abi, nr));
	}
	return EXIT_DONE;
}

static int read_oci(struct reader *reader, json_object *root)
{
	static const char *const unsupported[] = { "archMap", "listenerPath" };
	json_object *rules = json_object_object_get(root, "syscalls");
	int ret;

	for (size_t i = 0; i < sizeof(unsupported) / sizeof(unsupported[0]); i++)
		if (says_something(root, unsupported[i]))
			return reject(reader,
				      "%s is not supported; give a profile as the OCI runtime gets it",
				      unsupported[i]);
	ret = read_default(reader, root);
	if (!ret)
		ret = read_architectures(reader, root);
	if (!ret && rules && !json_object_is_type(rules, json_type_array))
		ret = reject(reader, "syscalls is no array; correct it");
	for (size_t i = 0; !ret && rules && i < json_object_array_length(rules); i++)
		ret = read_rule(reader, json_object_array_get_idx(rules, i));
	return ret ? ret : check_conflicts(reader);
}

static int read_own_abi(struct reader *reader, json_object *object)
{
	const char *name = string_of(object, "abi");
	int abi = name ? abi_by_name(name, strlen(name)) : -1;
	int ret;

	if (abi < 0)
		return reject(reader, "no ABI is named '%s'; x86_64, i386 and x32 are",
			      name ? name : "");
	memset(reader->abi, 0, sizeof(reader->abi));
	reader->abi[abi] = true;
	ret = add_names(reader, reader->sets.allowed,
			json_object_object_get(object, "allow"));
	if (ret)
		return ret;
	return add_names(reader, reader->sets.soft,
			 json_object_object_get(object, "soft"));
}

static int read_own_action(struct reader *reader, json_object *root)
{
	const char *action = string_of(root, "action");

	if (!says_something(root, "action"))
		return EXIT_DONE;
	if (action && !strcmp(action, "kill"))
		reader->profile->action = SCMOD_ACTION_KILL;
	else if (action && !strcmp(action, "errno"))
		reader->profile->action = SCMOD_ACTION_ERRNO;
	else
		return reject(reader, "action '%s' is neither errno nor kill; correct it",
			      action ? action : "");
	return EXIT_DONE;
}

static int read_own(struct reader *reader, json_object *root)
{
	json_object *abis = json_object_object_get(root, "abis");
	const char *format = string_of(root, "format");
	int ret;

	if (!format || strcmp(format, OWN_FORMAT))
		return reject(reader, "no format is named '%s'; " OWN_FORMAT " is",
			      format ? format : "");
	if (!json_object_is_type(abis, json_type_array))
		return reject(reader, "no abis: not a profile of 'scmod dump --format json'");
	ret = read_own_action(reader, root);
	if (!ret)
		ret = read_errno(reader, root, "errno", &reader->profile->err);
	for (size_t i = 0; !ret && i < json_object_array_length(abis); i++)
		ret = read_own_abi(reader, json_object_array_get_idx(abis, i));
	return ret ? ret : check_conflicts(reader);
}

/* The whole of @text, or NULL with why in @error. */
static json_object *parse(const char *text, const char **error)
{
	json_tokener *tok = json_tokener_new();
	json_object *root = NULL;

	*error = "out of memory";
	if (!tok)
		return NULL;
	/* By default a second value, or half a name, would be passed over. */
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tok, text, -1);
	if (json_tokener_get_error(tok) == json_tokener_continue)
		*error = "it ends too early";
	else
		*error = json_tokener_error_desc(json_tokener_get_error(tok));
	json_tokener_free(tok);
	return root;
}

static int read_json(struct reader *reader, const char *text)
{
	const char *error;
	json_object *root = parse(text, &error);
	int ret;

	if (!root)
		return reject(reader, "not JSON: %s; correct it", error);
	if (says_something(root, "format"))
		ret = read_own(reader, root);
	else
		ret = read_oci(reader, root);
	json_object_put(root);
	return ret;
}

static int read_list(struct reader *reader, char *text)
{
	char *line, *save;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		unsigned int abi;
		char *name, *rest;
		int nr;

		line[strcspn(line, "#")] = '\0';
		name = strtok_r(line, " \t\r", &rest);
		if (!name)
			continue;
		nr = sysname_parse(name, &abi);
		if (nr < 0)
			return reject(reader, "no system call is named '%s'; correct or remove it",
				      name);
		if (strtok_r(NULL, " \t\r", &rest))
			return reject(reader, "more than one word in the line of '%s'; one name per line",
				      name);
		bitmap_add(&reader->sets.allowed[abi], nr);
	}
	return EXIT_DONE;
}

static void take(struct reader *reader, const struct bitmap *sets, enum profile_state state)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		unsigned int nr;

		bitmap_for_each(nr, &sets[abi]) {
			profile_set(reader->profile, abi, nr, state, 0);
			profile_say(reader->profile, abi, nr, REASON_FILE, "named by %s",
				    reader->path);
			reader->profile->covers[abi] = true;
		}
	}
}

int profile_read(const char *verb, const char *path, struct profile **profile)
{
	struct reader reader = { .verb = verb, .path = path, .profile = profile_new() };
	char *text;
	char first;
	int ret;

	*profile = NULL;
	text = file_read(path, PROFILE_MAX);
	if (!text) {
		ret = reject(&reader, "%s; give a profile that can be read", strerror(errno));
		goto free_profile;
	}
	first = text[strspn(text, " \t\r\n")];
	if (!first)
		ret = reject(&reader, "it is empty; give one that allows something");
	else if (first == '{' || first == '[')
		ret = read_json(&reader, text);
	else
		ret = read_list(&reader, text);
	free(text);
	if (ret)
		goto free_profile;
	take(&reader, reader.sets.allowed, PROFILE_ALLOW);
	take(&reader, reader.sets.soft, PROFILE_SOFT);
	take(&reader, reader.sets.refused, PROFILE_REFUSE);
	*profile = reader.profile;
	return EXIT_DONE;

free_profile:
	profile_free(reader.profile);
	return ret;
}
