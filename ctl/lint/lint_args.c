// SPDX-License-Identifier: GPL-2.0
/* Checks the comparisons of arguments in a rule of an OCI or Docker profile. */
#include <stdio.h>
#include <string.h>

#include "base/jsonfile.h"
#include "lint/lint.h"

/* A call has at most this many arguments. */
#define ARGS 6

static bool is_operator(const char *name)
{
	static const char *const operators[] = {
		"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ", "SCMP_CMP_GE",
		"SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ",
	};

	for (size_t i = 0; name && i < sizeof(operators) / sizeof(operators[0]); i++)
		if (!strcmp(name, operators[i]))
			return true;
	return false;
}

static void check_arg_keys(struct lint *lint, json_object *arg, const char *where)
{
	static const char *const keys[] = { "index", "value", "valueTwo", "op", NULL };

	json_object_object_foreach(arg, key, value) {
		const char *almost = json_key_almost(key, keys);

		(void)value;
		if (almost)
			lint_add(lint, MESSAGE_ERROR, where, "correct or remove the key",
				 "some runtimes read '%s' as '%s', others ignore it", key,
				 almost);
		else if (!json_key_known(key, keys))
			lint_add(lint, MESSAGE_WARNING, where, "correct or remove the key",
				 "'%s' is not a known key here and is ignored", key);
	}
}

/* Docker and Podman refuse a profile in which the value is not such a number. */
static void check_value(struct lint *lint, json_object *arg, const char *where, const char *key)
{
	json_object *value = json_object_object_get(arg, key);

	if (value && (!json_object_is_type(value, json_type_int) ||
		      json_object_get_int64(value) < 0))
		lint_add(lint, MESSAGE_ERROR, where, "write a number without quotes",
			 "its %s is not a number, or is negative", key);
}

static void check_arg(struct lint *lint, json_object *arg, const char *where,
		      unsigned int *seen)
{
	json_object *index = json_object_object_get(arg, "index");
	const char *op = json_text_of(arg, "op");
	int64_t number = json_object_get_int64(index);

	if (!json_object_is_type(arg, json_type_object)) {
		lint_add(lint, MESSAGE_ERROR, where, "write an object", "a comparison is not an object");
		return;
	}
	if (!json_object_is_type(index, json_type_int) || number < 0 || number >= ARGS) {
		lint_add(lint, MESSAGE_ERROR, where, "write an index from 0 to 5",
			 "its index is not that of an argument: a call has six arguments");
	} else {
		if (*seen & 1 << number)
			lint_add(lint, MESSAGE_WARNING, where, "write a rule for each comparison",
				 "argument %d is compared twice in one rule: libseccomp refuses that, and runtimes treat the comparisons as alternatives",
				 (int)number);
		*seen |= 1 << number;
	}
	check_arg_keys(lint, arg, where);
	check_value(lint, arg, where, "value");
	check_value(lint, arg, where, "valueTwo");
	if (!json_object_object_get(arg, "value"))
		lint_add(lint, MESSAGE_WARNING, where, "write the value, even if it is 0",
			 "it has no value, so 0 is used");
	if (!is_operator(op))
		lint_add(lint, MESSAGE_ERROR, where, "write SCMP_CMP_EQ or the like",
			 "no operator is named '%s'", op ? op : "");
	else if (!strcmp(op, "SCMP_CMP_MASKED_EQ") &&
		 !json_object_get_int64(json_object_object_get(arg, "value")))
		lint_add(lint, MESSAGE_WARNING, where, "write the mask into value",
			 "its mask is 0, so the comparison does not depend on the argument");
}

void lint_args(struct lint *lint, json_object *list, const char *where)
{
	unsigned int seen = 0;

	if (!json_object_is_type(list, json_type_array))
		return;
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s.args[%zu]", where, i);
		check_arg(lint, json_object_array_get_idx(list, i), path, &seen);
	}
}
