// SPDX-License-Identifier: GPL-2.0
/* Data that people read and change: lines into entries. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/entries.h"
#include "base/file.h"
#include "base/memory.h"

#define FILE_MAX (1024 * 1024)

char *entry_trim(char *text)
{
	size_t len;

	text += strspn(text, ENTRY_BLANKS);
	for (len = strlen(text); len && strchr(ENTRY_BLANKS, text[len - 1]); len--)
		text[len - 1] = '\0';
	return text;
}

char *entry_cut_why(char *text)
{
	char *why = strchr(text, '#');

	if (!why)
		return NULL;
	*why = '\0';
	return entry_trim(why + 1);
}

/* Of a comment, only the end of the line is left. */
static bool goes_on(const char *line)
{
	return *line == ' ' || *line == '\t';
}

/* Joins to @line, in place, the lines that go on with it; returns the next. */
static char *join(char *line, unsigned int *lines)
{
	char *end = line + strcspn(line, "\n");

	*lines = 1;
	while (*end && goes_on(end + 1)) {
		*end = ' ';
		end += strcspn(end, "\n");
		(*lines)++;
	}
	if (!*end)
		return NULL;
	*end = '\0';
	return end + 1;
}

static int read_text(const struct entries *entries, struct place *place, char *text)
{
	unsigned int lines;
	int ret = EXIT_DONE;
	char *next;

	for (place->line = 1; !ret && text; place->line += lines, text = next) {
		next = join(text, &lines);
		if (*text != '#' && *entry_trim(text))
			ret = entries->add(place, text, entries->to);
	}
	return ret;
}

static int read_file(const struct entries *entries, const char *verb, const char *file)
{
	struct place place = {
		.verb = verb, .option = entries->option, .file = file ? file : entries->standard,
	};
	char *text = file_read(place.file, FILE_MAX);
	int ret;

	if (!text && !file && errno == ENOENT)
		return EXIT_DONE;
	if (!text)
		return fail(exit_code_of(errno), "%s %s %s: %s; give a file that can be read",
			    verb, place.option, place.file, strerror(errno));
	ret = read_text(entries, &place, text);
	free(text);
	return ret;
}

int entries_read(const struct entries *entries, const char *verb, const char *file)
{
	struct place place = { .verb = verb, .option = entries->option };
	char *text = mem_string(entries->text);
	int ret = read_text(entries, &place, text);

	free(text);
	return ret ? ret : read_file(entries, verb, file);
}
