// SPDX-License-Identifier: GPL-2.0
/* Parses JSON of untrusted files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/jsonfile.h"
#include "base/jsontwice.h"

/* Stores in @place the position of byte @at as "line 3, column 7". */
static const char *place_of(const char *text, size_t at, char *place, size_t size)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at && text[i]; i++) {
		column++;
		if (text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	snprintf(place, size, "line %zu, column %zu", line, column);
	return place;
}

static void say(struct messages *messages, const char *text, size_t at, const char *why)
{
	char place[64];

	messages_fail(messages, EXIT_FAILED, place_of(text, at, place, sizeof(place)),
		      "correct the file", "not JSON: %s", why);
}

static json_object *parse(const char *text, struct messages *messages)
{
	json_tokener *tok = json_tokener_new();
	enum json_tokener_error state;
	json_object *root;

	if (!tok)
		abort();
	/* Without these flags json-c would skip a second value or a truncated name. */
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	root = json_tokener_parse_ex(tok, text, strlen(text) + 1);
	state = json_tokener_get_error(tok);
	if (state == json_tokener_continue)
		say(messages, text, strlen(text), "the text ends too early");
	else if (state != json_tokener_success)
		say(messages, text, json_tokener_get_parse_end(tok),
		    json_tokener_error_desc(state));
	else if (!root)
		/* The JSON value null parses to a NULL object, which is no error to json-c. */
		say(messages, text, 0, "the value is null");
	json_tokener_free(tok);
	if (state == json_tokener_success)
		return root;
	json_object_put(root);
	return NULL;
}

json_object *json_whole(const char *text, struct messages *messages)
{
	json_object *root = parse(text, messages);
	char name[64], place[64], first[64], todo[96];
	struct json_twice twice;

	if (!root || !json_twice(text, &twice))
		return root;
	snprintf(name, sizeof(name), "%s", twice.name);
	snprintf(todo, sizeof(todo), "remove this one or the one at %s",
		 place_of(text, twice.first, first, sizeof(first)));
	messages_fail(messages, EXIT_FAILED, place_of(text, twice.second, place, sizeof(place)),
		      todo, "the key '%s' is there twice in one object, and programs disagree about which of the two counts",
		      name);
	free(twice.name);
	json_object_put(root);
	return NULL;
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

bool json_key_known(const char *key, const char *const *keys)
{
	while (*keys && strcmp(*keys, key))
		keys++;
	return *keys;
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
