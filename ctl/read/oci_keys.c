// SPDX-License-Identifier: GPL-2.0
/*
 * Checks the keys of an OCI profile's objects: which are known, and the types of their
 * values.
 */
#include <stdio.h>
#include <string.h>

#include "read/oci_parts.h"

void oci_check_keys(struct reading *reading, json_object *object, const char *const *known)
{
	if (!json_object_is_type(object, json_type_object))
		return;
	json_object_object_foreach(object, key, value) {
		const char *almost = json_key_almost(key, known);
		char todo[64];

		(void)value;
		snprintf(todo, sizeof(todo), "write '%s'", almost ? almost : "");
		/* Docker and Podman, written in Go, ignore the case of keys; crun does not. */
		if (almost)
			reading_reject(reading, todo,
				       "some runtimes read '%s' as '%s', others ignore it", key,
				       almost);
		else if (!json_key_known(key, known))
			reading_add(reading, MESSAGE_WARNING, "correct or remove the key",
				    "'%s' is not a known key here and is ignored", key);
	}
}

json_object *oci_member(struct reading *reading, json_object *object, const char *key,
			json_type type)
{
	json_object *value = json_object_object_get(object, key);
	size_t back;

	if (!value || json_object_is_type(value, type))
		return value;
	back = reading_enter(reading, key);
	reading_reject(reading, "correct its value", "'%s' is not %s", key,
		       type == json_type_array ? "an array" :
		       type == json_type_string ? "a string" : "an object");
	reading_leave(reading, back);
	return NULL;
}
