// SPDX-License-Identifier: GPL-2.0
/*
 * Reads files with policies. Unknown keys are errors: a key that is misspelt would otherwise
 * be taken for one that is not there, and the policy would be looser than meant.
 */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/errname.h"
#include "base/file.h"
#include "base/memory.h"
#include "calls/caps.h"
#include "calls/sysname.h"
#include "profile/mode.h"
#include "read/reader.h"
#include "read/reading.h"
#include "read/saved.h"
#include "read/saved_values.h"

/* Each name is compared with all others of the file. */
#define POLICIES_MOST 65000

/* ---- sets of calls */

/* A set of one ABI that is being read. */
struct reading_set {
	unsigned int abi;
	struct bitmap *set;
};

static int read_number(struct reading *reading, json_object *value, struct reading_set *to)
{
	int64_t nr = json_object_get_int64(value);

	if (nr < 0 || nr >= SCMOD_NR_BITS)
		return reading_reject(reading, "correct it", "%lld is not a number from 0 to %d",
				      (long long)nr, SCMOD_NR_BITS - 1);
	bitmap_add(to->set, nr);
	return EXIT_DONE;
}

static int read_call(struct reading *reading, json_object *value, void *data)
{
	struct reading_set *to = data;
	const char *name = json_text(value);
	int nr;

	if (json_object_is_type(value, json_type_int))
		return read_number(reading, value, to);
	if (!name)
		return reading_reject(reading, "write the name of a call, or its number",
				      "the value is neither a string nor a number");
	nr = sysname_number(to->abi, name);
	if (nr < 0)
		return reading_reject_name(reading, name);
	bitmap_add(to->set, nr);
	return EXIT_DONE;
}

static int read_set(struct reading *reading, json_object *object, const char *key,
		    unsigned int abi, struct bitmap *set)
{
	struct reading_set to = { .abi = abi, .set = set };

	return reading_each(reading, object, key, read_call, &to);
}

static int check_soft(struct reading *reading, const struct abi_sets *sets, unsigned int abi)
{
	struct bitmap both = sets->soft;
	unsigned int nr;

	bitmap_intersect(&both, &sets->allowed);
	nr = bitmap_next(&both, 0);
	if (nr == SCMOD_NR_BITS)
		return EXIT_DONE;
	return reading_reject(reading, "remove it from one of them",
			      "'%s' (%u) is both in allowed and in soft",
			      sysname(abi, nr) ? sysname(abi, nr) : "", nr);
}

static int read_sets(struct reading *reading, json_object *object, unsigned int abi,
		     struct abi_sets *sets)
{
	bool nameless = false;
	int ret = read_set(reading, object, "allowed", abi, &sets->allowed);

	if (!ret)
		ret = read_set(reading, object, "soft", abi, &sets->soft);
	if (!ret)
		ret = read_set(reading, object, "priority", abi, &sets->priority);
	if (!ret)
		ret = read_set(reading, object, "seen", abi, &sets->seen);
	if (!ret)
		ret = read_set(reading, object, "denied", abi, &sets->denied);
	if (!ret)
		ret = reading_flag(reading, object, "soft_without_name", &nameless);
	if (!ret && nameless)
		saved_add_soft_nameless(sets, abi);
	return ret ? ret : check_soft(reading, sets, abi);
}

/* The policy that is being read, and which of its ABIs have been read. */
struct reading_policy {
	struct saved *saved;
	bool abi[NR_ABIS];
	bool allowed;
	bool soft;
};

static int read_abi(struct reading *reading, json_object *object, void *data)
{
	static const char *const keys[] = {
		"abi", "allowed", "soft", "soft_without_name", "priority", "seen", "denied", NULL,
	};
	struct reading_policy *policy = data;
	const char *name;
	int abi, ret = reading_only_keys(reading, object, keys);

	if (ret)
		return ret;
	name = json_text_of(object, "abi");
	abi = name ? abi_by_name(name, strlen(name)) : -1;
	if (abi < 0)
		return reading_reject(reading, "write x86_64, i386 or x32", "no ABI is named '%s'",
				      name ? name : "");
	if (policy->abi[abi])
		return reading_reject(reading, "make one of them", "the ABI %s is there twice",
				      name);
	policy->abi[abi] = true;
	policy->allowed |= json_object_object_get_ex(object, "allowed", NULL);
	policy->soft |= json_object_object_get_ex(object, "soft", NULL);
	policy->saved->has_priority |= json_object_object_get_ex(object, "priority", NULL);
	return read_sets(reading, object, abi, &policy->saved->abi[abi]);
}

/* ---- where the allowed calls come from */

/* Adds lifelines and soft calls to the profile, and copies its sets to the policy. */
static void take_profile(struct saved *saved, struct profile *profile)
{
	struct abi_sets sets[NR_ABIS];

	profile_add_lifelines(profile);
	profile_add_soft(profile);
	profile_sets(profile, sets);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		saved->abi[abi].allowed = sets[abi].allowed;
		saved->abi[abi].soft = sets[abi].soft;
	}
	saved->has_sets = true;
	saved->reasons = profile;
	/* What the file itself says about values has precedence. */
	for (unsigned int i = 0; i < NR_SELECTORS; i++) {
		struct value_set *set = &saved->selector[i].set;

		if (!set->listed && profile_selects(profile, i))
			values_copy(set, &profile->values[i], NULL);
	}
}

/* The path of a file that is named in this one: relative to the directory of this one. */
static char *path_beside(const struct reading *reading, const char *path)
{
	char *copy, *beside;

	if (*path == '/' || file_is_stream(reading->path))
		return mem_string(path);
	copy = mem_string(reading->path);
	beside = mem_print("%s/%s", dirname(copy), path);
	free(copy);
	return beside;
}

/* Adds the messages about the file @path to those about the file that names it. */
static void pass_on(struct reading *reading, const char *path, struct messages *messages)
{
	for (size_t i = 0; i < messages->count; i++) {
		const struct message *message = &messages->message[i];

		if (message->kind == MESSAGE_ERROR)
			messages_fail(reading->messages, message->code, reading->where,
				      message->todo, "%s%s%s: %s", path, *message->place ? ": " : "",
				      message->place, message->text);
		else
			messages_add(reading->messages, message->kind, reading->where,
				     message->todo, "%s%s%s: %s", path,
				     *message->place ? ": " : "", message->place, message->text);
	}
	messages_release(messages);
}

static int read_profile_file(struct reading *reading, const char *path,
			     const struct reader_options *options, struct saved *saved)
{
	struct messages messages = { 0 };
	struct profile *profile;
	char *beside = path_beside(reading, path);
	int ret = profile_read(beside, options, &messages, &profile);

	pass_on(reading, beside, &messages);
	if (!ret && profile_empty(profile)) {
		ret = reading_reject(reading, "give one that allows something",
				     "the profile %s allows nothing", beside);
		profile_free(profile);
	}
	free(beside);
	if (ret)
		return ret;
	if (saved->action < 0)
		saved->action = profile->action;
	if (saved->err < 0)
		saved->err = profile_errno(profile);
	take_profile(saved, profile);
	return EXIT_DONE;
}

static int read_options(struct reading *reading, const char *args, const char *caps,
			struct reader_options *options)
{
	char bad[64];

	if (args && !strcmp(args, "widen"))
		options->args = READER_ARGS_WIDEN;
	else if (args && !strcmp(args, "narrow"))
		options->args = READER_ARGS_NARROW;
	else if (args && strcmp(args, "fail"))
		return reading_reject(reading, "write fail, widen or narrow",
				      "args '%s' is none of its values", args);
	if (!caps_parse(caps ? caps : "", &options->caps, bad))
		return reading_reject(reading,
				      "write names such as CAP_SYS_ADMIN separated by commas, or ALL",
				      "no capability is named '%s'", bad);
	return EXIT_DONE;
}

/* Reads the profile that the policy names, if it names one. */
static int read_profile(struct reading *reading, json_object *object, struct saved *saved)
{
	struct reader_options options = { 0 };
	const char *path, *args = NULL, *caps = NULL;
	int ret = reading_string(reading, object, "profile", &path);

	if (!ret)
		ret = reading_string(reading, object, "args", &args);
	if (!ret)
		ret = reading_string(reading, object, "cap", &caps);
	if (!ret && !path && (args || caps))
		ret = reading_reject(reading, "remove it, or name a profile",
				     "args and cap have no effect without profile");
	if (!ret)
		ret = read_options(reading, args, caps, &options);
	return ret || !path ? ret : read_profile_file(reading, path, &options, saved);
}

/* Completes a policy whose file, written by hand, has only the allowed calls. */
static void take_list(struct reading *reading, struct saved *saved)
{
	const struct profile_origin origin = { .file = (char *)reading->path };
	struct profile *profile = profile_new();
	unsigned int nr;

	profile_add_origin(profile, &origin);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++) {
		profile->covers[abi] = bitmap_count(&saved->abi[abi].allowed);
		bitmap_for_each(nr, &saved->abi[abi].allowed) {
			profile_set(profile, abi, nr, PROFILE_ALLOW, 0);
			profile_say(profile, abi, nr, REASON_FILE, "listed");
		}
	}
	take_profile(saved, profile);
}

static int read_reasons(struct reading *reading, json_object *object, struct saved *saved)
{
	json_object *reasons = json_object_object_get(object, "reasons");
	size_t back = reading_enter(reading, "reasons");
	int ret;

	if (!reasons) {
		reading_leave(reading, back);
		return EXIT_DONE;
	}
	reading->profile = profile_new();
	ret = reading_own(reading, reasons);
	if (ret)
		profile_free(reading->profile);
	else
		saved->reasons = reading->profile;
	reading->profile = NULL;
	reading_leave(reading, back);
	return ret;
}

static int read_calls(struct reading *reading, json_object *object, struct saved *saved)
{
	struct reading_policy policy = { .saved = saved };
	int ret = reading_each(reading, object, "abis", read_abi, &policy);

	saved->selector = saved_selectors();
	if (!ret)
		ret = reading_each(reading, object, "values", saved_values, saved->selector);
	if (ret)
		return ret;
	if (policy.allowed && json_object_object_get(object, "profile"))
		return reading_reject(reading, "remove one of them",
				      "the policy has both a profile and allowed calls");
	if (policy.soft && !policy.allowed)
		return reading_reject(reading, "add allowed to the ABI", "soft has no effect without allowed");
	if (!policy.soft && json_object_object_get(object, "reasons"))
		return reading_reject(reading, "remove reasons, or add soft to the ABIs",
				      "reasons has no effect without allowed and soft");
	saved->has_sets = policy.allowed;
	if (policy.allowed && !policy.soft) {
		take_list(reading, saved);
		return EXIT_DONE;
	}
	ret = read_profile(reading, object, saved);
	return ret ? ret : read_reasons(reading, object, saved);
}

/* ---- the policy itself */

static int read_name(struct reading *reading, json_object *object, struct saved *saved)
{
	const char *name;
	int ret = reading_string(reading, object, "name", &name);

	if (ret)
		return ret;
	if (!name || *name != '/')
		return reading_reject(reading, "write the path of a cgroup below the cgroup2 mount, such as /system.slice/nginx.service",
				      "name '%s' does not begin with '/'", name ? name : "");
	saved->name = mem_string(name);
	return reading_flag(reading, object, "once", &saved->once);
}

static int read_mode(struct reading *reading, json_object *object, struct saved *saved)
{
	const char *mode;
	int ret = reading_string(reading, object, "mode", &mode);

	if (ret)
		return ret;
	saved->mode = mode ? mode_by_name(mode) : -1;
	if (saved->mode < 0)
		return reading_reject(reading, "write off, learn, complain, complain-learn or enforce",
				      "no mode is named '%s'", mode ? mode : "");
	return reading_action(reading, object, &saved->action);
}

static int read_err(struct reading *reading, json_object *object, struct saved *saved)
{
	const char *name = json_text_of(object, "errno");

	if (!name)
		return reading_errno(reading, object, "errno", &saved->err);
	saved->err = errname_value(name);
	if (!saved->err)
		return reading_reject(reading, "write a name such as EPERM, or a number from 1 to 4095",
				      "errno '%s' is not an errno", name);
	return EXIT_DONE;
}

static bool allows_something(const struct saved *saved)
{
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		if (bitmap_count(&saved->abi[abi].allowed))
			return true;
	return false;
}

/* Checks that the file has all that the mode needs, and sets what the file leaves out. */
static int complete(struct reading *reading, struct saved *saved)
{
	if (saved->mode == SCMOD_MODE_ENFORCE && !saved->has_sets)
		return reading_reject(reading, "add profile, the path of a file, or abis with allowed",
				      "the mode is enforce, but it is not said which calls are allowed");
	if (saved->mode == SCMOD_MODE_ENFORCE && !allows_something(saved))
		return reading_reject(reading, "add the calls that are allowed", "the mode is enforce, and no call is allowed");
	if (!saved->has_sets)
		return EXIT_DONE;
	if (saved->action < 0)
		saved->action = SCMOD_ACTION_ERRNO;
	if (saved->err < 0)
		saved->err = errname_value("EPERM");
	return EXIT_DONE;
}

static int read_policy(struct reading *reading, json_object *object, void *data)
{
	static const char *const keys[] = {
		"name", "once", "mode", "action", "errno", "profile", "args", "cap", "abis",
		"values", "reasons", "comment", NULL,
	};
	struct saved_file *file = data;
	struct saved read = { .action = -1, .err = -1 };
	int ret = reading_only_keys(reading, object, keys);

	if (!ret)
		ret = read_name(reading, object, &read);
	if (!ret && saved_find(file, &read))
		ret = reading_reject(reading, "remove one of them", "the policy '%s' is there twice",
				     read.name);
	if (!ret)
		ret = read_mode(reading, object, &read);
	if (!ret)
		ret = read_err(reading, object, &read);
	if (!ret)
		ret = read_calls(reading, object, &read);
	if (!ret)
		ret = complete(reading, &read);
	/* @file frees the policy, even if it is incomplete. */
	if (read.name)
		*saved_add(file) = read;
	return ret;
}

/* ---- the file */

static int read_root(struct reading *reading, json_object *root, struct saved_file *file)
{
	static const char *const keys[] = {
		"format", "tool", "kernel", "boot", "saved", "policies", "comment", NULL,
	};
	const char *format, *boot;
	json_object *policies;
	int ret = reading_only_keys(reading, root, keys);

	if (!ret)
		ret = reading_string(reading, root, "format", &format);
	if (!ret && (!format || (strcmp(format, SAVED_FORMAT) && strcmp(format, SAVED_FORMAT_1))))
		ret = reading_reject(reading, "write " SAVED_FORMAT ", or use a newer scmod",
				     "no format of policies is named '%s'", format ? format : "");
	if (!ret)
		ret = reading_string(reading, root, "boot", &boot);
	if (ret)
		return ret;
	file->boot = mem_string(boot);
	policies = json_object_object_get(root, "policies");
	if (!json_object_is_type(policies, json_type_array))
		return reading_reject(reading, "add it", "the array policies is missing");
	if (json_object_array_length(policies) > POLICIES_MOST)
		return reading_reject(reading, "split the file", "it has more than %d policies",
				      POLICIES_MOST);
	return reading_each(reading, root, "policies", read_policy, file);
}

static int read_text(struct reading *reading, const char *text, struct saved_file *file)
{
	json_object *root = json_whole(text, reading->messages);
	int ret = root ? read_root(reading, root, file) : EXIT_FAILED;

	json_object_put(root);
	if (ret)
		saved_release(file);
	return ret;
}

int saved_read(const char *path, struct messages *messages, struct saved_file *file)
{
	static const struct reader_options none;
	struct reading reading = { .path = path, .options = &none, .messages = messages };
	char *text = file_read(path, SAVED_MAX);
	int ret;

	*file = (struct saved_file){ 0 };
	if (!text)
		return messages_fail(messages, exit_code_of(errno), NULL,
				     "give a file of 'scmod save', or one that is written like it",
				     "%s", strerror(errno));
	ret = read_text(&reading, text, file);
	free(text);
	return ret;
}
