// SPDX-License-Identifier: GPL-2.0
/* Options that several verbs have, and what is made of their values. */
#include <string.h>

#include "base/error.h"
#include "calls/caps.h"
#include "verbs/options.h"
#include "verbs/source.h"

const struct opt opt_json = {
	.id = OPT_JSON, .name = "json", .letter = 'j',
	.text = "Print JSON, for scripts. Its keys stay; the text without this option is for people and may change.",
};

const struct opt opt_json_form = {
	.id = OPT_JSON, .name = "json", .letter = 'j',
	.text = "The same as '--format json'.",
};

static const struct opt opt_quiet = {
	.id = OPT_QUIET, .name = "quiet", .letter = 'q',
	.text = "Print no notes, and nothing of what was done; only warnings and errors. 'diff', 'lint' and 'doctor' then print nothing else either: the exit status tells.",
};

static const struct opt opt_verbose = {
	.id = OPT_VERBOSE, .name = "verbose", .letter = 'v',
	.text = "Print each note. Without this option, notes of one kind are one line: the first of them, and how many more there are.",
};

static const struct opt opt_help = {
	.id = OPT_HELP, .name = "help", .letter = 'h',
	.text = "Explain the verb and its options, and do nothing else.",
};

const struct opt *const common_opts[] = { &opt_json, &opt_quiet, &opt_verbose, &opt_help, NULL };

const struct opt opt_infer = {
	.id = OPT_INFER, .name = "infer", .values = "none|family|likely", .standard = "likely",
	.text = "What to add to the calls that were seen: 'none', nothing; 'family', calls that stand in for those that were seen; 'likely', also what the running programs import.",
};

const struct opt opt_infer_record = {
	.id = OPT_INFER, .name = "infer", .values = "none|family|likely", .standard = "likely",
	.text = "What to add to the calls that a cgroup's record has seen: 'none', nothing; 'family', calls that stand in for those that were seen; 'likely', also what the running programs import. A file is taken as it is, so for files only this option is an error.",
};

const struct opt opt_families = {
	.id = OPT_FAMILIES, .name = "families", .arg = "FILE", .kind = KIND_INPUT,
	.standard = "/etc/scmod/families, if it is there",
	.text = "Rules of inference that change those that are built in.",
};

const struct opt opt_runtime = {
	.id = OPT_RUNTIME, .name = "runtime", .arg = "NAME", .kind = KIND_RUNTIME,
	.text = "Add what a container runtime itself calls once it has loaded a filter: 'crun', 'runc', 'any' for both, or 'none'. The default is 'none', but 'any' for a record that is written in a form for runtimes (oci, docker, spo, bpf, pfc), and with 'diff' such calls are no difference between a record and a profile in one of these forms.",
};

const struct opt opt_args = {
	.id = OPT_ARGS, .name = "args", .values = "fail|widen|narrow", .standard = "fail",
	.text = "What becomes of a profile's rules that look at arguments, which a policy can't: 'fail', they are an error; 'widen', the call is allowed whatever its arguments are; 'narrow', the call is refused unless it is allowed for all arguments.",
};

const struct opt opt_cap = {
	.id = OPT_CAP, .name = "cap", .arg = "NAMES", .kind = KIND_CAPS, .standard = "none",
	.text = "The capabilities that the program has, for a profile's rules that depend on them: names with commas between, such as 'CAP_SYS_ADMIN,CAP_KILL' or 'sys_admin,kill', or 'ALL'.",
};

const struct opt opt_output = {
	.id = OPT_OUTPUT, .name = "output", .letter = 'o', .arg = "FILE", .kind = KIND_OUTPUT,
	.standard = "standard output",
	.text = "Write to FILE; '-' is standard output. On failure the file stays as it was.",
};

const struct opt opt_format = {
	.id = OPT_FORMAT, .name = "format",
	.values = "oci|docker|spo|systemd|bpf|pfc|list|json", .standard = "oci",
	.text = "The form of the profile: 'oci' for crun and runc, 'docker' for Docker and Podman, 'spo' for Kubernetes, 'systemd' for a unit, 'bpf' for bwrap, 'pfc' and 'list' to be read, 'json' with all that is known. The default of 'merge' is the form that all its files have, else 'json'.",
};

const struct opt *const opts_write[] = {
	&opt_output, &opt_format, &opt_infer_record, &opt_families, &opt_runtime,
	&opt_args, &opt_cap, NULL,
};

const struct clash clashes_write[] = {
	{ OPT_JSON, OPT_FORMAT, false, "it stands for one form" },
	{ 0 },
};

struct infer_wish options_infer(const struct args *args)
{
	return (struct infer_wish){
		.level = args->value[OPT_INFER],
		.families = args->value[OPT_FAMILIES],
		.runtime = args->value[OPT_RUNTIME],
	};
}

int reader_parse_options(const char *verb, const char *args, const char *caps,
			 struct reader_options *options)
{
	static const char *const names[] = {
		[READER_ARGS_FAIL] = "fail",
		[READER_ARGS_WIDEN] = "widen",
		[READER_ARGS_NARROW] = "narrow",
	};
	char bad[64];
	size_t i = READER_ARGS_FAIL;

	while (args && i < sizeof(names) / sizeof(names[0]) && strcmp(names[i], args))
		i++;
	if (i == sizeof(names) / sizeof(names[0]))
		return fail(EXIT_USAGE, "%s: --args '%s' is none of fail, widen, narrow; give one of them",
			    verb, args);
	options->args = i;
	if (!caps_parse(caps ? caps : "", &options->caps, bad))
		return fail(EXIT_USAGE, "%s: --cap: no capability is named '%s'; give names such as CAP_SYS_ADMIN or sys_admin with commas between, or ALL",
			    verb, bad);
	return EXIT_DONE;
}

int options_reader(const struct args *args, struct reader_options *options)
{
	return reader_parse_options(args->verb->name, args->value[OPT_ARGS],
				    args->value[OPT_CAP], options);
}

static int no_effect(const struct args *args, const char *option, const char *why)
{
	return fail(EXIT_USAGE, "%s: --%s has no effect on %s; leave it out", args->verb->name,
		    option, why);
}

int options_fit(const struct args *args, int words)
{
	const char *level = args->value[OPT_INFER];
	int files = 0;

	for (int i = 0; i < words; i++)
		files += args->word[i] && source_is_file(args->word[i]);
	/* With "none", a file is taken as it is, which is what is asked for. */
	if (files == words && level && strcmp(level, "none"))
		return no_effect(args, "infer", "a file: it is taken as it is");
	if (files == words && args->value[OPT_FAMILIES])
		return no_effect(args, "families", "a file: it is taken as it is");
	if (!files && args->value[OPT_ARGS])
		return no_effect(args, "args", "a record: it has no rules that look at arguments");
	if (!files && args->value[OPT_CAP])
		return no_effect(args, "cap", "a record: it has no rules that depend on capabilities");
	return EXIT_DONE;
}
