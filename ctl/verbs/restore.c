// SPDX-License-Identifier: GPL-2.0
/* scmod restore: puts the policies back that were saved. */
#include <unistd.h>

#include "base/error.h"
#include "verbs/each.h"
#include "verbs/settle.h"

static int restore(struct settle *settle, const char *path, bool json)
{
	struct saved_file file;
	/* All of the file is read first: if it has an error, nothing changes. */
	int ret = settle_read("restore", path, &file);

	if (ret)
		return ret;
	ret = settle_begin(settle);
	if (!ret) {
		ret = settle_file(settle, path, &file);
		settle_report(settle, json);
	}
	settle_end(settle);
	saved_release(&file);
	return ret;
}

static int run(const struct args *args)
{
	struct settle settle = {
		.verb = "restore", .dry_run = args->value[OPT_DRY_RUN],
		.loosen = args->value[OPT_REPLACE],
	};

	if (args->count)
		return restore(&settle, args->word[0], args->json);
	if (!access(SETTLE_FILE, F_OK))
		return restore(&settle, SETTLE_FILE, args->json);
	note("restore: nothing was saved in %s yet", SETTLE_FILE);
	return EXIT_DONE;
}

static const struct opt opt_replace = {
	.id = OPT_REPLACE, .name = "replace",
	.text = "Put a policy back also if the one that is there enforces, and refuses what the saved one would not. Without this option, such a policy stays as it is, which is an error.",
};

const struct verb verb_restore = {
	.name = "restore", .group = GROUP_CONTROL,
	.summary = "put back the policies that 'scmod save' wrote",
	.example = "scmod restore policies.json", .mute = true,
	.words = (const struct word[]){
		{ .name = "FILE", .kind = KIND_INPUT, .optional = true },
		{ 0 },
	},
	.opts = (const struct opt *const[]){ &opt_replace, &opt_dry_run_files, NULL },
	.run = run,
};
