/* SPDX-License-Identifier: GPL-2.0 */
/* JSON from files that anybody may have written. */
#ifndef CTL_JSONFILE_H
#define CTL_JSONFILE_H

#include <json-c/json.h>

/*
 * The whole of @text, strictly; or NULL with why, and in which line and column, in
 * @error.
 */
struct json_object *json_whole(const char *text, char *error, size_t size);

#endif /* CTL_JSONFILE_H */
