// SPDX-License-Identifier: GPL-2.0
/* scmod version: prints the version of the tool; doctor compares it with the module's. */
#include <stdio.h>

#include "base/error.h"
#include "base/output.h"
#include "verbs/each.h"

static int run(const struct args *args)
{
	out_start(stdout, args->json);
	out_object(NULL);
	out_string("version", "scmod %s\n", SCMOD_VERSION);
	out_object_end();
	out_finish();
	return EXIT_DONE;
}

const struct verb verb_version = {
	.name = "version", .group = GROUP_TOOL,
	.summary = "print the version of this tool",
	.example = "scmod version",
	.run = run,
};
