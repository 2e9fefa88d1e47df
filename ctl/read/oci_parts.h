/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the files that collect an OCI profile; not for others. */
#ifndef CTL_OCI_PARTS_H
#define CTL_OCI_PARTS_H

#include "read/oci.h"
#include "read/reading.h"

/* Reports the keys of @object that are not among @known (ended by NULL). */
void oci_check_keys(struct reading *reading, struct json_object *object,
		    const char *const *known);
/* The value at @key of @object; NULL if it is absent, or of another type, which is reported. */
json_object *oci_member(struct reading *reading, json_object *object, const char *key,
			json_type type);

/* Decides whether @rule applies here. */
void oci_read_conditions(struct oci *oci, struct oci_rule *rule, struct reading *reading);

/* Reads what @rule compares. What is wrong with it is left to lint, and to who uses the rule. */
void oci_read_args(struct oci_rule *rule);

/*
 * What the rule's comparisons of arguments of @name are for: "; ..." of its comment or of a
 * table, or "". To be freed.
 */
char *oci_lost_for(const struct oci_rule *rule, const char *name);

/* Initializes the calls: no rule applies to any call. */
void oci_init_calls(struct oci *oci);
/* Adds the rule with that index to the calls that it names, if the rule applies here. */
void oci_add_rule(struct oci *oci, size_t index, struct reading *reading);

#endif /* CTL_OCI_PARTS_H */
