/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table that describes a verb. Parsing, help, the synopsis and options in the man page,
 * and the completions of the shells are all made from these tables.
 */
#ifndef CTL_VERB_H
#define CTL_VERB_H

#include <stdbool.h>

/* Identifies an option in every verb's table, and its value in struct args. */
enum opt_id {
	OPT_NONE,
	OPT_ABSENT,
	OPT_ACTION,
	OPT_ALL,
	OPT_ARGS,
	OPT_CAP,
	OPT_COMPLAIN,
	OPT_CONFIRM,
	OPT_DEFAULT,
	OPT_DENIED,
	OPT_DRY_RUN,
	OPT_ENFORCE,
	OPT_ERRNO,
	OPT_EXPLOITS,
	OPT_FAMILIES,
	OPT_FLOOR,
	OPT_USERLAND,
	OPT_FORMAT,
	OPT_HELP,
	OPT_HTML,
	OPT_INFER,
	OPT_JSON,
	OPT_LEARN,
	OPT_MAX,
	OPT_NAME,
	OPT_ONCE,
	OPT_OUTPUT,
	OPT_PROFILE,
	OPT_QUIET,
	OPT_REPLACE,
	OPT_RUNTIME,
	OPT_THEN,
	OPT_UNTIL_STABLE,
	OPT_USER,
	OPT_VERBOSE,
	OPT_VERSION,
	OPT_WATCH_PROT,
	NR_OPTS,
};

/**
 * enum word_kind - what a word or an option's value names; used for completion and for "-"
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
 * @id: the index of its value in struct args
 * @name: its long name, without dashes
 * @letter: its short name, or 0
 * @arg: the name of its value, such as "FILE"; NULL if it takes none
 * @values: the values that it accepts, such as "errno|kill"; replaces @arg
 * @maybe: whether the value may be left out; if it is given, it follows after '='
 * @standard: the default, or NULL
 * @kind: what its value names
 * @text: what the option does, in whole sentences. Words in single quotes are literal.
 */
struct opt {
	enum opt_id id;
	const char *name;
	char letter;
	const char *arg;
	const char *values;
	bool maybe;
	const char *standard;
	enum word_kind kind;
	const char *text;
};

/**
 * struct word - a word that is not an option
 * @name: "CGROUP"; NULL ends an array
 * @kind: what it names
 * @optional: whether it may be left out
 * @many: whether more words of this kind may follow; only for the last word
 * @instead: the option that can be given instead of the word, or NULL
 */
struct word {
	const char *name;
	enum word_kind kind;
	bool optional;
	bool many;
	const struct opt *instead;
};

/**
 * struct clash - a combination in which an option has no effect
 * @opt: the option without effect; OPT_NONE ends an array
 * @other: the other option
 * @needs: @opt has no effect without @other; otherwise, together with @other
 * @why: the reason, for the error message
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
 * @name: its name on the command line
 * @group: the heading under which help lists it
 * @summary: what it does, in one line
 * @example: a command line, without comment
 * @mute: with --quiet it prints nothing to standard output, because the exit status tells the
 *	result
 * @words, @opts, @clashes: what it accepts; @opts without the options that every verb accepts
 * @json: an option that replaces opt_json, or NULL
 * @run: runs the verb; returns an exit code
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
 * struct args - a parsed command line
 * @verb: the verb
 * @verbs: all verbs, ended by NULL
 * @value: the value of each option; NULL if it was not given, "" if it was given and takes no
 *	value
 * @word, @count: the words; NULL for words that were left out
 * @json: whether --json was given
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
