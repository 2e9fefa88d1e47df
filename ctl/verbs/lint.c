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
#include "calls/caps.h"
#include "calls/sysname.h"
#include "floor/floor.h"
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
		char text[SYSNAME_TEXT_MAX];

		verdict->err = profile_answer(profile, abi, nr);
		if (profile_at(profile, abi, nr)->state != PROFILE_SILENT)
			verdict->where = mem_string(sysname_text(abi, nr, text));
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

/* ---- the floor */

static void add_beyond(const char *what, void *data)
{
	lint_add((struct lint *)data, MESSAGE_REMARK, NULL,
		 "leave it out, unless the program needs it",
		 "%s is allowed, and the floor refuses it", what);
}

/* Checks what the profile in @text, which is destroyed, allows beyond the floor. */
static void lint_beyond(struct lint *lint, const char *path, char *text, size_t len,
			const struct floor *floor)
{
	struct reader_options options = { .args = READER_ARGS_WIDEN };
	struct messages messages = { 0 };
	struct profile *profile;
	char bad[64];

	caps_parse(FLOOR_CAPS, &options.caps, bad);
	/* The errors of the profile have been found already. */
	if (!profile_read_text(path, text, len, &options, &messages, &profile))
		floor_each_beyond(floor, profile, false, add_beyond, lint);
	profile_free(profile);
	messages_release(&messages);
}

static int read_floor(const char *word, struct floor **floor)
{
	uint64_t caps = 0;
	char bad[64];

	*floor = NULL;
	caps_parse(FLOOR_CAPS, &caps, bad);
	return word && floor_read("lint", word, caps, floor) ? EXIT_TROUBLE : EXIT_DONE;
}

/* ---- the file */

static int lint_file(const char *path, const struct floor *floor, bool json)
{
	struct profile *profile;
	struct lint lint = { 0 };
	struct oci *oci;
	size_t len;
	char *text = file_read_bytes(path, READER_MAX, &len), *copy;
	int ret;

	if (!text)
		return fail(errno == EACCES || errno == EPERM ? EXIT_NOT_PERMITTED : EXIT_TROUBLE,
			    "lint %s: %s; give a profile that can be read", path, strerror(errno));
	copy = mem_alloc(len + 1);
	memcpy(copy, text, len);
	profile_inspect(path, text, len, &lint.found, &profile, &oci);
	if (oci)
		lint_oci(&lint, oci);
	else if (profile)
		lint_profile(&lint, profile);
	if (floor)
		lint_beyond(&lint, path, copy, len, floor);
	print(&lint, path, json);
	ret = count(&lint, "error") || count(&lint, "warning") ? EXIT_FINDINGS : EXIT_DONE;
	if (!flushed("lint"))
		ret = EXIT_TROUBLE;
	profile_free(profile);
	oci_free(oci);
	messages_release(&lint.found);
	free(copy);
	free(text);
	return ret;
}

static int run(const struct args *args)
{
	struct floor *floor;
	int ret = read_floor(args->value[OPT_FLOOR], &floor);

	if (!ret)
		ret = lint_file(args->word[0], floor, args->json);
	floor_free(floor);
	return ret;
}

static const struct opt opt_floor_lint = {
	.id = OPT_FLOOR, .name = "floor", .arg = "none|default|FILE", .kind = KIND_INPUT,
	.standard = "none",
	.text = "Add a remark for each call and value that the profile allows and the floor refuses, for a container with Podman's default capabilities. 'default': the floor is what both Podman's and Docker's default profile allow.",
};

const struct verb verb_lint = {
	.name = "lint", .group = GROUP_PROFILES,
	.summary = "find mistakes in a profile",
	.example = "scmod lint web.json", .mute = true,
	.words = (const struct word[]){
		{ .name = "FILE", .kind = KIND_INPUT },
		{ 0 },
	},
	.opts = (const struct opt *const[]){ &opt_floor_lint, NULL },
	.run = run,
};
