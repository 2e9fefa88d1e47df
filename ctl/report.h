/* SPDX-License-Identifier: GPL-2.0 */
/* The forms of a report. */
#ifndef CTL_REPORT_H
#define CTL_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "surface.h"

/* What scmod takes for a container's usual profile: of Debian's containers-common. */
#define REPORT_DEFAULT "/usr/share/containers/seccomp.json"

/* What the mode of the policy means for the numbers; NULL of a file. */
const char *report_mode(const struct surface *surface);

/* All of it, to @to: as text or JSON, or as a page. */
void report_print(const struct surface *surface, FILE *to, bool json);
void report_html(const struct surface *surface, FILE *to);

#endif /* CTL_REPORT_H */
