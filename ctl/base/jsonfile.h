/* SPDX-License-Identifier: GPL-2.0 */
/* Parses JSON of untrusted files. */
#ifndef CTL_JSONFILE_H
#define CTL_JSONFILE_H

#include <stdbool.h>

#include <json-c/json.h>

#include "base/message.h"

/*
 * Parses all of @text strictly, and refuses an object with the same key twice. On failure
 * returns NULL and adds an error with line and column to @messages. Release the result with
 * json_object_put().
 */
struct json_object *json_whole(const char *text, struct messages *messages);

/*
 * The text of a JSON string. NULL if @value is no string, or holds a NUL, which would end a C
 * string.
 */
const char *json_text(json_object *value);
const char *json_text_of(json_object *object, const char *key);
/* False if the key is absent, or its value is null, [] or {}. */
bool json_says_something(json_object *object, const char *key);
/* Whether @key is one of @keys (ended by NULL). */
bool json_key_known(const char *key, const char *const *keys);
/*
 * The one of @keys (ended by NULL) that differs from @key only in the case of letters; NULL if
 * there is none, or if @key itself is among them. Programs in Go ignore the case of keys, so
 * they read @key as the one returned here.
 */
const char *json_key_almost(const char *key, const char *const *keys);

#endif /* CTL_JSONFILE_H */
