// SPDX-License-Identifier: GPL-2.0
/* Reads lists: one name on each line, with the ABI in front unless it is x86_64. */
#include <stdio.h>
#include <string.h>

#include "calls/sysname.h"
#include "read/reading.h"

static int read_line(struct reading *reading, char *line)
{
	unsigned int abi;
	char *name, *rest;
	int nr;

	line[strcspn(line, "#")] = '\0';
	name = strtok_r(line, " \t\r", &rest);
	if (!name)
		return EXIT_DONE;
	nr = sysname_parse(name, &abi);
	if (nr < 0)
		return reading_reject_name(reading, name);
	if (strtok_r(NULL, " \t\r", &rest))
		return reading_reject(reading, "write one name on each line",
				      "there is more than one word on the line of '%s'", name);
	if (profile_allows(reading->profile, abi, nr))
		reading_add(reading, MESSAGE_REMARK, "remove one of them",
			    "'%s' is there twice", name);
	profile_set(reading->profile, abi, nr, PROFILE_ALLOW, 0);
	profile_say(reading->profile, abi, nr, REASON_FILE, "listed");
	reading->profile->covers[abi] = true;
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
