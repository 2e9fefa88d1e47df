// SPDX-License-Identifier: GPL-2.0
/* Shared by the readers of the different forms: keeps track of the place in the file. */
#include <stdio.h>
#include <string.h>

#include "calls/nearest.h"
#include "read/reading.h"

/*
 * Each suggestion compares a name with every call. Beyond this number, names get no
 * suggestion.
 */
#define SUGGESTIONS 256

size_t reading_enter(struct reading *reading, const char *key)
{
	size_t back = strlen(reading->where);

	snprintf(reading->where + back, sizeof(reading->where) - back, "%s%s", back ? "." : "",
		 key);
	return back;
}

size_t reading_enter_at(struct reading *reading, size_t index)
{
	size_t back = strlen(reading->where);

	snprintf(reading->where + back, sizeof(reading->where) - back, "[%zu]", index);
	return back;
}

void reading_leave(struct reading *reading, size_t back)
{
	reading->where[back] = '\0';
}

int reading_each(struct reading *reading, json_object *object, const char *key,
		 int (*read)(struct reading *reading, json_object *element, void *data),
		 void *data)
{
	json_object *list = json_object_object_get(object, key);
	size_t at = reading_enter(reading, key);
	int ret = EXIT_DONE;

	if (list && !json_object_is_type(list, json_type_array))
		ret = reading_reject(reading, "write an array", "the value is not an array");
	for (size_t i = 0; !ret && list && i < json_object_array_length(list); i++) {
		size_t back = reading_enter_at(reading, i);

		ret = read(reading, json_object_array_get_idx(list, i), data);
		reading_leave(reading, back);
	}
	reading_leave(reading, at);
	return ret;
}

int reading_only_keys(struct reading *reading, json_object *object, const char *const *keys)
{
	if (!json_object_is_type(object, json_type_object))
		return reading_reject(reading, "write an object", "the value is not an object");
	json_object_object_foreach(object, key, value) {
		(void)value;
		if (!json_key_known(key, keys))
			return reading_reject(reading, "remove the key, or use a newer scmod", "'%s' is not a known key here",
					      key);
	}
	return EXIT_DONE;
}

int reading_string(struct reading *reading, json_object *object, const char *key,
		   const char **text)
{
	json_object *value = json_object_object_get(object, key);

	*text = json_text(value);
	if (value && !*text)
		return reading_reject(reading, "write a string", "%s is not a string", key);
	return EXIT_DONE;
}

int reading_flag(struct reading *reading, json_object *object, const char *key, bool *flag)
{
	json_object *value = json_object_object_get(object, key);

	if (value && !json_object_is_type(value, json_type_boolean))
		return reading_reject(reading, "write true or false",
				      "%s is neither true nor false", key);
	*flag = json_object_get_boolean(value);
	return EXIT_DONE;
}

int reading_action(struct reading *reading, json_object *object, int *action)
{
	const char *text = json_text_of(object, "action");

	if (!json_says_something(object, "action"))
		return EXIT_DONE;
	if (text && !strcmp(text, profile_action_name(SCMOD_ACTION_KILL)))
		*action = SCMOD_ACTION_KILL;
	else if (text && !strcmp(text, profile_action_name(SCMOD_ACTION_ERRNO)))
		*action = SCMOD_ACTION_ERRNO;
	else
		return reading_reject(reading, "write errno or kill", "action '%s' is neither errno nor kill",
				      text ? text : "");
	return EXIT_DONE;
}

int reading_errno(struct reading *reading, json_object *object, const char *key, int *err)
{
	json_object *value = json_object_object_get(object, key);

	if (!value)
		return EXIT_DONE;
	*err = json_object_get_int(value);
	if (!json_object_is_type(value, json_type_int) || *err < 1 || *err > SCMOD_ERRNO_MAX)
		return reading_reject(reading, "write a number from 1 to 4095", "%s is not an errno",
				      key);
	return EXIT_DONE;
}

int reading_reject_name(struct reading *reading, const char *name)
{
	const char *plain = strchr(name, ':') ? strchr(name, ':') + 1 : name;
	const char *near = reading->suggestions++ < SUGGESTIONS ? nearest_call(plain) : NULL;
	char todo[128] = "correct or remove the name";

	if (near && strcmp(near, plain))
		snprintf(todo, sizeof(todo), "write '%s' if that is meant", near);
	return reading_reject(reading, todo, "no system call is named '%s'", name);
}
