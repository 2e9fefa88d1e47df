// SPDX-License-Identifier: GPL-2.0
/* Looks up the names of parts of values. */
#include <string.h>

#include "calls/selector.h"
#include "calls/value_name.h"

/* @follows: the name is only for values whose first part is @leading */
struct value_name {
	const char *table;
	bool follows;
	uint32_t leading;
	const char *name;
	uint32_t number;
};

#include "calls/value-names.h"

#define NR_NAMES (sizeof(value_names) / sizeof(value_names[0]))

/* Some options have one name for setsockopt and another one for getsockopt. */
static const char *own_table(unsigned int selector, unsigned int part)
{
	if (part != 1)
		return NULL;
	if (selector == SCMOD_SELECTOR_SETSOCKOPT)
		return "set";
	return selector == SCMOD_SELECTOR_GETSOCKOPT ? "get" : NULL;
}

static bool serves(const struct value_name *name, const char *table, int64_t leading)
{
	return table && !strcmp(name->table, table) &&
	       (!name->follows || name->leading == leading);
}

static const struct value_name *by_number(const char *table, int64_t leading, uint64_t number)
{
	for (size_t i = 0; i < NR_NAMES; i++)
		if (value_names[i].number == number && serves(&value_names[i], table, leading))
			return &value_names[i];
	return NULL;
}

static const struct value_name *by_name(const char *table, int64_t leading, const char *name,
					size_t len)
{
	for (size_t i = 0; i < NR_NAMES; i++)
		if (strlen(value_names[i].name) == len &&
		    !memcmp(value_names[i].name, name, len) &&
		    serves(&value_names[i], table, leading))
			return &value_names[i];
	return NULL;
}

const char *value_name(unsigned int selector, unsigned int part, int64_t leading, uint64_t number)
{
	const struct value_name *name;

	name = by_number(own_table(selector, part), leading, number);
	if (!name)
		name = by_number(selector_part_name(selector, part), leading, number);
	return name ? name->name : NULL;
}

bool value_number(unsigned int selector, unsigned int part, int64_t leading, const char *text,
		  size_t len, uint64_t *number)
{
	const struct value_name *name;

	name = by_name(own_table(selector, part), leading, text, len);
	if (!name)
		name = by_name(selector_part_name(selector, part), leading, text, len);
	if (name)
		*number = name->number;
	return name;
}
