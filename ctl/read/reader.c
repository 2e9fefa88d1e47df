// SPDX-License-Identifier: GPL-2.0
/*
 * Reading of profiles. What a policy can't express is an error that names it, or
 * a note that says what was made of it, never passed over.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "calls/caps.h"
#include "read/reading.h"

int reader_parse_options(const char *verb, const char *args, const char *caps,
			 struct reader_options *options)
{
	static const char *const names[] = {
		[READER_ARGS_FAIL] = "fail",
		[READER_ARGS_WIDEN] = "widen",
		[READER_ARGS_NARROW] = "narrow",
	};
	char bad[64];
	size_t i = READER_ARGS_FAIL;

	while (args && i < sizeof(names) / sizeof(names[0]) && strcmp(names[i], args))
		i++;
	if (i == sizeof(names) / sizeof(names[0]))
		return fail(EXIT_USAGE, "%s: --args '%s' is none of fail, widen, narrow; give one of them",
			    verb, args);
	options->args = i;
	if (!caps_parse(caps ? caps : "", &options->caps, bad))
		return fail(EXIT_USAGE, "%s: --cap: no capability is named '%s'; give names such as CAP_SYS_ADMIN or sys_admin with commas between, or ALL",
			    verb, bad);
	return EXIT_DONE;
}

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
		ret = reading_reject(reading, "it is no array; correct it");
	for (size_t i = 0; !ret && list && i < json_object_array_length(list); i++) {
		size_t back = reading_enter_at(reading, i);

		ret = read(reading, json_object_array_get_idx(list, i), data);
		reading_leave(reading, back);
	}
	reading_leave(reading, at);
	return ret;
}

int reading_errno(struct reading *reading, json_object *object, const char *key, int *err)
{
	json_object *value = json_object_object_get(object, key);

	if (!value)
		return EXIT_DONE;
	*err = json_object_get_int(value);
	if (!json_object_is_type(value, json_type_int) || *err < 1 || *err > SCMOD_ERRNO_MAX)
		return reading_reject(reading, "%s is not from 1 to %d; correct it", key,
				      SCMOD_ERRNO_MAX);
	return EXIT_DONE;
}

static int read_json(struct reading *reading, const char *text)
{
	char error[256];
	json_object *root = json_whole(text, error, sizeof(error));
	int ret;

	if (!root)
		return reading_reject(reading, "not JSON: %s; correct it", error);
	if (json_says_something(root, "format"))
		ret = reading_own(reading, root);
	else
		ret = reading_oci(reading, root);
	json_object_put(root);
	return ret;
}

static int read_text(struct reading *reading, char *text)
{
	char first = text[strspn(text, " \t\r\n")];

	if (!first)
		return reading_reject(reading, "it is empty; give one that allows something");
	if (first == '{' || first == '[')
		return read_json(reading, text);
	return reading_list(reading, text);
}

int profile_read_text(const char *what, const char *path, char *text,
		      const struct reader_options *options, struct profile **profile)
{
	static const struct reader_options none;
	struct reading reading = {
		.what = what, .path = path, .options = options ? options : &none,
		.profile = profile_new(),
	};
	int ret = read_text(&reading, text);

	if (ret)
		profile_free(reading.profile);
	*profile = ret ? NULL : reading.profile;
	return ret;
}

int profile_read(const char *what, const char *path, const struct reader_options *options,
		 struct profile **profile)
{
	char *text = file_read(path, READER_MAX);
	int ret;

	*profile = NULL;
	if (!text)
		return fail(exit_code_of(errno), "%s %s: %s; give a profile that can be read",
			    what, path, strerror(errno));
	ret = profile_read_text(what, path, text, options, profile);
	free(text);
	return ret;
}
