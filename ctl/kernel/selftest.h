/* SPDX-License-Identifier: GPL-2.0 */
/* A live test of the module in a temporary cgroup. */
#ifndef CTL_SELFTEST_H
#define CTL_SELFTEST_H

#include <stddef.h>

/* Returns 0, or -1 with the failure described in @why. Removes everything it made. */
int selftest_run(const char *mount, char *why, size_t size);

#endif /* CTL_SELFTEST_H */
