// SPDX-License-Identifier: GPL-2.0
/*
 * The calls that a container runtime makes itself after it has loaded the filter, as measured
 * by selftests/runtime-base. The data is in runtimes.txt; a line there is
 *
 *	RUNTIME VERSION WAY: CALL... CALL(VALUE)...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
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

/* A word of a line, which is not NUL-terminated. */
struct word {
	const char *text;
	size_t len;
};

/* Gets the next word after the colon; @word is zeroed before the first one. */
static bool next_word(const struct line *line, struct word *word)
{
	const char *end = line->text + line->len;
	const char *colon = memchr(line->text, ':', line->len);
	const char *next = word->text ? word->text + word->len : colon ? colon + 1 : end;

	while (next < end && strchr(BLANKS, *next))
		next++;
	*word = (struct word){ next, 0 };
	while (next + word->len < end && !strchr(BLANKS, next[word->len]))
		word->len++;
	return word->len;
}

/* Whether the word is CALL or CALL(VALUE). */
static bool is_call(const struct word *word, const char *call)
{
	size_t len = strlen(call);

	return word->len >= len && !memcmp(word->text, call, len) &&
	       (word->len == len || word->text[len] == '(');
}

static bool has_call(const struct line *line, const char *call)
{
	struct word word = { 0 };

	while (next_word(line, &word))
		if (is_call(&word, call))
			return true;
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

static void add_value(struct item **items, const struct word *word)
{
	const struct place place = { .option = "runtimes" };
	char *text = mem_print("%.*s", (int)word->len, word->text);
	struct item item;

	if (!item_read(&place, text, &item) && item.has_values)
		items_add(items, &item);
	free(item.call);
	free(text);
}

struct item *runtime_values(const char *runtime, const char *call)
{
	struct item *items = mem_alloc(sizeof(*items));
	const char *text = runtimes_text;
	struct line line;

	while (next_line(&text, &line)) {
		struct word word = { 0 };

		while (is_of(&line, runtime) && next_word(&line, &word))
			if (is_call(&word, call))
				add_value(&items, &word);
	}
	return items;
}
