// SPDX-License-Identifier: GPL-2.0
/* errno values and their names, as the C library has them. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/scmod.h>

#include "base/errname.h"

static const struct {
	const char *name;
	uint32_t err;
} second[] = {
	{ "EWOULDBLOCK", EWOULDBLOCK }, { "EOPNOTSUPP", EOPNOTSUPP }, { "ENOTSUP", ENOTSUP },
	{ "EDEADLOCK", EDEADLOCK },
};

const char *errname(uint32_t err)
{
	static char text[32];
	const char *name = err && err <= SCMOD_ERRNO_MAX ? strerrorname_np(err) : NULL;

	if (name)
		return name;
	snprintf(text, sizeof(text), "errno %u", err);
	return text;
}

uint32_t errname_named(const char *text)
{
	return *text == 'E' ? errname_value(text) : 0;
}

uint32_t errname_value(const char *text)
{
	char *end;
	unsigned long value;

	if (*text >= '0' && *text <= '9') {
		value = strtoul(text, &end, 10);
		return !*end && value <= SCMOD_ERRNO_MAX ? value : 0;
	}
	for (uint32_t err = 1; err <= SCMOD_ERRNO_MAX; err++) {
		const char *name = strerrorname_np(err);

		if (name && !strcmp(name, text))
			return err;
	}
	/* Of values that have two, strerrorname_np() gives one. */
	for (size_t i = 0; i < sizeof(second) / sizeof(second[0]); i++)
		if (!strcmp(second[i].name, text))
			return second[i].err;
	return 0;
}
