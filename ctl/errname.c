// SPDX-License-Identifier: GPL-2.0
/* errno values and their names, as the C library has them. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/scmod.h>

#include "errname.h"

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
	/* Second names of values that strerrorname_np() gives only one of. */
	if (!strcmp(text, "EWOULDBLOCK"))
		return errname_value("EAGAIN");
	if (!strcmp(text, "EOPNOTSUPP"))
		return errname_value("ENOTSUP");
	if (!strcmp(text, "EDEADLOCK"))
		return errname_value("EDEADLK");
	return 0;
}
