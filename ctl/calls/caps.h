/* SPDX-License-Identifier: GPL-2.0 */
/* Names of capabilities, and sets of them. */
#ifndef CTL_CAPS_H
#define CTL_CAPS_H

#include <stdbool.h>
#include <stdint.h>

/* The number of "CAP_SYS_ADMIN", or -1 if none is named so. */
int caps_number(const char *name);
/* The inverse, or NULL. */
const char *caps_name(int number);
/* Of "CAP_CHOWN,kill" or "ALL"; false if one of them is none, with that in @bad (64 bytes). */
bool caps_parse(const char *list, uint64_t *caps, char *bad);

#endif /* CTL_CAPS_H */
