// SPDX-License-Identifier: GPL-2.0
/* Reads the parts of scmod's own JSON that calls and values have in common. */
#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "read/own_parts.h"

int own_number(struct reading *reading, json_object *object, const char *key,
	       uint64_t max, uint64_t *number)
{
	json_object *value = json_object_object_get(object, key);

	if (!value)
		return EXIT_DONE;
	*number = json_object_get_uint64(value);
	if (!json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0 ||
	    *number > max)
		return reading_reject(reading, "correct it", "%s is not a number from 0 to %llu",
				      key, (unsigned long long)max);
	return EXIT_DONE;
}

int own_time(struct reading *reading, json_object *object, const char *key,
	     uint64_t *ns)
{
	const char *text;
	int ret = reading_string(reading, object, key, &text);

	if (!ret && text && !timestamp_value(text, ns))
		ret = reading_reject(reading, "correct it", "%s '%s' is not a time such as 2026-01-31T12:00:00.0Z",
				     key, text);
	return ret;
}

int own_reason(struct reading *reading, json_object *object, size_t before, struct reason *reason)
{
	static const char *const keys[] = {
		"kind", "origin", "text", "comm", "pid", "first", "count", NULL,
	};
	size_t origins = reading->profile->nr_origins;
	const char *kind = json_text_of(object, "kind"), *comm = NULL;
	uint64_t origin = 0, pid = 0, count = 0;
	int ret = reading_only_keys(reading, object, keys);
	int number = kind ? reason_kind_by_name(kind) : -1;

	*reason = (struct reason){ 0 };
	if (!ret && before == OWN_MOST)
		ret = reading_reject(reading, "remove some of them", "there are more than %d reasons",
				     OWN_MOST);
	if (!ret && number < 0)
		ret = reading_reject(reading, "correct it", "no kind of reason is named '%s'",
				     kind ? kind : "");
	if (!ret)
		ret = own_number(reading, object, "origin", origins ? origins - 1 : 0, &origin);
	if (!ret)
		ret = reading_string(reading, object, "text", (const char **)&reason->text);
	if (!ret)
		ret = reading_string(reading, object, "comm", &comm);
	if (!ret)
		ret = own_number(reading, object, "pid", UINT32_MAX, &pid);
	if (!ret)
		ret = own_number(reading, object, "count", UINT32_MAX, &count);
	if (!ret)
		ret = own_time(reading, object, "first", &reason->first);
	if (!ret && comm && strlen(comm) > SCMOD_COMM_LEN)
		ret = reading_reject(reading, "correct it", "comm is longer than %d bytes",
				     SCMOD_COMM_LEN);
	if (ret)
		return ret;
	reason->kind = number;
	reason->origin = origin;
	reason->pid = pid;
	reason->count = count;
	snprintf(reason->comm, sizeof(reason->comm), "%s", comm ? comm : "");
	return EXIT_DONE;
}
