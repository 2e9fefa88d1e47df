// SPDX-License-Identifier: GPL-2.0
/* Writes values of arguments as text. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "calls/selector.h"
#include "calls/value_name.h"
#include "calls/value_text.h"

/* The first part of the rule's values if it is one number, else -1. */
static int64_t leading_part(unsigned int selector, const struct scmod_value_rule *rule)
{
	uint64_t mask = selector_part_mask(selector, 0);
	uint64_t first = selector_part(selector, 0, rule->first);

	if ((rule->mask & mask) != mask || first != selector_part(selector, 0, rule->last) ||
	    first > UINT32_MAX)
		return -1;
	return first;
}

static void put_number(FILE *to, uint64_t number)
{
	fprintf(to, number < 0x1000 ? "%" PRIu64 : "0x%" PRIx64, number);
}

/* Whether the part's values are flags, alone or beside a number in the low bits. */
static bool has_flags(unsigned int selector, unsigned int part)
{
	const char *name = selector_part_name(selector, part);

	return !strcmp(name, "namespace") || !strcmp(name, "protection") ||
	       !strcmp(name, "personality");
}

/* The names of the flags that @number is made of; false if some bit has none. */
static bool put_flags(FILE *to, unsigned int selector, unsigned int part, uint64_t number)
{
	for (uint64_t bit = 1; bit; bit <<= 1)
		if (number & bit && !value_name(selector, part, -1, bit))
			return false;
	for (uint64_t bit = 1; bit; bit <<= 1)
		if (number & bit)
			fprintf(to, "%s%s", number & (bit - 1) ? "|" : "",
				value_name(selector, part, -1, bit));
	return true;
}

static void put_part(FILE *to, unsigned int selector, unsigned int part, int64_t leading,
		     uint64_t number)
{
	const char *name = value_name(selector, part, leading, number);

	if (name)
		fputs(name, to);
	else if (!number || !has_flags(selector, part) ||
		 !put_flags(to, selector, part, number))
		put_number(to, number);
}

/*
 * Whether parts can express the rule: each is looked at as a whole or not at all, and from the
 * first in which the range's ends differ on, none is looked at.
 */
static bool made_of_parts(unsigned int selector, const struct scmod_value_rule *rule)
{
	bool range = false;

	if (rule->mask & ~selector_mask(selector))
		return false;
	for (unsigned int part = 0; part < selector_parts(selector); part++) {
		uint64_t mask = selector_part_mask(selector, part);

		if (!(rule->mask & mask))
			continue;
		if ((rule->mask & mask) != mask || range)
			return false;
		range = (rule->first & mask) != (rule->last & mask);
	}
	return true;
}

static unsigned int parts_given(unsigned int selector, const struct scmod_value_rule *rule)
{
	unsigned int parts = selector_parts(selector);

	while (parts > 1 && !(rule->mask & selector_part_mask(selector, parts - 1)))
		parts--;
	return parts;
}

static void put_parts(FILE *to, unsigned int selector, const struct scmod_value_rule *rule)
{
	int64_t leading = leading_part(selector, rule);

	for (unsigned int part = 0; part < parts_given(selector, rule); part++) {
		uint64_t first = selector_part(selector, part, rule->first);
		uint64_t last = selector_part(selector, part, rule->last);

		fputs(part ? "," : "", to);
		if (!(rule->mask & selector_part_mask(selector, part))) {
			fputs("*", to);
			continue;
		}
		put_part(to, selector, part, leading, first);
		if (first != last) {
			fputs("..", to);
			put_part(to, selector, part, leading, last);
		}
	}
}

/* Ends the tool if there is no memory, as mem_alloc() does. */
static FILE *text_open(char **text, size_t *len)
{
	FILE *to = open_memstream(text, len);

	if (!to)
		mem_grow(NULL, SIZE_MAX, 1);
	return to;
}

char *value_rule_text(unsigned int selector, const struct scmod_value_rule *rule)
{
	char *text = NULL;
	size_t len;
	FILE *to = text_open(&text, &len);

	fprintf(to, "%s(", selector_name(selector));
	if (made_of_parts(selector, rule))
		put_parts(to, selector, rule);
	else
		fprintf(to, "value&0x%" PRIx64 "=0x%" PRIx64 "..0x%" PRIx64,
			(uint64_t)rule->mask, (uint64_t)rule->first, (uint64_t)rule->last);
	fputs(")", to);
	fclose(to);
	return text;
}

char *value_text(unsigned int selector, uint64_t value)
{
	struct scmod_value_rule rule = selector_exact(selector, value);

	return value_rule_text(selector, &rule);
}

char *value_part_text(unsigned int selector, unsigned int part, uint64_t value)
{
	struct scmod_value_rule rule = selector_exact(selector, value);
	char *text = NULL;
	size_t len;
	FILE *to = text_open(&text, &len);

	put_part(to, selector, part, leading_part(selector, &rule),
		 selector_part(selector, part, value));
	fclose(to);
	return text;
}
