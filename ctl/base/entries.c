// SPDX-License-Identifier: GPL-2.0
/* Reads data files that people may edit: splits their lines into entries. */
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

/* Cuts @text after its first line; returns the next line, or NULL if there is none. */
static char *cut_line(char *text)
{
	char *end = text + strcspn(text, "\n");

	if (!*end)
		return NULL;
	*end = '\0';
	return end + 1;
}

static bool goes_on(const char *line)
{
	return line && (*line == ' ' || *line == '\t');
}

/*
 * Joins the continuation lines in @next to the line @text, in place. A '#' begins the
 * explanation of the entry. After it, every continuation line must begin with '#' as well: a
 * call named there would otherwise be taken for part of the explanation.
 */
static int join(struct place *place, char *text, char **next, unsigned int *lines)
{
	bool has_why = strchr(text, '#');

	for (*lines = 1; goes_on(*next); (*lines)++) {
		char *line = *next, *word;

		*next = cut_line(line);
		word = line + strspn(line, ENTRY_BLANKS);
		if (has_why && *word && *word != '#') {
			place->line += *lines;
			return entry_reject(place, "this line continues an explanation that began with '#' on the line before; begin this line with '#', too, or move its calls before the '#'");
		}
		if (has_why && *word)
			*word = ' ';
		has_why = has_why || strchr(line, '#');
		line[-1] = ' ';
	}
	return EXIT_DONE;
}

/* A comment is never continued: an indented line below it begins an entry of its own. */
static bool is_comment(const char *line)
{
	line += strspn(line, ENTRY_BLANKS);
	return !*line || *line == '#';
}

static int read_text(const struct entries *entries, struct place *place, char *text)
{
	unsigned int lines;
	int ret = EXIT_DONE;
	char *next;

	for (place->line = 1; !ret && text; place->line += lines, text = next) {
		next = cut_line(text);
		lines = 1;
		if (is_comment(text))
			continue;
		ret = join(place, text, &next, &lines);
		if (!ret)
			ret = entries->add(place, entry_trim(text), entries->to);
	}
	return ret;
}

static int read_file(const struct entries *entries, const char *verb, const char *file)
{
	struct place place = {
		.verb = verb, .option = entries->option, .file = file ? file : entries->standard,
	};
	char *text = file ? file_read(file, FILE_MAX) : file_read_regular(place.file, FILE_MAX);
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

int entries_read_built_in(const struct entries *entries, const char *verb)
{
	struct place place = { .verb = verb, .option = entries->option };
	char *text = mem_string(entries->text);
	int ret = read_text(entries, &place, text);

	free(text);
	return ret;
}

int entries_read(const struct entries *entries, const char *verb, const char *file)
{
	int ret = entries_read_built_in(entries, verb);

	return ret ? ret : read_file(entries, verb, file);
}
