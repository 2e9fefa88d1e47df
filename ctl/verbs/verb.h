/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a verb's table says of it. Parsing, help, the man page's synopsis and options,
 * and the completions of the shells are all made from these tables.
 */
#ifndef CTL_VERB_H
#define CTL_VERB_H

#include <stdbool.h>

/* Names each option in every verb's table, and its value in struct args. */
enum opt_id {
	OPT_NONE,
	OPT_ACTION,
	OPT_ALL,
	OPT_ARGS,
	OPT_CAP,
	OPT_DEFAULT,
	OPT_DENIED,
	OPT_ERRNO,
	OPT_EXPLOITS,
	OPT_FAMILIES,
	OPT_FORMAT,
	OPT_HELP,
	OPT_HTML,
	OPT_INFER,
	OPT_JSON,
	OPT_OUTPUT,
	OPT_PROFILE,
	OPT_QUIET,
	OPT_RUNTIME,
	OPT_VERBOSE,
	OPT_VERSION,
	NR_OPTS,
};

/**
 * enum word_kind - what a word or an option's value names, for completion and for "-"
 * @KIND_TEXT: nothing that can be completed
 * @KIND_CGROUP: a directory below the cgroup2 mount, or a policy
 * @KIND_INPUT: a file that is read, or "-" for standard input
 * @KIND_OUTPUT: a file that is written, or "-" for standard output
 * @KIND_SOURCE: KIND_CGROUP or KIND_INPUT
 */
enum word_kind {
	KIND_TEXT,
	KIND_CGROUP,
	KIND_INPUT,
	KIND_OUTPUT,
	KIND_SOURCE,
	KIND_CALL,
	KIND_CAPS,
	KIND_ERRNO,
	KIND_RUNTIME,
	KIND_VERB,
};

/**
 * struct opt - an option
 * @id: where its value goes
 * @name: the long name, without dashes
 * @letter: the short one, or 0
 * @arg: what its value is called, "FILE"; NULL if it takes none
 * @values: "errno|kill" if it takes only these, which then stand in the place of @arg
 * @standard: what holds without it, or NULL
 * @kind: what its value names
 * @text: what it does: whole sentences. Words in single quotes are literal.
 */
struct opt {
	enum opt_id id;
	const char *name;
	char letter;
	const char *arg;
	const char *values;
	const char *standard;
	enum word_kind kind;
	const char *text;
};

/**
 * struct word - a word that is no option
 * @name: "CGROUP"; the last of an array has none
 * @kind: what it names
 * @optional: it may be left out
 * @many: others of the kind may follow; only of the last one
 * @instead: the option that is given in its place, or NULL
 */
struct word {
	const char *name;
	enum word_kind kind;
	bool optional;
	bool many;
	const struct opt *instead;
};

/**
 * struct clash - an option that would have no effect
 * @opt: the option; the last of an array is OPT_NONE
 * @other: beside that one, or
 * @needs: without that one
 * @why: it is so
 */
struct clash {
	enum opt_id opt;
	enum opt_id other;
	bool needs;
	const char *why;
};

enum verb_group {
	GROUP_CONTROL,
	GROUP_LOOK,
	GROUP_PROFILES,
	GROUP_TOOL,
	NR_GROUPS,
};

struct args;

/**
 * struct verb - one verb
 * @name: as typed
 * @group: where help lists it
 * @summary: what it does, in one line
 * @example: a command line, without comment
 * @mute: with --quiet it prints nothing to standard output; the exit status says all
 * @words, @opts, @clashes: what it takes; @opts without those that all verbs take
 * @json: what takes the place of opt_json, or NULL
 * @run: returns an exit code
 */
struct verb {
	const char *name;
	enum verb_group group;
	const char *summary;
	const char *example;
	bool mute;
	const struct word *words;
	const struct opt *const *opts;
	const struct clash *clashes;
	const struct opt *json;
	int (*run)(const struct args *args);
};

/**
 * struct args - a command line that was parsed
 * @verb: whose it is
 * @verbs: all verbs, up to NULL
 * @value: of each option; NULL: not given; "": given, and takes no value
 * @word, @count: the words; those left out are NULL
 * @json: --json was given
 */
struct args {
	const struct verb *verb;
	const struct verb *const *verbs;
	const char *value[NR_OPTS];
	const char **word;
	int count;
	bool json;
};

#endif /* CTL_VERB_H */
