/* SPDX-License-Identifier: GPL-2.0 */
/* Runs another program and reads what it prints. */
#ifndef CTL_PROGRAM_H
#define CTL_PROGRAM_H

/*
 * Runs argv[0], which is looked up in PATH, with these arguments and without a shell. Returns what
 * it printed on standard output, to be freed. Returns NULL if there is no such program, if its
 * exit status is not 0, if it prints more than 64 KiB or a NUL, or if it has not ended after @ms
 * milliseconds; then it and its children are ended. What it prints on standard error is lost.
 */
char *program_read(const char *const argv[], int ms);

#endif /* CTL_PROGRAM_H */
