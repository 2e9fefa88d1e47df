// SPDX-License-Identifier: GPL-2.0
/* Names of the modes of policies. */
#include <string.h>

#include <linux/scmod.h>

#include "profile/mode.h"

static const char *const names[] = {
	[SCMOD_MODE_OFF] = "off",
	[SCMOD_MODE_LEARN] = "learn",
	[SCMOD_MODE_COMPLAIN] = "complain",
	[SCMOD_MODE_ENFORCE] = "enforce",
	[SCMOD_MODE_COMPLAIN_LEARN] = "complain-learn",
};

const char *mode_name(uint32_t mode)
{
	return mode <= SCMOD_MODE_MAX ? names[mode] : "unknown";
}

int mode_by_name(const char *name)
{
	for (int mode = 0; mode <= SCMOD_MODE_MAX; mode++)
		if (!strcmp(names[mode], name))
			return mode;
	return -1;
}
