// SPDX-License-Identifier: GPL-2.0
/* Prints messages. No other file writes to stderr. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* How many kinds of notes are collected. Notes of any further kind are printed at once. */
#define KINDS_MAX 64

/* @text is the first note of the kind. @kind is a literal and is compared by its address. */
static struct kind {
	const char *kind;
	char *text;
	unsigned int more;
} kinds[KINDS_MAX];

static unsigned int nr_kinds;
static bool by_kind, quiet;

void messages_by_kind(void)
{
	by_kind = true;
}

void messages_quiet(void)
{
	quiet = true;
}

static void complain_about(const char *prefix, const char *fmt, va_list args)
{
	char line[8192];

	vsnprintf(line, sizeof(line), fmt, args);
	fflush(stdout);
	fprintf(stderr, "scmod: %s%s\n", prefix, printable(line));
}

/* The length in bytes of the control character at @c, or 0 if there is none. */
static size_t control_length(const unsigned char *c)
{
	if (iscntrl(*c))
		return 1;
	/* UTF-8 encodes further control characters: U+0080 to U+009F. */
	if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
		return 2;
	/*
	 * U+2028 and U+2029 end a line (in YAML, too); U+202A to U+202E change the direction
	 * of text.
	 */
	if (c[0] == 0xe2 && c[1] == 0x80 && c[2] >= 0xa8 && c[2] <= 0xae)
		return 3;
	/* U+2066 to U+2069 change the direction of text, too. */
	if (c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9)
		return 3;
	/* U+FFFE and U+FFFF are not characters; YAML does not allow them. */
	if (c[0] == 0xef && c[1] == 0xbf && c[2] >= 0xbe)
		return 3;
	return 0;
}

char *printable(char *text)
{
	for (unsigned char *c = (unsigned char *)text; *c; c++)
		memset(c, '?', control_length(c));
	return text;
}

int fail(int code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain_about("", fmt, args);
	va_end(args);
	return code;
}

void warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain_about("warning: ", fmt, args);
	va_end(args);
}

static struct kind *kind_of(const char *name)
{
	for (unsigned int i = 0; i < nr_kinds; i++)
		if (kinds[i].kind == name)
			return &kinds[i];
	return NULL;
}

/* Whether the note was collected for notes_end(), so that it must not be printed now. */
static bool keep(const char *name, const char *fmt, va_list args)
{
	struct kind *kind = kind_of(name);

	if (kind) {
		kind->more++;
		return true;
	}
	if (nr_kinds == KINDS_MAX || vasprintf(&kinds[nr_kinds].text, fmt, args) < 0)
		return false;
	kinds[nr_kinds++].kind = name;
	return true;
}

static void note_args(const char *name, const char *fmt, va_list args)
{
	va_list copy;

	va_copy(copy, args);
	if (!quiet && (!by_kind || !keep(name, fmt, copy)))
		complain_about("note: ", fmt, args);
	va_end(copy);
}

void note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	note_args(fmt, fmt, args);
	va_end(args);
}

void note_kind(const char *kind, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	note_args(kind, fmt, args);
	va_end(args);
}

static void print_line(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain_about("note: ", fmt, args);
	va_end(args);
}

void notes_end(void)
{
	for (unsigned int i = 0; i < nr_kinds; i++) {
		if (kinds[i].more)
			print_line("%s (and %u more of this kind; -v prints each)", kinds[i].text,
				   kinds[i].more);
		else
			print_line("%s", kinds[i].text);
		free(kinds[i].text);
		kinds[i] = (struct kind){ 0 };
	}
	nr_kinds = 0;
}

bool flushed(const char *verb)
{
	/*
	 * If an earlier write failed, ferror() is set, but its errno is lost; report EIO
	 * then.
	 */
	errno = EIO;
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	fail(EXIT_FAILED, "%s: stdout: %s; the output is incomplete", verb, strerror(errno));
	clearerr(stdout);
	return false;
}

int exit_code_of(int err)
{
	return err == EPERM || err == EACCES ? EXIT_NOT_PERMITTED : EXIT_FAILED;
}
