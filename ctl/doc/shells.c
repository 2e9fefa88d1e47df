// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the parts of the shells' completions that come from the verbs' tables. The code that
 * completes each kind of word is written by hand in scmod.bash.in and the others.
 */
#include <stdio.h>
#include <string.h>

#include "doc/shells.h"
#include "verbs/options.h"
#include "verbs/usage.h"

static const char *const kinds[] = {
	[KIND_TEXT] = "text",
	[KIND_CGROUP] = "cgroup",
	[KIND_INPUT] = "file",
	[KIND_OUTPUT] = "file",
	[KIND_SOURCE] = "source",
	[KIND_CALL] = "calls",
	[KIND_CAPS] = "caps",
	[KIND_ERRNO] = "errnos",
	[KIND_RUNTIME] = "runtimes",
	[KIND_VERB] = "verbs",
};

/* Calls @fn for the verb's own options and for those that every verb accepts. */
static void each_opt(const struct verb *verb, void (*fn)(const struct opt *opt, void *data),
		     void *data)
{
	usage_each_opt(verb, fn, data);
	for (const struct opt *const *opt = common_opts; *opt; opt++)
		if ((*opt)->id != OPT_JSON || !verb->json)
			fn(*opt, data);
}

/* "none|family" becomes "none family". */
static void put_values(const char *values)
{
	for (const char *c = values; *c; c++)
		putchar(*c == '|' ? ' ' : *c);
}

/* Prints the first clause, without characters that are special to a shell or a completion. */
static void put_short(const char *text)
{
	for (const char *c = text; *c && !strchr(".;:", *c); c++)
		if (!strchr("'\"[]\\`$", *c))
			putchar(*c);
}

/* ---- bash */

static void bash_opt(const struct opt *opt, void *data)
{
	(void)data;
	if (opt->letter)
		printf("-%c ", opt->letter);
	printf("--%s ", opt->name);
}

static void bash_value(const struct opt *opt, void *data)
{
	const char *verb = data;

	/* A value that may be left out is never the next word. */
	if (!usage_value(opt) || opt->maybe)
		return;
	printf("\t'%s --%s'", verb, opt->name);
	if (opt->letter)
		printf(" | '%s -%c'", verb, opt->letter);
	printf(") echo ");
	if (opt->values) {
		printf("'words ");
		put_values(opt->values);
		printf("' ;;\n");
	} else {
		printf("%s ;;\n", kinds[opt->kind]);
	}
}

/* Prints the kinds of the words; '...' follows the last one if more words may follow. */
static void bash_words(const struct verb *verb)
{
	printf("\t%s) echo '", verb->name);
	for (const struct word *word = verb->words; word && word->name; word++)
		printf("%s%s ", kinds[word->kind], word->many ? " ..." : "");
	printf("' ;;\n");
}

void shells_bash(const struct verb *const *verbs)
{
	printf("_scmod_verbs='");
	for (const struct verb *const *verb = verbs; *verb; verb++)
		printf("%s ", (*verb)->name);
	printf("'\n\n_scmod_options() {\n\tcase $1 in\n");
	for (const struct verb *const *verb = verbs; *verb; verb++) {
		printf("\t%s) echo '", (*verb)->name);
		each_opt(*verb, bash_opt, NULL);
		printf("' ;;\n");
	}
	printf("\tesac\n}\n\n_scmod_value() {\n\tcase \"$1 $2\" in\n");
	for (const struct verb *const *verb = verbs; *verb; verb++)
		each_opt(*verb, bash_value, (void *)(*verb)->name);
	printf("\tesac\n}\n\n_scmod_word() {\n\tcase $1 in\n");
	for (const struct verb *const *verb = verbs; *verb; verb++)
		bash_words(*verb);
	printf("\tesac\n}\n");
}

/* ---- zsh: arguments of _arguments */

static void zsh_opt(const struct opt *opt, void *data)
{
	const char *value = usage_value(opt);

	(void)data;
	if (opt->letter)
		printf("\t\t\t'(-%c --%s)'{-%c,--%s%s}'[", opt->letter, opt->name, opt->letter,
		       opt->name, value ? "=" : "");
	else
		printf("\t\t\t'--%s%s[", opt->name, opt->maybe ? "=-" : value ? "=" : "");
	put_short(opt->text);
	putchar(']');
	if (opt->values) {
		printf(":value:(");
		put_values(opt->values);
		putchar(')');
	} else if (opt->arg) {
		printf("%s:%s:_scmod_%s", opt->maybe ? ":" : "", opt->arg, kinds[opt->kind]);
	}
	printf("' \\\n");
}

static void zsh_verb(const struct verb *verb)
{
	int number = 1;

	printf("\t%s)\n\t\t_arguments -s -S \\\n", verb->name);
	each_opt(verb, zsh_opt, NULL);
	for (const struct word *word = verb->words; word && word->name; word++, number++) {
		if (word->many)
			printf("\t\t\t'*:%s:_scmod_%s' \\\n", word->name, kinds[word->kind]);
		else
			printf("\t\t\t'%d:%s:_scmod_%s' \\\n", number, word->name,
			       kinds[word->kind]);
	}
	printf("\t\t\t&& return 0\n\t\t;;\n");
}

void shells_zsh(const struct verb *const *verbs)
{
	printf("_scmod_table() {\n\tcase $1 in\n\tverbs)\n\t\tlocal -a verbs=(\n");
	for (const struct verb *const *verb = verbs; *verb; verb++) {
		printf("\t\t\t'%s:", (*verb)->name);
		put_short((*verb)->summary);
		printf("'\n");
	}
	printf("\t\t)\n\t\t_describe -t verbs verb verbs\n\t\t;;\n");
	for (const struct verb *const *verb = verbs; *verb; verb++)
		zsh_verb(*verb);
	printf("\tesac\n}\n");
}

/* ---- fish: a command for each option */

/* fish completes file names by itself. */
static bool is_file(enum word_kind kind)
{
	return kind == KIND_INPUT || kind == KIND_OUTPUT;
}

static void fish_opt(const struct opt *opt, void *data)
{
	printf("complete -c scmod -n '__scmod_verb_is %s' -l %s", (const char *)data, opt->name);
	if (opt->letter)
		printf(" -s %c", opt->letter);
	if (opt->values) {
		printf(" -x -a '");
		put_values(opt->values);
		putchar('\'');
	} else if (opt->maybe) {
		printf(" -f");
	} else if (opt->arg && is_file(opt->kind)) {
		printf(" -r -F");
	} else if (opt->arg) {
		printf(" -x -a '(__scmod_%s)'", kinds[opt->kind]);
	}
	printf(" -d '");
	put_short(opt->text);
	printf("'\n");
}

static void fish_words(const struct verb *verb)
{
	int number = 0;

	for (const struct word *word = verb->words; word && word->name; word++, number++)
		printf("complete -c scmod -n '__scmod_word_is %s %d%s' %s-a '(__scmod_%s)'\n",
		       verb->name, number, word->many ? " more" : "",
		       is_file(word->kind) || word->kind == KIND_SOURCE ? "-F " : "",
		       kinds[word->kind]);
}

void shells_fish(const struct verb *const *verbs)
{
	for (const struct verb *const *verb = verbs; *verb; verb++) {
		printf("complete -c scmod -n '__scmod_no_verb' -a %s -d '", (*verb)->name);
		put_short((*verb)->summary);
		printf("'\n");
		each_opt(*verb, fish_opt, (void *)(*verb)->name);
		fish_words(*verb);
	}
}
