// SPDX-License-Identifier: GPL-2.0
/* Prints messages. No other file writes to stderr. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

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
static void (*also)(const char *line);

void messages_also(void (*fn)(const char *line))
{
	also = fn;
}

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
	char line[8192], whole[8192 + 16];

	vsnprintf(line, sizeof(line), fmt, args);
	fflush(stdout);
	fprintf(stderr, "scmod: %s%s\n", prefix, printable(line));
	if (!also)
		return;
	/* A cut line is better than none. */
	snprintf(whole, sizeof(whole), "%s%s", prefix, line);
	also(whole);
}

/*
 * A byte that is not part of a valid character is replaced, too: a terminal that is not set to
 * UTF-8 obeys the bytes 0x80 to 0x9f.
 */
char *printable(char *text)
{
	for (char *c = text; *c;) {
		uint32_t value;
		size_t len = utf8_letter(c, &value);

		if (!len || utf8_drives(value))
			memset(c, '?', len ? len : 1);
		c += len ? len : 1;
	}
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
