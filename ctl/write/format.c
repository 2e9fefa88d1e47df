// SPDX-License-Identifier: GPL-2.0
/* The forms in which a profile is written. */
#include <string.h>

#include "write/format.h"

static const struct format formats[] = {
	{ "oci", false, false, format_write_oci },
	{ "docker", false, false, format_write_docker },
	{ "spo", false, false, format_write_spo },
	{ "systemd", false, false, format_write_systemd },
	{ "bpf", true, true, format_write_bpf },
	{ "pfc", true, false, format_write_pfc },
	{ "list", true, false, format_write_list },
	{ "json", true, false, format_write_own },
};

#define NR_FORMATS (sizeof(formats) / sizeof(formats[0]))

const struct format *format_find(const char *name)
{
	for (size_t i = 0; i < NR_FORMATS; i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}

const char *format_names(void)
{
	static char text[256];
	size_t len = 0;

	for (size_t i = 0; i < NR_FORMATS; i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s", i ? ", " : "",
				formats[i].name);
	return text;
}
