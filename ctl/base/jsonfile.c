// SPDX-License-Identifier: GPL-2.0
/* JSON from files that anybody may have written. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/jsonfile.h"

static void say_where(const char *text, size_t at, const char *why, char *error, size_t size)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at && text[i]; i++) {
		column++;
		if (text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	snprintf(error, size, "line %zu, column %zu: %s", line, column, why);
}

json_object *json_whole(const char *text, char *error, size_t size)
{
	json_tokener *tok = json_tokener_new();
	enum json_tokener_error state;
	json_object *root;

	if (!tok) {
		snprintf(error, size, "out of memory");
		return NULL;
	}
	/* By default a second value, or half a name, would be passed over. */
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tok, text, strlen(text) + 1);
	state = json_tokener_get_error(tok);
	if (state == json_tokener_continue)
		say_where(text, strlen(text), "it ends too early", error, size);
	else if (state != json_tokener_success)
		say_where(text, json_tokener_get_parse_end(tok), json_tokener_error_desc(state),
			  error, size);
	json_tokener_free(tok);
	if (state != json_tokener_success) {
		json_object_put(root);
		return NULL;
	}
	/* The value null is no object either. */
	if (!root)
		snprintf(error, size, "it is null");
	return root;
}

const char *json_text(json_object *value)
{
	const char *text;

	if (!json_object_is_type(value, json_type_string))
		return NULL;
	text = json_object_get_string(value);
	return strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

const char *json_text_of(json_object *object, const char *key)
{
	return json_text(json_object_object_get(object, key));
}

bool json_says_something(json_object *object, const char *key)
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

const char *json_key_almost(const char *key, const char *const *keys)
{
	const char *almost = NULL;

	for (; *keys; keys++) {
		if (!strcmp(key, *keys))
			return NULL;
		if (!strcasecmp(key, *keys))
			almost = *keys;
	}
	return almost;
}
