/* SPDX-License-Identifier: GPL-2.0 */
/* Names of capabilities, and sets of them. */
#ifndef CTL_CAPS_H
#define CTL_CAPS_H

#include <stdbool.h>
#include <stdint.h>

/* The number of "CAP_SYS_ADMIN", or -1 if there is no capability of that name. */
int caps_number(const char *name);
/* The inverse of caps_number(); NULL if the number has no name. */
const char *caps_name(int number);
/*
 * Parses "CAP_CHOWN,kill" or "ALL" into @caps. False if a word is not a capability; the word is
 * then in @bad (64 bytes).
 */
bool caps_parse(const char *list, uint64_t *caps, char *bad);

#endif /* CTL_CAPS_H */
