// SPDX-License-Identifier: GPL-2.0
/*
 * Parses command lines with getopt_long() and the verb's table. getopt_long() accepts
 * abbreviated names; they are refused here, because a script that uses one would break when
 * another option with the same beginning is added. argp is not used, because it prints texts
 * and exits by itself.
 */
#define _GNU_SOURCE
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "verbs/args.h"
#include "verbs/options.h"

/* Value of the first long option in struct option; higher than any letter. */
#define LONG_BASE 256

/* The tables for getopt_long(), and where its results are stored. */
struct parser {
	struct args *args;
	const char *verb;
	const struct opt *opts[2 * NR_OPTS];
	int nr_opts;
	struct option longs[2 * NR_OPTS];
	char letters[4 * NR_OPTS];
};

static bool replaced(const struct parser *parser, enum opt_id id)
{
	for (int i = 0; i < parser->nr_opts; i++)
		if (parser->opts[i]->id == id)
			return true;
	return false;
}

static void add_opt(struct parser *parser, const struct opt *opt)
{
	bool takes = opt->arg || opt->values;
	size_t len = strlen(parser->letters);

	if (replaced(parser, opt->id))
		return;
	parser->longs[parser->nr_opts] = (struct option){
		.name = opt->name, .has_arg = opt->maybe ? optional_argument :
			takes ? required_argument : no_argument,
		.val = LONG_BASE + parser->nr_opts,
	};
	parser->opts[parser->nr_opts++] = opt;
	if (!opt->letter)
		return;
	parser->letters[len++] = opt->letter;
	if (takes)
		parser->letters[len] = ':';
}

static void add_opts(struct parser *parser, const struct opt *const *opts)
{
	for (; opts && *opts; opts++)
		add_opt(parser, *opts);
}

static const struct opt *opt_of(const struct parser *parser, int val)
{
	if (val >= LONG_BASE)
		return parser->opts[val - LONG_BASE];
	for (int i = 0; i < parser->nr_opts; i++)
		if (val && parser->opts[i]->letter == val)
			return parser->opts[i];
	return NULL;
}

static int unknown(const struct parser *parser, const char *arg)
{
	int len = strncmp(arg, "--", 2) ? (int)strlen(arg) : (int)strcspn(arg, "=");

	if (!parser->verb)
		return fail(EXIT_USAGE, "no option before a verb is named '%.*s'; see 'scmod help'",
			    len, arg);
	return fail(EXIT_USAGE, "%s: no option is named '%.*s'; see 'scmod help %s'",
		    parser->verb, len, arg, parser->verb);
}

static bool is_value(const char *values, const char *value)
{
	size_t len = strlen(value);

	for (const char *at = values; *at; at += strcspn(at, "|"), at += *at == '|')
		if (len && strcspn(at, "|") == len && !memcmp(at, value, len))
			return true;
	return false;
}

static int check_value(const struct parser *parser, const struct opt *opt, const char *value)
{
	char list[128];
	size_t len = 0;

	if (!opt->values || is_value(opt->values, value))
		return EXIT_DONE;
	for (const char *c = opt->values; *c && len < sizeof(list) - 3; c++) {
		list[len++] = *c == '|' ? ',' : *c;
		if (*c == '|')
			list[len++] = ' ';
	}
	list[len] = '\0';
	return fail(EXIT_USAGE, "%s: --%s '%s' is not a value of this option; give one of %s",
		    parser->verb, opt->name, value, list);
}

/* Whether @arg has the full name of the long option. */
static bool in_full(const char *arg, const struct opt *opt)
{
	return strlen(opt->name) == strcspn(arg + 2, "=") &&
	       !strncmp(arg + 2, opt->name, strlen(opt->name));
}

/* Stores one option. @got is what getopt_long() returned for @arg. */
static int take_option(const struct parser *parser, int got, const char *arg)
{
	bool is_long = !strncmp(arg, "--", 2);
	const struct opt *opt = opt_of(parser, got == '?' || got == ':' ? optopt : got);

	if (!opt || (is_long && !in_full(arg, opt)))
		return unknown(parser, arg);
	if (got == '?')
		return fail(EXIT_USAGE, "%s%s--%s takes no value; leave it out",
			    parser->verb ? parser->verb : "", parser->verb ? ": " : "", opt->name);
	if (got == ':')
		return fail(EXIT_USAGE, "%s: %s lacks its value; see 'scmod help %s'",
			    parser->verb, arg, parser->verb);
	if (optarg && check_value(parser, opt, optarg))
		return EXIT_USAGE;
	parser->args->value[opt->id] = optarg ? optarg : "";
	return EXIT_DONE;
}

/*
 * Words are returned one by one (the letters begin with '-'), so that argv[optind] is the
 * next argument.
 */
static int parse(struct parser *parser, int argc, char **argv)
{
	struct args *args = parser->args;
	int ret = EXIT_DONE;

	opterr = 0;
	optind = 0;
	while (!ret) {
		int at = optind ? optind : 1;
		int got = getopt_long(argc, argv, parser->letters, parser->longs, NULL);

		if (got < 0)
			break;
		if (got == 1)
			args->word[args->count++] = optarg;
		else
			ret = take_option(parser, got, argv[at]);
	}
	while (!ret && optind < argc && args->word)
		args->word[args->count++] = argv[optind++];
	return ret;
}

int args_parse_common(int argc, char **argv, struct args *args)
{
	static const struct opt version = { .id = OPT_VERSION, .name = "version" };
	struct parser parser = { .args = args, .letters = "+:" };
	int ret;

	add_opts(&parser, common_opts);
	add_opt(&parser, &version);
	ret = parse(&parser, argc, argv);
	return ret ? -ret : optind;
}

/* ---- the words */

static int missing(const struct args *args, const struct word *word)
{
	const char *verb = args->verb->name;

	if (word->instead)
		return fail(EXIT_USAGE, "%s: either %s or --%s must be given; see 'scmod help %s'",
			    verb, word->name, word->instead->name, verb);
	return fail(EXIT_USAGE, "%s: %s is missing; see 'scmod help %s'", verb, word->name, verb);
}

static int check_words(const struct args *args)
{
	const struct word *word = args->verb->words;
	int at = 0;

	for (; word && word->name; word++, at++) {
		bool instead = word->instead && args->value[word->instead->id];
		bool given = at < args->count;

		if (instead == given && (instead || !word->optional))
			return missing(args, word);
		if (word->many)
			return EXIT_DONE;
	}
	if (at < args->count)
		return fail(EXIT_USAGE, "%s: '%s' is one word too many; see 'scmod help %s'",
			    args->verb->name, args->word[at], args->verb->name);
	return EXIT_DONE;
}

/* ---- options that exclude each other */

static const struct clash common_clashes[] = {
	{ OPT_QUIET, OPT_VERBOSE, false, "one asks for fewer messages, the other for more" },
	{ 0 },
};

static const char *name_of(const struct parser *parser, enum opt_id id)
{
	for (int i = 0; i < parser->nr_opts; i++)
		if (parser->opts[i]->id == id)
			return parser->opts[i]->name;
	return "";
}

static int check_clashes(const struct parser *parser, const struct clash *clash)
{
	const struct args *args = parser->args;

	for (; clash && clash->opt; clash++) {
		if (!args->value[clash->opt] || !args->value[clash->other] != clash->needs)
			continue;
		return fail(EXIT_USAGE, "%s: --%s has no effect %s --%s: %s; drop one of them%s",
			    parser->verb, name_of(parser, clash->opt),
			    clash->needs ? "without" : "with", name_of(parser, clash->other),
			    clash->why, clash->needs ? " or give the other, too" : "");
	}
	return EXIT_DONE;
}

static bool reads_stdin(enum word_kind kind, const char *text)
{
	return text && (kind == KIND_INPUT || kind == KIND_SOURCE) && file_is_stream(text);
}

/* Standard input can be read only once, so only one file may be "-". */
static int check_streams(const struct parser *parser)
{
	const struct args *args = parser->args;
	const struct word *word = args->verb->words;
	int streams = 0;

	for (int i = 0; i < args->count && word && word->name; i++) {
		streams += reads_stdin(word->kind, args->word[i]);
		if (!word->many)
			word++;
	}
	for (int i = 0; i < parser->nr_opts; i++)
		streams += reads_stdin(parser->opts[i]->kind, args->value[parser->opts[i]->id]);
	if (streams < 2)
		return EXIT_DONE;
	return fail(EXIT_USAGE, "%s: '-' is given %d times, but standard input can be read only once; give the names of files",
		    parser->verb, streams);
}

static int check(const struct parser *parser)
{
	int ret = check_words(parser->args);

	if (!ret)
		ret = check_clashes(parser, common_clashes);
	if (!ret)
		ret = check_clashes(parser, parser->args->verb->clashes);
	if (!ret)
		ret = check_streams(parser);
	return ret;
}

int args_parse(int argc, char **argv, struct args *args)
{
	struct parser parser = { .args = args, .verb = args->verb->name, .letters = "-:" };
	int ret;

	/* A word that is left out must be NULL. */
	args->word = mem_alloc((argc + 2) * sizeof(*args->word));
	if (args->verb->json)
		add_opt(&parser, args->verb->json);
	for (const struct word *word = args->verb->words; word && word->name; word++)
		if (word->instead)
			add_opt(&parser, word->instead);
	add_opts(&parser, args->verb->opts);
	add_opts(&parser, common_opts);
	ret = parse(&parser, argc, argv);
	args->json = args->value[OPT_JSON];
	if (ret || args->value[OPT_HELP])
		return ret;
	return check(&parser);
}

void args_release(struct args *args)
{
	free(args->word);
}
