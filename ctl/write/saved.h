/* SPDX-License-Identifier: GPL-2.0 */
/* Writes files with policies. */
#ifndef CTL_WRITE_SAVED_H
#define CTL_WRITE_SAVED_H

#include <stdio.h>

#include "profile/saved.h"

/*
 * These write to @to what comes before the policies, each policy, and what comes after them.
 * @boot: the kernel's boot id, or NULL. A write error is left to be found at @to.
 */
void saved_begin(FILE *to, const char *boot);
void saved_write(const struct saved *saved);
void saved_end(void);

#endif /* CTL_WRITE_SAVED_H */
