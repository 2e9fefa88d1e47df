/* SPDX-License-Identifier: GPL-2.0 */
/* Names of the modes of policies. */
#ifndef CTL_MODE_H
#define CTL_MODE_H

#include <stdint.h>

/* "enforce" and so on, of enum scmod_mode. */
const char *mode_name(uint32_t mode);
/* The mode of that name, or -1. */
int mode_by_name(const char *name);

#endif /* CTL_MODE_H */
