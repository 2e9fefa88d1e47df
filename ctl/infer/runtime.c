// SPDX-License-Identifier: GPL-2.0
/*
 * The calls that a container runtime makes itself where a filter, or a policy, sees them, as
 * measured by selftests/runtime-base. The data is in runtimes.txt; a line there is
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

/* The first scope that the line's WAY belongs to. */
static enum runtime_scope scope_of(const struct line *line)
{
	const char *way = line->text + strcspn(line->text, ":");

	while (way > line->text && way[-1] != ' ')
		way--;
	if (!strncmp(way, "live_start:", strlen("live_start:")))
		return RUNTIME_START;
	return strncmp(way, "live_exec:", strlen("live_exec:")) ? RUNTIME_FILTER : RUNTIME_EXEC;
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

/* Adds "runc 1.1.5 exec_new_privs" to @why, after a comma. Returns the new length. */
static size_t add_head(char *why, size_t len, size_t size, const struct line *line)
{
	return len + snprintf(why + len, size - len, "%s%.*s", len ? ", " : "",
			      (int)strcspn(line->text, ":"), line->text);
}

bool runtime_calls(const char *runtime, enum runtime_scope scope, const char *call, char *why,
		   size_t size)
{
	static const char *const where[] = {
		[RUNTIME_FILTER] = ": after the filter is loaded",
		[RUNTIME_EXEC] = ": in the cgroup, where a policy sees it",
		[RUNTIME_START] = ": in the cgroup, where a policy sees it",
	};
	enum runtime_scope first = RUNTIME_START;
	const char *text = runtimes_text;
	struct line line;
	bool found = false;
	size_t len = 0;

	while (next_line(&text, &line)) {
		if (!is_of(&line, runtime) || scope_of(&line) > scope || !has_call(&line, call))
			continue;
		found = true;
		if (scope_of(&line) < first)
			first = scope_of(&line);
		if (len < size)
			len = add_head(why, len, size, &line);
	}
	if (len && len < size)
		snprintf(why + len, size - len, "%s", where[first]);
	return found;
}

bool runtime_next(size_t *at, char *name, size_t size)
{
	const char *text = runtimes_text + *at;
	struct line line;

	while (next_line(&text, &line)) {
		size_t runtime = strcspn(line.text, " "), len;

		*at = text - runtimes_text;
		len = runtime + 1 + strcspn(line.text + runtime + 1, " ");
		if (!strncmp(name, line.text, len) && !name[len])
			continue;
		snprintf(name, size, "%.*s", (int)len, line.text);
		return true;
	}
	return false;
}

char *runtime_call(const char *name, size_t n)
{
	const char *text = runtimes_text;
	size_t len = strlen(name);
	struct line line;

	while (next_line(&text, &line)) {
		struct word word = { 0 };

		if (strncmp(line.text, name, len) || line.text[len] != ' ' ||
		    scope_of(&line) != RUNTIME_FILTER)
			continue;
		while (next_word(&line, &word)) {
			size_t length = strcspn(word.text, " (\n");

			if (!n--)
				return mem_print("%.*s", (int)length, word.text);
		}
	}
	return NULL;
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

struct item *runtime_values(const char *runtime, enum runtime_scope scope, const char *call)
{
	struct item *items = mem_alloc(sizeof(*items));
	const char *text = runtimes_text;
	struct line line;

	while (next_line(&text, &line)) {
		struct word word = { 0 };

		while (is_of(&line, runtime) && scope_of(&line) <= scope &&
		       next_word(&line, &word))
			if (is_call(&word, call))
				add_value(&items, &word);
	}
	return items;
}
