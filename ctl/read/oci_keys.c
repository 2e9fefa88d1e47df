// SPDX-License-Identifier: GPL-2.0
/* Keys of an OCI profile's objects: which are known, and what type their values have. */
#include <stdio.h>
#include <string.h>

#include "read/oci_parts.h"

void oci_check_keys(struct reading *reading, json_object *object, const char *const *known)
{
	if (!json_object_is_type(object, json_type_object))
		return;
	json_object_object_foreach(object, key, value) {
		const char *almost = json_key_almost(key, known);
		const char *const *same = known;
		char todo[64];

		(void)value;
		while (*same && strcmp(*same, key))
			same++;
		snprintf(todo, sizeof(todo), "write '%s'", almost ? almost : "");
		/* Docker and Podman are written in Go and take keys in any case; crun does not. */
		if (almost)
			reading_reject(reading, todo,
				       "'%s' is '%s' to some runtimes, and nothing to others", key,
				       almost);
		else if (!*same)
			reading_add(reading, MESSAGE_WARNING, "correct or remove it",
				    "'%s' has no meaning here and is passed over", key);
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
	reading_reject(reading, "correct it", "'%s' is no %s", key,
		       type == json_type_array ? "array" :
		       type == json_type_string ? "string" : "object");
	reading_leave(reading, back);
	return NULL;
}
