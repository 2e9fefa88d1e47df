/* SPDX-License-Identifier: GPL-2.0 */
/* The part of files with policies that is about values. Only saved.c uses this. */
#ifndef CTL_READ_SAVED_VALUES_H
#define CTL_READ_SAVED_VALUES_H

#include "profile/saved.h"
#include "read/reading.h"

/* Reads what an element of "values" says about one selector. @data: &struct saved_selector[]. */
int saved_values(struct reading *reading, struct json_object *object, void *data);

#endif /* CTL_READ_SAVED_VALUES_H */
