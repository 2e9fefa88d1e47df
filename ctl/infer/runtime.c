// SPDX-License-Identifier: GPL-2.0
/*
 * The calls that a container runtime makes itself after it has loaded the filter, as measured
 * by selftests/runtime-base. The data is in runtimes.txt; a line there is
 *
 *	RUNTIME VERSION WAY: CALL...
 */
#include <stdio.h>
#include <string.h>

#include "infer/runtime.h"
#include "infer/runtimes-text.h"

#define BLANKS " \t\n"

/* One line, without its newline. */
struct line {
	const char *text;
	size_t len;
};

/* Gets the next line that is not empty; false if there is none. */
static bool next_line(const char **text, struct line *line)
{
	while (**text) {
		line->text = *text;
		line->len = strcspn(*text, "\n");
		*text += line->len + !!(*text)[line->len];
		if (line->len)
			return true;
	}
	return false;
}

static bool is_of(const struct line *line, const char *runtime)
{
	size_t len = strcspn(line->text, " ");

	return !strcmp(runtime, "any") ||
	       (len == strlen(runtime) && !memcmp(line->text, runtime, len));
}

static bool has_call(const struct line *line, const char *call)
{
	const char *end = line->text + line->len;
	const char *word = memchr(line->text, ':', line->len);
	size_t len;

	for (word = word ? word + 1 : end; word < end; word += len) {
		word += strspn(word, BLANKS);
		len = strcspn(word, BLANKS);
		if (word < end && len == strlen(call) && !memcmp(word, call, len))
			return true;
	}
	return false;
}

bool runtime_known(const char *name)
{
	const char *text = runtimes_text;
	struct line line;

	if (!strcmp(name, "any"))
		return true;
	while (next_line(&text, &line))
		if (is_of(&line, name))
			return true;
	return false;
}

const char *runtime_names(void)
{
	static char names[256];
	const char *text = runtimes_text;
	struct line line, last = { "", 0 };
	size_t len = snprintf(names, sizeof(names), "none, any");

	while (next_line(&text, &line) && len < sizeof(names)) {
		size_t name = strcspn(line.text, " ");

		if (!strncmp(last.text, line.text, name + 1))
			continue;
		len += snprintf(names + len, sizeof(names) - len, ", %.*s", (int)name, line.text);
		last = line;
	}
	return names;
}

bool runtime_takes(const char *format)
{
	return !strcmp(format, "oci") || !strcmp(format, "docker") || !strcmp(format, "spo") ||
	       !strcmp(format, "bpf") || !strcmp(format, "pfc");
}

bool runtime_calls(const char *runtime, const char *call, char *why, size_t size)
{
	const char *text = runtimes_text;
	struct line line;
	size_t len = 0;

	while (next_line(&text, &line)) {
		int head = strcspn(line.text, ":");

		if (!is_of(&line, runtime) || !has_call(&line, call) || len >= size)
			continue;
		len += snprintf(why + len, size - len, "%s%.*s", len ? ", " : "", head, line.text);
	}
	if (len && len < size)
		snprintf(why + len, size - len, ": after the filter is loaded");
	return len;
}
