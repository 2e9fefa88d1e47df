/* SPDX-License-Identifier: GPL-2.0 */
/* What the files that collect an OCI profile have of each other. For them only. */
#ifndef CTL_OCI_PARTS_H
#define CTL_OCI_PARTS_H

#include "read/oci.h"
#include "read/reading.h"

/* Say which keys of @object are none of @known, the last of which is NULL. */
void oci_check_keys(struct reading *reading, struct json_object *object,
		    const char *const *known);
/* What is at @key of @object; NULL if it is not there, or of another type, which is said. */
json_object *oci_member(struct reading *reading, json_object *object, const char *key,
			json_type type);

/* Decide whether @rule holds here. */
void oci_read_conditions(struct oci *oci, struct oci_rule *rule, struct reading *reading);

/* No rule holds for any call. */
void oci_init_calls(struct oci *oci);
/* Add the rule of that index to the calls that it names, if it holds. */
void oci_add_rule(struct oci *oci, size_t index, struct reading *reading);

#endif /* CTL_OCI_PARTS_H */
