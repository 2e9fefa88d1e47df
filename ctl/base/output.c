// SPDX-License-Identifier: GPL-2.0
/*
 * Prints text and JSON by the same calls, like iproute2. JSON is written at once, so that the
 * number of policies does not matter for memory; json-c formats the values.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/utf8.h"

#define DEPTH_MAX 16

const char json_item[] = "";

static FILE *out;
static FILE *muted;
static bool is_json;
static bool coloured;
static bool compact;
static int depth;
/* For each depth, whether the object or array there has an element already. */
static bool begun[DEPTH_MAX];

void out_mute(void)
{
	muted = fopen("/dev/null", "w");
}

void out_compact(void)
{
	compact = true;
}

void out_unmute(void)
{
	if (muted)
		fclose(muted);
	muted = NULL;
}

static bool wants_colour(FILE *to)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") && isatty(fileno(to));
}

void out_start(FILE *to, bool json)
{
	out = to == stdout && muted ? muted : to;
	is_json = json;
	/* Only stdout can be a terminal; a stream in memory has no descriptor to ask. */
	coloured = !json && to == stdout && out == stdout && wants_colour(to);
	depth = 0;
	begun[0] = false;
}

void out_finish(void)
{
	/* In text, every line has ended already. */
	if (is_json)
		fputc('\n', out);
}

static void newline(void)
{
	if (compact)
		return;
	fputc('\n', out);
	for (int i = 0; i < depth; i++)
		fputc('\t', out);
}

/*
 * json-c escapes only U+0000 to U+001F, so escape here what else could drive a terminal on which
 * the JSON is looked at. A JSON reader decodes it to the same text.
 */
static void put_json(const char *json)
{
	while (*json) {
		uint32_t number;
		size_t len = utf8_letter(json, &number);

		if (len && utf8_drives(number))
			fprintf(out, "\\u%04x", (unsigned int)number);
		else
			fwrite(json, 1, len ? len : 1, out);
		json += len ? len : 1;
	}
}

/* A name or path may hold any bytes, but JSON must be UTF-8, or readers refuse all of it. */
static void put_string(const char *text)
{
	char *safe = mem_string(text);
	json_object *value;

	utf8_mend(safe);
	value = json_object_new_string(safe);
	put_json(json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(value);
	free(safe);
}

/* The comma, line break and key that come before a value. */
static void lead(const char *key)
{
	if (begun[depth])
		fputc(',', out);
	begun[depth] = true;
	if (depth)
		newline();
	if (key && *key) {
		put_string(key);
		fputs(": ", out);
	}
}

static void enter(const char *key, char bracket)
{
	if (!is_json)
		return;
	lead(key);
	fputc(bracket, out);
	begun[++depth] = false;
}

static void leave(char bracket)
{
	bool any;

	if (!is_json)
		return;
	any = begun[depth--];
	if (any)
		newline();
	fputc(bracket, out);
}

void out_colour(enum colour colour)
{
	static const char *const codes[] = {
		[COLOUR_NONE] = "\033[0m",
		[COLOUR_RED] = "\033[31m",
		[COLOUR_GREEN] = "\033[32m",
		[COLOUR_YELLOW] = "\033[33m",
	};

	if (coloured)
		fputs(codes[colour], out);
}

void out_object(const char *key)
{
	enter(key, '{');
}

void out_object_end(void)
{
	leave('}');
}

void out_array(const char *key)
{
	enter(key, '[');
}

void out_array_end(void)
{
	leave(']');
}

static void print_text(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	if (text)
		fputs(text, out);
	free(text);
}

void out_string(const char *key, const char *fmt, const char *value)
{
	if (is_json && key) {
		lead(key);
		put_string(value);
	} else if (!is_json && fmt) {
		char *safe = strdup(value);

		if (safe)
			print_text(fmt, printable(safe));
		free(safe);
	}
}

void out_number(const char *key, const char *fmt, uint64_t value)
{
	if (is_json && key) {
		json_object *number = json_object_new_uint64(value);

		lead(key);
		fputs(json_object_to_json_string(number), out);
		json_object_put(number);
	} else if (!is_json && fmt) {
		print_text(fmt, value);
	}
}

void out_signed(const char *key, const char *fmt, int value)
{
	if (is_json && key) {
		lead(key);
		fprintf(out, "%d", value);
	} else if (!is_json && fmt) {
		print_text(fmt, value);
	}
}

void out_bool(const char *key, const char *text, bool value)
{
	if (is_json && key) {
		lead(key);
		fputs(value ? "true" : "false", out);
	} else if (!is_json && text && value) {
		fputs(text, out);
	}
}

void out_null(const char *key, const char *text)
{
	if (is_json && key) {
		lead(key);
		fputs("null", out);
	} else if (!is_json && text) {
		fputs(text, out);
	}
}

void out_string_or_null(const char *key, const char *fmt, const char *value)
{
	if (value)
		out_string(key, fmt, value);
	else
		out_null(key, NULL);
}

void out_text(const char *fmt, ...)
{
	va_list args;

	if (is_json)
		return;
	va_start(args, fmt);
	vfprintf(out, fmt, args);
	va_end(args);
}
