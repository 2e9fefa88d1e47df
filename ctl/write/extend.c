// SPDX-License-Identifier: GPL-2.0
/*
 * Extends a profile for runtimes by what was learned. It is changed as JSON: it may say what a
 * profile of ours can't, such as rules that check arguments or depend on capabilities.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/jsonfile.h"
#include "write/extend.h"
#include "write/format.h"
#include "write/writer.h"

#define SYSCALLS "syscalls"
#define ARCHITECTURES "architectures"
/* The largest size of the file that is extended, in bytes; as other profiles may have. */
#define BASE_MAX (4 * 1024 * 1024)

static void note_name(json_object *names, json_object *name)
{
	const char *text = json_text(name);

	if (text)
		json_object_object_add(names, text, NULL);
}

/* The names that a rule is about: in an array, or alone in old profiles. */
static void note_rule(json_object *names, json_object *rule)
{
	json_object *value;

	if (!json_object_is_type(rule, json_type_object))
		return;
	if (json_object_object_get_ex(rule, "name", &value))
		note_name(names, value);
	if (!json_object_object_get_ex(rule, "names", &value) ||
	    !json_object_is_type(value, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(value); i++)
		note_name(names, json_object_array_get_idx(value, i));
}

/* An object with a key for each name that the rules are about. */
static json_object *names_in(json_object *rules)
{
	json_object *names = json_object_new_object();

	for (size_t i = 0; i < json_object_array_length(rules); i++)
		note_rule(names, json_object_array_get_idx(rules, i));
	return names;
}

static bool has_text(json_object *array, const char *text)
{
	for (size_t i = 0; i < json_object_array_length(array); i++) {
		const char *other = json_text(json_object_array_get_idx(array, i));

		if (other && !strcmp(other, text))
			return true;
	}
	return false;
}

/* Removes from the rule the names that are in @known; false if none is left. */
static bool leave_new(json_object *rule, json_object *known)
{
	json_object *names, *left = json_object_new_array();
	size_t count = 0;

	json_object_object_get_ex(rule, "names", &names);
	for (size_t i = 0; i < json_object_array_length(names); i++) {
		json_object *name = json_object_array_get_idx(names, i);

		if (json_object_object_get_ex(known, json_object_get_string(name), NULL))
			continue;
		json_object_array_add(left, json_object_get(name));
		count++;
	}
	json_object_object_add(rule, "names", left);
	return count;
}

/* The rules of @profile, an array: an empty one if it had none. NULL if they are no array. */
static json_object *rules_of(json_object *profile)
{
	json_object *rules;

	if (!json_object_object_get_ex(profile, SYSCALLS, &rules) || !rules) {
		rules = json_object_new_array();
		json_object_object_add(profile, SYSCALLS, rules);
	}
	return json_object_is_type(rules, json_type_array) ? rules : NULL;
}

/*
 * Adds to the profile the architectures of what was learned, as oci-seccomp-bpf-hook does, so that
 * the rules hold there even if the profile lists only others. Docker's form has an archMap instead,
 * and runtimes refuse a profile with both.
 */
static void add_architectures(json_object *to, json_object *from)
{
	json_object *have, *learned;

	if (json_says_something(to, "archMap"))
		return;
	json_object_object_get_ex(from, ARCHITECTURES, &learned);
	if (!json_object_object_get_ex(to, ARCHITECTURES, &have) ||
	    !json_object_is_type(have, json_type_array)) {
		json_object_object_add(to, ARCHITECTURES, json_object_get(learned));
		return;
	}
	for (size_t i = 0; i < json_object_array_length(learned); i++) {
		json_object *name = json_object_array_get_idx(learned, i);

		if (!has_text(have, json_object_get_string(name)))
			json_object_array_add(have, json_object_get(name));
	}
}

static int add_rules(struct output *out, json_object *to, json_object *from, const char *base)
{
	json_object *rules = rules_of(to), *more = rules_of(from), *known;

	if (!rules)
		return messages_fail(out->messages, EXIT_FAILED, base, NULL, "%s is no array",
				     SYSCALLS);
	known = names_in(rules);
	for (size_t i = 0; i < json_object_array_length(more); i++) {
		json_object *rule = json_object_array_get_idx(more, i);

		if (leave_new(rule, known))
			json_object_array_add(rules, json_object_get(rule));
	}
	json_object_put(known);
	add_architectures(to, from);
	/* As oci-seccomp-bpf-hook does: what was not learned is refused. */
	json_object_object_add(to, "defaultAction", json_object_new_string("SCMP_ACT_ERRNO"));
	return EXIT_DONE;
}

/* What was learned, as a profile for runtimes. */
static json_object *learned(struct output *out)
{
	json_object *profile = NULL;
	char *text = NULL;
	size_t len;

	out->to = open_memstream(&text, &len);
	if (!out->to)
		return NULL;
	format_write_oci(out);
	if (!fclose(out->to))
		profile = json_whole(text, out->messages);
	out->to = NULL;
	free(text);
	return profile;
}

static json_object *read_base(struct output *out, const char *path)
{
	char *text = file_read(path, BASE_MAX);
	json_object *profile;

	if (!text) {
		messages_fail(out->messages, exit_code_of(errno), path, NULL, "%s",
			      strerror(errno));
		return NULL;
	}
	profile = json_whole(text, out->messages);
	free(text);
	if (!profile || json_object_is_type(profile, json_type_object))
		return profile;
	messages_fail(out->messages, EXIT_FAILED, path, "give a profile", "not a JSON object");
	json_object_put(profile);
	return NULL;
}

static int write_json(FILE *to, void *data)
{
	fprintf(to, "%s\n", json_object_to_json_string_ext(data, JSON_C_TO_STRING_PRETTY |
							   JSON_C_TO_STRING_NOSLASHESCAPE));
	return EXIT_DONE;
}

int extend_write(struct output *out, const char *base, const char *file)
{
	json_object *to = read_base(out, base);
	json_object *from = to ? learned(out) : NULL;
	int ret = EXIT_FAILED;

	if (from)
		ret = add_rules(out, to, from, base);
	if (!ret)
		ret = writer_whole(out->messages, file, write_json, to);
	json_object_put(from);
	json_object_put(to);
	return ret;
}
