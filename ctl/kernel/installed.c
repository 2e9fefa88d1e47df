// SPDX-License-Identifier: GPL-2.0
/* The module on disk, and what the kernel requires before it loads a module. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/program.h"
#include "kernel/installed.h"

#define MODINFO_MS 2000
/* More than these files of sysfs and securityfs ever hold. */
#define STATE_MAX 256

bool installed_version(char *version, size_t size)
{
	/* By its path: the PATH of an ordinary user may lack /sbin. */
	static const char *const argv[] = { "/sbin/modinfo", "-F", "version", "scmod", NULL };
	char *text = program_read(argv, MODINFO_MS);

	snprintf(version, size, "%.*s", text ? (int)strcspn(text, "\n") : 0, text ? text : "");
	free(text);
	return *version;
}

static bool file_has(const char *path, const char *word)
{
	char *text = file_read_regular(path, STATE_MAX);
	bool has = text && strstr(text, word);

	free(text);
	return has;
}

bool installed_needs_signature(void)
{
	/* The level that is in force stands in brackets. */
	return file_has("/sys/module/module/parameters/sig_enforce", "Y") ||
	       file_has("/sys/kernel/security/lockdown", "[integrity]") ||
	       file_has("/sys/kernel/security/lockdown", "[confidentiality]");
}
