/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of scmod's own JSON that calls and values have in common. */
#ifndef CTL_OWN_PARTS_H
#define CTL_OWN_PARTS_H

#include "read/reading.h"

/*
 * Every origin and reason is compared with all earlier ones, so their number must be limited.
 */
#define OWN_MOST 10000

/* Read a number up to @max, or a time, if @object has that key. */
int own_number(struct reading *reading, json_object *object, const char *key, uint64_t max,
	       uint64_t *number);
int own_time(struct reading *reading, json_object *object, const char *key, uint64_t *ns);
/*
 * Reads a reason. @before: how many reasons there are already, which must not be too many. The
 * texts belong to @object.
 */
int own_reason(struct reading *reading, json_object *object, size_t before,
	       struct reason *reason);

#endif /* CTL_OWN_PARTS_H */
