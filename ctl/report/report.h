/* SPDX-License-Identifier: GPL-2.0 */
/* The forms of a report. */
#ifndef CTL_REPORT_H
#define CTL_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "report/surface.h"

/* The usual profile of containers, to compare with: that of Debian's containers-common. */
#define REPORT_DEFAULT "/usr/share/containers/seccomp.json"
/*
 * The capabilities that a container gets without options: default_capabilities of that
 * package's /usr/share/containers/containers.conf.
 */
#define REPORT_CAPS								\
	"CAP_CHOWN,CAP_DAC_OVERRIDE,CAP_FOWNER,CAP_FSETID,CAP_KILL,"		\
	"CAP_NET_BIND_SERVICE,CAP_SETFCAP,CAP_SETGID,CAP_SETPCAP,CAP_SETUID,"	\
	"CAP_SYS_CHROOT"

/* Write the whole report to @to: as text or JSON, or as an HTML page. */
void report_print(const struct surface *surface, FILE *to, bool json);
void report_html(const struct surface *surface, FILE *to);

#endif /* CTL_REPORT_H */
