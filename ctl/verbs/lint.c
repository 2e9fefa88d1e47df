// SPDX-License-Identifier: GPL-2.0
/* scmod lint: mistakes in a profile, and what to do about each. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/jsonfile.h"
#include "base/memory.h"
#include "base/output.h"
#include "calls/nearest.h"
#include "calls/sysname.h"
#include "lint/lint.h"
#include "read/reader.h"
#include "verbs/each.h"
#include "verbs/options.h"

/* As with diff: 1 is for what was found, so trouble is something else. */
#define EXIT_FINDINGS 1
#define EXIT_TROUBLE 2

/* Of a file with more names that are none, none of them was meant. */
#define SUGGESTIONS 256

static const char *const severities[] = {
	[LINT_ERROR] = "error",
	[LINT_WARNING] = "warning",
	[LINT_REMARK] = "remark",
};

static const enum colour colours[] = {
	[LINT_ERROR] = COLOUR_RED,
	[LINT_WARNING] = COLOUR_YELLOW,
	[LINT_REMARK] = COLOUR_NONE,
};

void lint_add(struct lint *lint, enum lint_severity severity, const char *where,
	      const char *todo, const char *fmt, ...)
{
	char text[4096];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	lint->finding = mem_grow(lint->finding, lint->count + 1, sizeof(*lint->finding));
	lint->finding[lint->count++] = (struct finding){
		.severity = severity,
		.where = mem_string(where),
		.what = mem_string(text),
		.todo = mem_string(todo),
	};
}

static unsigned int count(const struct lint *lint, enum lint_severity severity)
{
	unsigned int number = 0;

	for (size_t i = 0; i < lint->count; i++)
		number += lint->finding[i].severity == severity;
	return number;
}

static void release(struct lint *lint)
{
	for (size_t i = 0; i < lint->count; i++) {
		free(lint->finding[i].where);
		free(lint->finding[i].what);
		free(lint->finding[i].todo);
	}
	free(lint->finding);
}

static void release_verdicts(struct verdicts *verdicts)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++)
		free(verdicts->call[nr].where);
}

void lint_name(struct lint *lint, const char *where, const char *name)
{
	const char *near;
	char todo[128];

	if (sysname_known(name))
		return;
	near = lint->unknown++ < SUGGESTIONS ? nearest_call(name) : NULL;
	snprintf(todo, sizeof(todo), "write '%s', if that is meant", near ? near : "");
	if (near)
		lint_add(lint, LINT_WARNING, where, todo, "no system call is named '%s'", name);
	else
		lint_add(lint, LINT_REMARK, where, "check how it is written",
			 "'%s' is no call that this tool knows; perhaps one of a newer kernel",
			 name);
}

/* ---- lists and scmod's own form */

/* What the reader says about the file becomes a finding; "lint PATH: " is before it. */
static struct lint *reading;
static size_t reading_head;

static void take_message(const char *prefix, const char *text)
{
	char place[256] = "";
	const char *what = text + strnlen(text, reading_head);
	const char *colon = strstr(what, ": ");
	const char *todo = strrchr(what, ';');

	/* Of a message that was cut short, a name may be the end. */
	if (todo && todo[1] != ' ')
		todo = NULL;

	if (colon && (!strncmp(what, "line ", 5) || memchr(what, '[', colon - what))) {
		snprintf(place, sizeof(place), "%.*s", (int)(colon - what), what);
		what = colon + 2;
	}
	lint_add(reading, *prefix ? LINT_REMARK : LINT_ERROR, place,
		 todo ? todo + 2 : "correct it", "%.*s",
		 todo && todo > what ? (int)(todo - what) : (int)strlen(what), what);
}

static void verdicts_of_profile(const struct profile *profile, struct verdicts *verdicts)
{
	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(SCMOD_ABI_X86_64, nr);

		verdicts->call[nr].err = profile_answer(profile, SCMOD_ABI_X86_64, nr);
		if (profile_at(profile, SCMOD_ABI_X86_64, nr)->state != PROFILE_SILENT)
			verdicts->call[nr].where = mem_string(name ? name : "?");
	}
}

/* Each line by itself, so that the first mistake does not hide the others. */
static void lint_list_names(struct lint *lint, char *text)
{
	bool seen[NR_ABIS][SCMOD_NR_BITS] = { 0 };
	char *save, *rest;
	size_t number = 0;

	for (char *line = text; line; line = save) {
		unsigned int abi;
		char where[32];
		char *name;
		int nr;

		save = strchr(line, '\n');
		if (save)
			*save++ = '\0';
		snprintf(where, sizeof(where), "line %zu", ++number);
		line[strcspn(line, "#")] = '\0';
		name = strtok_r(line, " \t\r", &rest);
		if (!name)
			continue;
		if (strtok_r(NULL, " \t\r", &rest))
			lint_add(lint, LINT_ERROR, where, "write one name on each line",
				 "more than one word in the line of '%s'", name);
		nr = sysname_parse(name, &abi);
		if (nr < 0) {
			const char *plain = strchr(name, ':') ? strchr(name, ':') + 1 : name;
			const char *near = lint->unknown++ < SUGGESTIONS ?
					   nearest_call(plain) : NULL;

			lint_add(lint, LINT_ERROR, where, near ? near : "correct or remove it",
				 "no system call is named '%s'%s", name,
				 near ? "; the nearest name is" : "");
			continue;
		}
		if (seen[abi][nr])
			lint_add(lint, LINT_REMARK, where, "remove one", "'%s' is there twice",
				 name);
		seen[abi][nr] = true;
	}
}

/* A pipe can't be read again: @text is all of the file, and is spoilt. */
static void lint_read(struct lint *lint, const char *path, char *text, bool list)
{
	struct verdicts *verdicts = mem_alloc(sizeof(*verdicts));
	struct profile *profile = NULL;

	reading = lint;
	reading_head = strlen("lint : ") + strlen(path);
	message_hook(list ? NULL : take_message);
	if (!list || !count(lint, LINT_ERROR))
		profile_read_text("lint", path, text, NULL, &profile);
	message_hook(NULL);
	if (profile && list)
		profile_add_soft(profile);
	if (profile && profile->covers[SCMOD_ABI_X86_64]) {
		verdicts_of_profile(profile, verdicts);
		lint_calls(lint, verdicts);
	}
	profile_free(profile);
	release_verdicts(verdicts);
	free(verdicts);
}

/* ---- all forms */

static void lint_json(struct lint *lint, const char *path, char *text)
{
	struct verdicts *verdicts;
	char error[256];
	json_object *root = json_whole(text, error, sizeof(error));
	char *what;

	if (!root) {
		/* "line 3, column 7: why" */
		what = strstr(error, ": ");
		if (what)
			*what = '\0';
		lint_add(lint, LINT_ERROR, what ? error : "", "correct it", "not JSON: %s",
			 what ? what + 2 : error);
		return;
	}
	if (json_object_object_get(root, "format")) {
		lint_read(lint, path, text, false);
	} else {
		verdicts = mem_alloc(sizeof(*verdicts));
		lint_oci(lint, root, verdicts);
		release_verdicts(verdicts);
		free(verdicts);
	}
	json_object_put(root);
}

static void print_finding(const char *path, const struct finding *finding)
{
	out_object(json_item);
	out_string(NULL, "%s: ", path);
	out_string("where", *finding->where ? "%s: " : NULL, finding->where);
	out_colour(colours[finding->severity]);
	out_string("severity", "%s: ", severities[finding->severity]);
	out_colour(COLOUR_NONE);
	out_string("what", "%s", finding->what);
	out_string("do", "; %s\n", finding->todo);
	out_object_end();
}

static void print(const struct lint *lint, const char *path, bool json)
{
	out_start(stdout, json);
	out_object(NULL);
	out_string("file", NULL, path);
	out_array("findings");
	for (size_t i = 0; i < lint->count; i++)
		print_finding(path, &lint->finding[i]);
	out_array_end();
	out_number("errors", NULL, count(lint, LINT_ERROR));
	out_number("warnings", NULL, count(lint, LINT_WARNING));
	out_number("remarks", NULL, count(lint, LINT_REMARK));
	out_object_end();
	out_finish();
}

static int lint_file(const char *path, bool json)
{
	struct lint lint = { 0 };
	char *text = file_read(path, READER_MAX), *copy;
	char first;
	int ret;

	if (!text)
		return fail(errno == EACCES || errno == EPERM ? EXIT_NOT_PERMITTED : EXIT_TROUBLE,
			    "lint %s: %s; give a profile that can be read", path, strerror(errno));
	first = text[strspn(text, " \t\r\n")];
	if (!first) {
		lint_add(&lint, LINT_ERROR, "", "give one that allows something", "it is empty");
	} else if (first == '{' || first == '[') {
		lint_json(&lint, path, text);
	} else {
		copy = mem_string(text);
		lint_list_names(&lint, copy);
		free(copy);
		lint_read(&lint, path, text, true);
	}
	print(&lint, path, json);
	ret = count(&lint, LINT_ERROR) || count(&lint, LINT_WARNING) ? EXIT_FINDINGS : EXIT_DONE;
	if (!flushed("lint"))
		ret = EXIT_TROUBLE;
	release(&lint);
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
