/* SPDX-License-Identifier: GPL-2.0 */
/* The names of parts of values, from values.txt, options.txt and ioctls.txt. */
#ifndef CTL_VALUE_NAME_H
#define CTL_VALUE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The name of the number @number as the part @part of a value; NULL if it has none. @leading is the
 * first part of the value, or -1 if that is not known: the options of a level have names of
 * their own.
 */
const char *value_name(unsigned int selector, unsigned int part, int64_t leading,
		       uint64_t number);
/* Stores the number of the name of @len letters; false if there is no such name. */
bool value_number(unsigned int selector, unsigned int part, int64_t leading, const char *name,
		  size_t len, uint64_t *number);

#endif /* CTL_VALUE_NAME_H */
