// SPDX-License-Identifier: GPL-2.0
/*
 * Reads scmod's own JSON, as format_own.c writes it. Unknown fields are errors, because
 * ignoring them would lose them when the profile is written again.
 */
#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "calls/sysname.h"
#include "read/own_parts.h"
#include "read/own_values.h"
#include "read/reading.h"

/* The form that older versions of the tool wrote: names only. */
#define FORMAT_OWN_1 "scmod-profile-1"

static int read_abi(struct reading *reading, json_object *object, int *abi)
{
	const char *name = json_text_of(object, "abi");

	*abi = name ? abi_by_name(name, strlen(name)) : -1;
	if (*abi < 0)
		return reading_reject(reading, "write x86_64, i386 or x32", "no ABI is named '%s'",
				      name ? name : "");
	reading->profile->covers[*abi] = true;
	return EXIT_DONE;
}

/* ---- the present form */

static int read_origin(struct reading *reading, json_object *object, void *unused)
{
	static const char *const keys[] = {
		"file", "path", "id", "created", "partial", "tool", "kernel", NULL,
	};
	struct profile_origin origin = { 0 };
	int ret = reading_only_keys(reading, object, keys);

	(void)unused;
	if (!ret && reading->profile->nr_origins == OWN_MOST)
		ret = reading_reject(reading, "merge fewer profiles",
				     "the profile has more than %d origins", OWN_MOST);
	if (!ret)
		ret = reading_string(reading, object, "file", (const char **)&origin.file);
	if (!ret)
		ret = reading_string(reading, object, "path", (const char **)&origin.path);
	if (!ret)
		ret = reading_string(reading, object, "tool", (const char **)&origin.tool);
	if (!ret)
		ret = reading_string(reading, object, "kernel", (const char **)&origin.kernel);
	if (!ret)
		ret = own_number(reading, object, "id", UINT64_MAX, &origin.id);
	if (!ret)
		ret = own_time(reading, object, "created", &origin.created);
	if (!ret)
		ret = reading_flag(reading, object, "partial", &origin.partial);
	if (!ret && reading->profile->nr_origins !=
	    profile_add_origin(reading->profile, &origin))
		ret = reading_reject(reading, "remove one of them", "the origin is there twice");
	return ret;
}

/* The call to which the reasons being read belong. */
struct call_number {
	unsigned int abi;
	unsigned int nr;
};

static int read_reason(struct reading *reading, json_object *object, void *data)
{
	const struct call_number *call = data;
	struct reason reason;
	int ret = own_reason(reading, object,
			     profile_at(reading->profile, call->abi, call->nr)->nr_reasons,
			     &reason);

	if (!ret)
		profile_add_reason(reading->profile, call->abi, call->nr, &reason);
	return ret;
}

/*
 * Finds the call by its name or number: it may have no name, or a name that this tool does
 * not know.
 */
static int read_which(struct reading *reading, json_object *object, struct call_number *call)
{
	const char *name = json_text_of(object, "name");
	uint64_t number = SCMOD_NR_BITS;
	int nr = name ? sysname_number(call->abi, name) : -1;
	int ret = own_number(reading, object, "nr", SCMOD_NR_BITS - 1, &number);

	if (ret)
		return ret;
	if (!name && json_object_object_get(object, "name"))
		return reading_reject(reading, "write the name as a string", "a name is not a string");
	if (nr < 0 && number == SCMOD_NR_BITS)
		return reading_reject_name(reading, name ? name : "");
	if (nr >= 0 && number != SCMOD_NR_BITS && number != (uint64_t)nr)
		return reading_reject(reading, "correct it", "'%s' has the number %d, not %u", name,
				      nr, (unsigned int)number);
	if (nr < 0 && name && sysname(call->abi, number))
		return reading_reject(reading, "correct it", "'%s' is not the name of number %u, which is '%s'",
				      name, (unsigned int)number, sysname(call->abi, number));
	if (nr < 0 && name)
		reading_note(reading, "'%s' is not a name that this tool knows; number %u is used",
			     name, (unsigned int)number);
	call->nr = nr < 0 ? number : (unsigned int)nr;
	return EXIT_DONE;
}

static int read_state(struct reading *reading, json_object *object, const struct call_number *call)
{
	const char *text = json_text_of(object, "state");
	int state = text ? profile_state_by_name(text) : -1;
	int action = -1, err = 0;
	int ret;

	if (state < 0)
		return reading_reject(reading, "write one of these", "state '%s' is not one of allow, soft, refuse, silent",
				      text ? text : "");
	ret = reading_action(reading, object, &action);
	if (!ret)
		ret = reading_errno(reading, object, "errno", &err);
	if (!ret && state != PROFILE_REFUSE && (err || action >= 0))
		ret = reading_reject(reading, "remove them, or write the state refuse", "only a call with the state refuse may have an action or errno");
	if (!ret && action == SCMOD_ACTION_ERRNO && !err)
		ret = reading_reject(reading, "add errno, or remove action", "the action is errno, but it is not said which errno");
	if (!ret && action == SCMOD_ACTION_KILL && err)
		ret = reading_reject(reading, "remove one of them", "the call has both the action kill and an errno");
	if (ret)
		return ret;
	if (profile_at(reading->profile, call->abi, call->nr)->state != PROFILE_SILENT)
		return reading_reject(reading, "remove one of them", "the call is there twice");
	profile_set(reading->profile, call->abi, call->nr, state,
		    action == SCMOD_ACTION_KILL ? PROFILE_KILLS : err);
	return EXIT_DONE;
}

static int read_call(struct reading *reading, json_object *object, void *data)
{
	static const char *const keys[] = {
		"name", "nr", "state", "action", "errno", "reasons", NULL,
	};
	struct call_number call = { .abi = *(int *)data };
	int ret = reading_only_keys(reading, object, keys);

	if (!ret)
		ret = read_which(reading, object, &call);
	if (!ret)
		ret = read_state(reading, object, &call);
	if (!ret)
		ret = reading_each(reading, object, "reasons", read_reason, &call);
	if (ret)
		return ret;
	if (!profile_at(reading->profile, call.abi, call.nr)->nr_reasons)
		return reading_reject(reading, "add one, such as {\"kind\": \"file\", \"text\": \"added by hand\"}",
				      "the call has no reasons");
	return EXIT_DONE;
}

static int read_abi_calls(struct reading *reading, json_object *object, void *unused)
{
	static const char *const keys[] = { "abi", "calls", NULL };
	int abi;
	int ret = reading_only_keys(reading, object, keys);

	(void)unused;
	if (!ret)
		ret = read_abi(reading, object, &abi);
	return ret ? ret : reading_each(reading, object, "calls", read_call, &abi);
}

static int read_executed(struct reading *reading, json_object *object, void *unused)
{
	static const char *const keys[] = { "path", "dev", "ino", "count", "first", "pid", NULL };
	struct executed program = { 0 };
	uint64_t pid = 0, count = 0;
	int ret = reading_only_keys(reading, object, keys);

	(void)unused;
	if (!ret && reading->profile->executed.count == OWN_MOST)
		ret = reading_reject(reading, "remove some of them",
				     "more than %d programs were executed", OWN_MOST);
	if (!ret)
		ret = reading_string(reading, object, "path", (const char **)&program.path);
	if (!ret)
		ret = own_number(reading, object, "dev", UINT64_MAX, &program.dev);
	if (!ret)
		ret = own_number(reading, object, "ino", UINT64_MAX, &program.ino);
	if (!ret)
		ret = own_number(reading, object, "count", UINT32_MAX, &count);
	if (!ret)
		ret = own_time(reading, object, "first", &program.first);
	if (!ret)
		ret = own_number(reading, object, "pid", UINT32_MAX, &pid);
	if (ret)
		return ret;
	program.count = count;
	program.pid = pid;
	executed_add(&reading->profile->executed, &program);
	return EXIT_DONE;
}

static int read_present(struct reading *reading, json_object *root)
{
	static const char *const keys[] = {
		"format", "partial", "action", "errno", "origins", "abis", "values",
		"executed", NULL,
	};
	bool partial = false, former = !strcmp(json_text_of(root, "format"), PROFILE_FORMAT_2);
	int ret = reading_only_keys(reading, root, keys);

	if (!ret && former && json_object_object_get(root, "values"))
		ret = reading_reject(reading, "write " PROFILE_FORMAT,
				     PROFILE_FORMAT_2 " has no values");

	if (!ret)
		ret = reading_flag(reading, root, "partial", &partial);
	if (!ret)
		ret = reading_each(reading, root, "origins", read_origin, NULL);
	if (!ret && json_object_object_get(root, "partial") &&
	    partial != profile_partial(reading->profile))
		ret = reading_reject(reading, "correct or remove it", "partial contradicts the origins");
	if (!ret)
		ret = reading_each(reading, root, "abis", read_abi_calls, NULL);
	if (!ret && former)
		own_soften_clone3(reading);
	if (!ret)
		ret = reading_each(reading, root, "values", own_values, NULL);
	return ret ? ret : reading_each(reading, root, "executed", read_executed, NULL);
}

/* ---- the former form */

struct former {
	unsigned int abi;
	enum profile_state state;
};

static int read_former_name(struct reading *reading, json_object *value, void *data)
{
	const struct former *former = data;
	const char *name = json_text(value);
	int nr = name ? sysname_number(former->abi, name) : -1;

	if (!name)
		return reading_reject(reading, "write the name as a string", "a name is not a string");
	if (nr < 0)
		return reading_reject_name(reading, name);
	if (profile_at(reading->profile, former->abi, nr)->state == PROFILE_ALLOW &&
	    former->state == PROFILE_SOFT)
		return reading_reject(reading, "remove one of them", "'%s' is both allowed and refused",
				      name);
	profile_set(reading->profile, former->abi, nr, former->state, 0);
	profile_say(reading->profile, former->abi, nr, REASON_FILE,
		    former->state == PROFILE_ALLOW ? "learned or allowed" : "soft");
	return EXIT_DONE;
}

static int read_former_abi(struct reading *reading, json_object *object, void *unused)
{
	struct former former = { .state = PROFILE_ALLOW };
	int abi;
	int ret = read_abi(reading, object, &abi);

	(void)unused;
	if (ret)
		return ret;
	former.abi = abi;
	ret = reading_each(reading, object, "allow", read_former_name, &former);
	former.state = PROFILE_SOFT;
	return ret ? ret : reading_each(reading, object, "soft", read_former_name, &former);
}

static int read_former(struct reading *reading, json_object *root)
{
	struct profile_origin origin = { 0 };
	int ret = reading_string(reading, root, "path", (const char **)&origin.path);

	if (!ret)
		ret = own_number(reading, root, "id", UINT64_MAX, &origin.id);
	if (!ret)
		ret = reading_flag(reading, root, "partial", &origin.partial);
	if (ret)
		return ret;
	if (!origin.path)
		origin.file = (char *)reading->path;
	profile_add_origin(reading->profile, &origin);
	return reading_each(reading, root, "abis", read_former_abi, NULL);
}

int reading_own(struct reading *reading, json_object *root)
{
	const char *format = json_text_of(root, "format");
	int ret;

	if (!format || (strcmp(format, PROFILE_FORMAT) && strcmp(format, PROFILE_FORMAT_2) &&
			strcmp(format, FORMAT_OWN_1)))
		return reading_reject(reading, "write " PROFILE_FORMAT, "no format is named '%s'",
				      format ? format : "");
	if (!json_object_is_type(json_object_object_get(root, "abis"), json_type_array))
		return reading_reject(reading, "give a profile of 'scmod dump --format json'", "the array abis is missing");
	reading->profile->form = "json";
	ret = reading_action(reading, root, &reading->profile->action);
	if (!ret)
		ret = reading_errno(reading, root, "errno", &reading->profile->err);
	if (ret)
		return ret;
	return strcmp(format, FORMAT_OWN_1) ? read_present(reading, root) :
					      read_former(reading, root);
}
