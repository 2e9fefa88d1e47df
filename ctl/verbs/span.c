// SPDX-License-Identifier: GPL-2.0
/* Spans of time, as people write and read them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verbs/span.h"

/* The largest span that is taken, in seconds: a year. */
#define SPAN_MAX (UINT64_C(365) * 24 * 3600)

static const struct unit {
	char letter;
	unsigned int seconds;
} units[] = { { 'd', 24 * 3600 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };

#define NR_UNITS (sizeof(units) / sizeof(units[0]))

const char *span_text(uint64_t seconds)
{
	static char text[32];
	size_t i = 0;

	while (i < NR_UNITS - 1 && seconds < units[i].seconds)
		i++;
	snprintf(text, sizeof(text), "%" PRIu64 "%c", seconds / units[i].seconds, units[i].letter);
	return text;
}

static unsigned int unit_of(const char *letter)
{
	if (!*letter)
		return 1;
	for (size_t i = 0; i < NR_UNITS; i++)
		if (letter[0] == units[i].letter && !letter[1])
			return units[i].seconds;
	return 0;
}

bool span_value(const char *text, uint64_t *seconds)
{
	size_t digits = strspn(text, "0123456789");
	unsigned int unit = unit_of(text + digits);

	/* More digits are more than a year, and might not fit. */
	if (!digits || digits > 9 || !unit)
		return false;
	*seconds = strtoull(text, NULL, 10) * unit;
	return *seconds && *seconds <= SPAN_MAX;
}
