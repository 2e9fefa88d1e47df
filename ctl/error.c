// SPDX-License-Identifier: GPL-2.0
/* The one place that writes to stderr. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

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

char *printable(char *text)
{
	for (unsigned char *c = (unsigned char *)text; *c; c++) {
		/* UTF-8 has control characters of its own: C2 80 to C2 9F. */
		if (iscntrl(*c) || (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f))
			*c = '?';
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
