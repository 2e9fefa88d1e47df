// SPDX-License-Identifier: GPL-2.0
/* scmod lint: finds mistakes in a profile, and says what to do about each. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/output.h"
#include "calls/sysname.h"
#include "lint/lint.h"
#include "read/reader.h"
#include "verbs/each.h"
#include "verbs/options.h"

/* As with diff, 1 means that something was found, so trouble needs another code. */
#define EXIT_FINDINGS 1
#define EXIT_TROUBLE 2

static const char *const severities[] = {
	[MESSAGE_ERROR] = "error",
	[MESSAGE_WARNING] = "warning",
	[MESSAGE_NOTE] = "remark",
	[MESSAGE_REMARK] = "remark",
};

static const enum colour colours[] = {
	[MESSAGE_ERROR] = COLOUR_RED,
	[MESSAGE_WARNING] = COLOUR_YELLOW,
	[MESSAGE_NOTE] = COLOUR_NONE,
	[MESSAGE_REMARK] = COLOUR_NONE,
};

static unsigned int count(const struct lint *lint, const char *severity)
{
	unsigned int number = 0;

	for (size_t i = 0; i < lint->found.count; i++)
		number += !strcmp(severities[lint->found.message[i].kind], severity);
	return number;
}

static void judge(struct verdicts *verdicts, const struct profile *profile, unsigned int abi)
{
	verdicts->covers[abi] = profile->covers[abi];
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		struct verdict *verdict = &verdicts->call[abi][nr];
		const char *name = sysname(abi, nr);

		verdict->err = profile_answer(profile, abi, nr);
		if (profile_at(profile, abi, nr)->state != PROFILE_SILENT)
			verdict->where = mem_string(name ? name : "?");
	}
}

/* Checks the effect of a list, or of scmod's own form. The place of a call is its name. */
static void lint_profile(struct lint *lint, struct profile *profile)
{
	struct verdicts *verdicts = mem_alloc(sizeof(*verdicts));

	if (profile->form && !strcmp(profile->form, "list"))
		profile_add_soft(profile);
	for (unsigned int abi = 0; abi < NR_ABIS; abi++)
		judge(verdicts, profile, abi);
	for (unsigned int selector = 0; selector < NR_SELECTORS; selector++)
		verdicts->restricted[selector] = profile->values[selector].listed;
	if (profile->covers[SCMOD_ABI_X86_64])
		lint_calls(lint, verdicts);
	lint_values(lint, verdicts);
	lint_profile_values(lint, profile);
	lint_start(lint, verdicts);
	verdicts_free(verdicts);
}

static void print_message(const char *path, const struct message *message)
{
	out_object(json_item);
	out_string(NULL, "%s: ", path);
	out_string("where", *message->place ? "%s: " : NULL, message->place);
	out_colour(colours[message->kind]);
	out_string("severity", "%s: ", severities[message->kind]);
	out_colour(COLOUR_NONE);
	out_string("what", "%s", message->text);
	out_string("do", "; %s\n", message->todo ? message->todo : "correct the file");
	out_object_end();
}

static void print(const struct lint *lint, const char *path, bool json)
{
	out_start(stdout, json);
	out_object(NULL);
	out_string("file", NULL, path);
	out_array("findings");
	for (size_t i = 0; i < lint->found.count; i++)
		print_message(path, &lint->found.message[i]);
	out_array_end();
	out_number("errors", NULL, count(lint, "error"));
	out_number("warnings", NULL, count(lint, "warning"));
	out_number("remarks", NULL, count(lint, "remark"));
	out_object_end();
	out_finish();
}

static int lint_file(const char *path, bool json)
{
	struct profile *profile;
	struct lint lint = { 0 };
	struct oci *oci;
	size_t len;
	char *text = file_read_bytes(path, READER_MAX, &len);
	int ret;

	if (!text)
		return fail(errno == EACCES || errno == EPERM ? EXIT_NOT_PERMITTED : EXIT_TROUBLE,
			    "lint %s: %s; give a profile that can be read", path, strerror(errno));
	profile_inspect(path, text, len, &lint.found, &profile, &oci);
	if (oci)
		lint_oci(&lint, oci);
	else if (profile)
		lint_profile(&lint, profile);
	print(&lint, path, json);
	ret = count(&lint, "error") || count(&lint, "warning") ? EXIT_FINDINGS : EXIT_DONE;
	if (!flushed("lint"))
		ret = EXIT_TROUBLE;
	profile_free(profile);
	oci_free(oci);
	messages_release(&lint.found);
	free(text);
	return ret;
}

static int run(const struct args *args)
{
	return lint_file(args->word[0], args->json);
}

const struct verb verb_lint = {
	.name = "lint", .group = GROUP_PROFILES,
	.summary = "find mistakes in a profile",
	.example = "scmod lint web.json", .mute = true,
	.words = (const struct word[]){
		{ .name = "FILE", .kind = KIND_INPUT },
		{ 0 },
	},
	.run = run,
};
