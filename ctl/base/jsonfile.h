/* SPDX-License-Identifier: GPL-2.0 */
/* JSON from files that anybody may have written. */
#ifndef CTL_JSONFILE_H
#define CTL_JSONFILE_H

#include <stdbool.h>

#include <json-c/json.h>

#include "base/message.h"

/*
 * The whole of @text, strictly, and with no key twice in an object; or NULL, and an error
 * in @messages that says in which line and column. To be released by json_object_put().
 */
struct json_object *json_whole(const char *text, struct messages *messages);

/* A string; NULL if it is none: one with a NUL in it is not what C makes of it. */
const char *json_text(json_object *value);
const char *json_text_of(json_object *object, const char *key);
/* Absent, null, [] and {} all say nothing. */
bool json_says_something(json_object *object, const char *key);
/*
 * Which of @keys, the last of which is NULL, @key is but for the case of letters; NULL
 * if it is none, or just that one. What is written in Go takes it for that key.
 */
const char *json_key_almost(const char *key, const char *const *keys);

#endif /* CTL_JSONFILE_H */
