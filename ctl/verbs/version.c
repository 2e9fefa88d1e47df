// SPDX-License-Identifier: GPL-2.0
/* scmod version: of the tool; doctor compares it with the module's. */
#include <stdio.h>

#include "base/error.h"
#include "verbs/cmd.h"

int cmd_version(int argc, char **argv)
{
	int words = args_parse("version", argc, argv, NULL, NULL, 0, 0);

	if (words < 0)
		return -words;
	printf("scmod %s\n", SCMOD_VERSION);
	return EXIT_DONE;
}
