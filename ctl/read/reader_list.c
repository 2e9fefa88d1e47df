// SPDX-License-Identifier: GPL-2.0
/*
 * Reads lists: one name on each line, with the ABI in front unless it is x86_64, or a value of
 * the call's arguments, such as socket(AF_INET). Of a call with such lines, these values may be
 * used; of one without, any.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls/sysname.h"
#include "calls/value_text.h"
#include "read/reading.h"

static void allow(struct reading *reading, unsigned int abi, unsigned int nr)
{
	profile_set(reading->profile, abi, nr, PROFILE_ALLOW, 0);
	profile_say(reading->profile, abi, nr, REASON_FILE, "listed");
	reading->profile->covers[abi] = true;
}

/* Reads a value, which allows its call, too: for x86_64, or for i386 if only that has it. */
static int read_value(struct reading *reading, const char *text)
{
	unsigned int selector, abi = SCMOD_ABI_X86_64;
	struct scmod_value_rule rule;
	char *wrong = value_parse(text, &selector, &rule);

	if (wrong) {
		reading_reject(reading, "write a value such as socket(AF_INET)", "'%s': %s", text,
			       wrong);
		free(wrong);
		return EXIT_FAILED;
	}
	if (selector_number(abi, selector) < 0)
		abi = SCMOD_ABI_I386;
	if (!profile_selects(reading->profile, selector))
		allow(reading, abi, selector_number(abi, selector));
	values_list(&reading->profile->values[selector]);
	profile_add_value(reading->profile, selector, &rule, REASON_FILE, "listed");
	return EXIT_DONE;
}

static int read_line(struct reading *reading, char *line)
{
	unsigned int abi;
	char *name, *rest;
	int nr;

	line[strcspn(line, "#")] = '\0';
	name = strtok_r(line, " \t\r", &rest);
	if (!name)
		return EXIT_DONE;
	nr = value_is_text(name) ? 0 : sysname_parse(name, &abi);
	if (nr < 0)
		return reading_reject_name(reading, name);
	if (strtok_r(NULL, " \t\r", &rest))
		return reading_reject(reading, "write one name on each line",
				      "there is more than one word on the line of '%s'", name);
	if (value_is_text(name))
		return read_value(reading, name);
	if (profile_allows(reading->profile, abi, nr))
		reading_add(reading, MESSAGE_REMARK, "remove one of them",
			    "'%s' is there twice", name);
	allow(reading, abi, nr);
	return EXIT_DONE;
}

/* Reads every line even after an error, so that all errors are reported. */
int reading_list(struct reading *reading, char *text)
{
	const struct profile_origin origin = { .file = (char *)reading->path };
	size_t number = 0;
	int ret = EXIT_DONE;

	profile_add_origin(reading->profile, &origin);
	reading->profile->form = "list";
	for (char *line = text; line; ) {
		char *end = strchr(line, '\n');
		char where[32];

		if (end)
			*end++ = '\0';
		snprintf(where, sizeof(where), "line %zu", ++number);
		reading_enter(reading, where);
		ret |= read_line(reading, line);
		reading_leave(reading, 0);
		line = end;
	}
	return ret;
}
