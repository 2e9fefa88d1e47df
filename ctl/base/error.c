// SPDX-License-Identifier: GPL-2.0
/* The one place that writes to stderr. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

static void (*catcher)(const char *prefix, const char *text);

void message_hook(void (*hook)(const char *prefix, const char *text))
{
	catcher = hook;
}

static void complain_about(const char *prefix, const char *fmt, va_list args)
{
	char line[8192];

	vsnprintf(line, sizeof(line), fmt, args);
	if (catcher) {
		catcher(prefix, line);
		return;
	}
	fflush(stdout);
	fprintf(stderr, "scmod: %s%s\n", prefix, printable(line));
}

/* Of the control character that begins there; 0 if none does. */
static size_t control_length(const unsigned char *c)
{
	if (iscntrl(*c))
		return 1;
	/* UTF-8 has some of its own: U+0080 to U+009F; */
	if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
		return 2;
	/* U+2028 and U+2029 end a line, to YAML too; U+202A to U+202E turn it round. */
	if (c[0] == 0xe2 && c[1] == 0x80 && c[2] >= 0xa8 && c[2] <= 0xae)
		return 3;
	/* So do U+2066 to U+2069. */
	if (c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9)
		return 3;
	/* U+FFFE and U+FFFF are no letters; YAML may not have them. */
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

void note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain_about("note: ", fmt, args);
	va_end(args);
}

bool flushed(const char *verb)
{
	/* If it failed before, nobody knows why. */
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
