/* SPDX-License-Identifier: GPL-2.0 */
/* Exit codes, and the one line on stderr that says why. */
#ifndef CTL_ERROR_H
#define CTL_ERROR_H

#include <stdbool.h>

/**
 * enum exit_code - what the process ends with; part of the interface
 * @EXIT_DONE: done
 * @EXIT_FAILED: failed
 * @EXIT_USAGE: wrong command line
 * @EXIT_NO_MODULE: the kernel module is not loaded
 * @EXIT_NOT_PERMITTED: the caller may not do that
 */
enum exit_code {
	EXIT_DONE,
	EXIT_FAILED,
	EXIT_USAGE,
	EXIT_NO_MODULE,
	EXIT_NOT_PERMITTED,
};

/* Print "scmod: ..." and return @code, so that callers can return it. */
int fail(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same, with a literal that stands for the kind. */
void note_kind(const char *kind, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void notes_end(void);

/*
 * From now on notes of one kind, which are those with the same format, are kept until
 * notes_end() prints one line for them; or there are no notes.
 */
void messages_by_kind(void);
void messages_quiet(void);

/* Whether all that went to stdout is out; if not, says so. */
bool flushed(const char *verb);

/* The exit code that stands for an errno value. */
int exit_code_of(int err);

/* Replace what could drive a terminal or break a line: names come from others. */
char *printable(char *text);

#endif /* CTL_ERROR_H */
