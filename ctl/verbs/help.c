// SPDX-License-Identifier: GPL-2.0
/* scmod help: lists the verbs by group, or explains one of them with its options. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/output.h"
#include "verbs/help.h"
#include "verbs/options.h"
#include "verbs/usage.h"

static const char *const titles[] = {
	[GROUP_CONTROL] = "Control what a cgroup's tasks may do",
	[GROUP_LOOK] = "Look at what the tasks did, and why a call is allowed",
	[GROUP_PROFILES] = "Profiles",
	[GROUP_TOOL] = "This tool",
};

static void print_group(const struct verb *const *verbs, enum verb_group group)
{
	printf("\n%s:\n", titles[group]);
	for (; *verbs; verbs++)
		if ((*verbs)->group == group)
			printf("  %-10s %s\n", (*verbs)->name, (*verbs)->summary);
}

static void print_all(const struct verb *const *verbs)
{
	printf("Learn and enforce, per cgroup, which system calls may be made.\n");
	printf("\nusage: scmod [-jqv] VERB [WORD]... [OPTION]...\n");
	for (unsigned int group = 0; group < NR_GROUPS; group++)
		print_group(verbs, group);
	printf("\n'scmod VERB --help' explains a verb and its options. 'scmod' alone is 'scmod status'.\n");
	printf("CGROUP is a directory below the cgroup2 mount, or a pattern for such paths, in\n");
	printf("quotes: '/machine.slice/libpod-*.scope'; or, for a policy that exists, its path\n");
	printf("as 'scmod status' prints it, or its id. FILE may be '-'.\n");
	printf("Exit codes: 0 done, 1 failed, 2 usage, 3 module not loaded, 4 not permitted.\n");
}

static void print_opt_json(const struct opt *opt, void *data)
{
	const char *value = usage_value(opt);
	char letter[2] = { opt->letter };

	(void)data;
	out_object(json_item);
	out_string("name", NULL, opt->name);
	if (opt->letter)
		out_string("letter", NULL, letter);
	if (value)
		out_string(opt->values ? "values" : "arg", NULL, value);
	if (opt->standard)
		out_string("default", NULL, opt->standard);
	out_string("text", NULL, opt->text);
	out_object_end();
}

static void print_verb_json(const struct verb *verb)
{
	char *usage = usage_text(verb);

	out_object(json_item);
	out_string("verb", NULL, verb->name);
	out_string("usage", NULL, usage);
	out_string("summary", NULL, verb->summary);
	out_string("example", NULL, verb->example);
	out_array("options");
	usage_each_opt(verb, print_opt_json, NULL);
	for (const struct opt *const *opt = common_opts; *opt; opt++)
		if ((*opt)->id != OPT_JSON || !verb->json)
			print_opt_json(*opt, NULL);
	out_array_end();
	out_object_end();
	free(usage);
}

/* Prints all verbs, or @only. */
static void print_json(const struct verb *const *verbs, const struct verb *only)
{
	out_start(stdout, true);
	out_object(NULL);
	out_array("verbs");
	for (; *verbs; verbs++)
		if (!only || *verbs == only)
			print_verb_json(*verbs);
	out_array_end();
	out_object_end();
	out_finish();
}

const struct verb *verb_find(const struct verb *const *verbs, const char *name)
{
	for (; *verbs; verbs++)
		if (!strcmp((*verbs)->name, name))
			return *verbs;
	return NULL;
}

static int help(const struct args *args)
{
	const struct verb *verb = NULL;

	if (args->count) {
		verb = verb_find(args->verbs, args->word[0]);
		if (!verb)
			return fail(EXIT_USAGE, "help: no verb is named '%s'; see 'scmod help'",
				    args->word[0]);
	}
	if (args->json)
		print_json(args->verbs, verb);
	else if (verb)
		usage_explain(verb);
	else
		print_all(args->verbs);
	return EXIT_DONE;
}

const struct verb verb_help = {
	.name = "help", .group = GROUP_TOOL,
	.summary = "explain a verb, or list them all",
	.example = "scmod help enforce",
	.words = (const struct word[]){
		{ .name = "VERB", .kind = KIND_VERB, .optional = true },
		{ 0 },
	},
	.run = help,
};
