/* SPDX-License-Identifier: GPL-2.0 */
/* Exit codes, and the functions that print messages on stderr. */
#ifndef CTL_ERROR_H
#define CTL_ERROR_H

#include <stdbool.h>

/**
 * enum exit_code - exit status of the process; part of the interface
 * @EXIT_DONE: the verb did what was asked
 * @EXIT_FAILED: the verb failed
 * @EXIT_USAGE: the command line is wrong
 * @EXIT_NO_MODULE: the kernel module is not loaded
 * @EXIT_NOT_PERMITTED: the caller lacks the permission
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
/* The same as note(); notes with the same literal @kind are of one kind. */
void note_kind(const char *kind, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void notes_end(void);

/*
 * messages_by_kind(): from now on, collect notes. Notes with the same format are of one kind,
 * and notes_end() prints one line for each kind. messages_quiet(): from now on, drop notes.
 */
void messages_by_kind(void);
void messages_quiet(void);

/* From now on, pass each line to @fn, too, as it is printed on stderr but without a newline. */
void messages_also(void (*fn)(const char *line));

/* Whether everything printed to stdout was written; if not, reports it under the name @verb. */
bool flushed(const char *verb);

/* The exit code for an errno value. */
int exit_code_of(int err);

/*
 * Replaces characters that could drive a terminal or break a line, and bytes that are not UTF-8:
 * names come from untrusted files and processes.
 */
char *printable(char *text);

#endif /* CTL_ERROR_H */
