/* SPDX-License-Identifier: GPL-2.0 */
/* The part of scmod's own JSON that is about values. Only reader_own.c uses this. */
#ifndef CTL_OWN_VALUES_H
#define CTL_OWN_VALUES_H

#include "read/reading.h"

/* Reads what is said about the values of one selector. */
int own_values(struct reading *reading, struct json_object *object, void *unused);
/*
 * In a file of before there were values, clone3 may be allowed because it was seen. It is soft
 * now, unless a person allowed it: see record_clone3().
 */
void own_soften_clone3(struct reading *reading);

#endif /* CTL_OWN_VALUES_H */
