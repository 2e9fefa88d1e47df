/* SPDX-License-Identifier: GPL-2.0 */
/* The part of a systemd unit that is about values of arguments. */
#ifndef CTL_SYSTEMD_VALUES_H
#define CTL_SYSTEMD_VALUES_H

#include "write/output.h"

/*
 * Writes the settings of systemd that say what the listed values say, as far as there are such, and
 * a comment for the rest.
 */
void systemd_values_write(const struct output *out);

#endif /* CTL_SYSTEMD_VALUES_H */
