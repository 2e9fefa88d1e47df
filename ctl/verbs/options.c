// SPDX-License-Identifier: GPL-2.0
/* Options that several verbs share, and the interpretation of their values. */
#include <string.h>

#include "base/error.h"
#include "calls/caps.h"
#include "verbs/options.h"
#include "verbs/source.h"

const struct opt opt_json = {
	.id = OPT_JSON, .name = "json", .letter = 'j',
	.text = "Print JSON, for scripts. The keys of JSON are stable. The text that is printed without this option is for people, and may change.",
};

const struct opt opt_json_form = {
	.id = OPT_JSON, .name = "json", .letter = 'j',
	.text = "The same as '--format json'.",
};

static const struct opt opt_quiet = {
	.id = OPT_QUIET, .name = "quiet", .letter = 'q',
	.text = "Print only warnings and errors, but no notes and no results. 'diff', 'lint' and 'doctor' then give their result only by the exit status.",
};

static const struct opt opt_verbose = {
	.id = OPT_VERBOSE, .name = "verbose", .letter = 'v',
	.text = "Print every note. Without this option, only the first note of each kind is printed, with the number of the others.",
};

static const struct opt opt_help = {
	.id = OPT_HELP, .name = "help", .letter = 'h',
	.text = "Explain the verb and its options, and do nothing else.",
};

const struct opt *const common_opts[] = { &opt_json, &opt_quiet, &opt_verbose, &opt_help, NULL };

const struct opt opt_infer = {
	.id = OPT_INFER, .name = "infer", .values = "none|family|likely|reachable", .standard = "likely",
	.text = "What to add to the calls that were seen. 'none': nothing. 'family': equivalents of the calls that were seen. 'likely': these, and the calls that the running programs import. 'reachable': of these, only those to which the code of the programs leads, if all of it could be read.",
};

const struct opt opt_infer_record = {
	.id = OPT_INFER, .name = "infer", .values = "none|family|likely|reachable", .standard = "likely",
	.text = "What to add to the calls in a cgroup's record. 'none': nothing. 'family': equivalents of the calls that were seen. 'likely': these, and the calls that the running programs import. 'reachable': of these, only those to which the code of the programs leads, if all of it could be read. Nothing is added to a file, so the option is an error if only files are given.",
};

const struct opt opt_families = {
	.id = OPT_FAMILIES, .name = "families", .arg = "FILE", .kind = KIND_INPUT,
	.standard = "/etc/scmod/families, if it exists",
	.text = "A file with rules of inference; they replace built-in rules of the same name.",
};

const struct opt opt_floor = {
	.id = OPT_FLOOR, .name = "floor", .arg = "none|default|FILE", .kind = KIND_INPUT,
	.standard = "default",
	.text = "A profile that nothing exceeds that was not seen: what it refuses is not added. 'default': what both Podman's and Docker's default profile allow, with the capabilities that the cgroup's processes have, or that --cap names. 'none': no such profile. FILE: the profile in a file.",
};

const struct opt opt_userland = {
	.id = OPT_USERLAND, .name = "userland", .values = "none|base",
	.standard = "base if a shell runs in the cgroup",
	.text = "What to allow for programs that are started later. 'base': the calls that the tools of a userland make (coreutils, tar, grep and the like). 'none': only what was seen or is inferred otherwise.",
};

const struct opt opt_runtime = {
	.id = OPT_RUNTIME, .name = "runtime", .arg = "NAME", .kind = KIND_RUNTIME,
	.text = "Add the calls that a container runtime makes itself after it has loaded a filter, whatever its version: 'crun', 'runc', 'any' for both, or 'none'. For a policy ('enforce', 'complain') these are also the calls by which it executes a command in a running container, and, if a container was started while the policy learned, those by which it starts one, though some of them are never inferred otherwise ('setns', 'mount'). The default is 'none', but 'any' for a record that is written in a form for runtimes (oci, docker, spo, bpf, pfc). By default, 'diff' does not count such calls as a difference between a record and a profile in one of these forms.",
};

const struct opt opt_args = {
	.id = OPT_ARGS, .name = "args", .values = "fail|widen|narrow", .standard = "fail",
	.text = "What to do with rules of a profile that check arguments whose values a policy can't check. 'fail': such a rule is an error. 'widen': the call is allowed whatever these arguments are. 'narrow': the call is refused, unless it is allowed whatever they are.",
};

const struct opt opt_cap = {
	.id = OPT_CAP, .name = "cap", .arg = "NAMES", .kind = KIND_CAPS,
	.standard = "those of the cgroup's processes, or none for a file",
	.text = "The capabilities that the program has, for the rules of a profile and of the floor that depend on them: names separated by commas, such as 'CAP_SYS_ADMIN,CAP_KILL' or 'sys_admin,kill', or 'ALL'.",
};

const struct opt opt_output = {
	.id = OPT_OUTPUT, .name = "output", .letter = 'o', .arg = "FILE", .kind = KIND_OUTPUT,
	.standard = "standard output",
	.text = "Write to FILE; '-' is standard output. On failure, the file stays as it was.",
};

const struct opt opt_format = {
	.id = OPT_FORMAT, .name = "format",
	.values = "oci|docker|spo|systemd|bpf|pfc|list|json", .standard = "oci",
	.text = "The form of the profile: 'oci' for crun and runc, 'docker' for Docker and Podman, 'spo' for Kubernetes, 'systemd' for a unit, 'bpf' for bwrap, 'pfc' and 'list' for people to read, 'json' with everything that is known. The default of 'merge' is the form that all its files share, or 'json'.",
};

const struct opt *const opts_write[] = {
	&opt_output, &opt_format, &opt_infer_record, &opt_families, &opt_userland, &opt_runtime,
	&opt_floor, &opt_args, &opt_cap, NULL,
};

const struct clash clashes_write[] = {
	{ OPT_JSON, OPT_FORMAT, false, "--json is short for --format json" },
	{ 0 },
};

struct infer_wish options_infer(const struct args *args)
{
	return (struct infer_wish){
		.level = args->value[OPT_INFER],
		.families = args->value[OPT_FAMILIES],
		.runtime = args->value[OPT_RUNTIME],
		.userland = args->value[OPT_USERLAND],
		.floor = args->value[OPT_FLOOR],
		.caps = args->value[OPT_CAP],
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
		return fail(EXIT_USAGE, "%s: --args '%s' is not a value of this option; give fail, widen or narrow",
			    verb, args);
	options->args = i;
	if (!caps_parse(caps ? caps : "", &options->caps, bad))
		return fail(EXIT_USAGE, "%s: --cap: no capability is named '%s'; give names such as CAP_SYS_ADMIN or sys_admin separated by commas, or ALL",
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
	/* "none" agrees with files, to which nothing is added. */
	if (files == words && level && strcmp(level, "none"))
		return no_effect(args, "infer", "a file: it is used unchanged");
	if (files == words && args->value[OPT_FAMILIES])
		return no_effect(args, "families", "a file: it is used unchanged");
	if (files == words && args->value[OPT_USERLAND])
		return no_effect(args, "userland", "a file: it is used unchanged");
	if (!files && args->value[OPT_ARGS])
		return no_effect(args, "args", "a record: it has no rules that check arguments");
	if (!files && args->value[OPT_CAP] && args->value[OPT_FLOOR] &&
	    !strcmp(args->value[OPT_FLOOR], "none"))
		return no_effect(args, "cap", "a record, without a floor: it has no rules that depend on capabilities");
	return EXIT_DONE;
}
