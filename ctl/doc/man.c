// SPDX-License-Identifier: GPL-2.0
/* Makes the parts of the man page that come from the verbs' tables, in mdoc. */
#include <stdio.h>
#include <string.h>

#include "doc/man.h"
#include "verbs/options.h"
#include "verbs/usage.h"

/* "none|family" becomes "Cm none Ns | Ns Cm family"; a name becomes "Ar NAME". */
static void put_value(const struct opt *opt)
{
	const char *at = opt->values ? opt->values : "";

	if (opt->maybe)
		printf(" Ns Op = Ns Ar %s", opt->arg);
	else if (opt->arg)
		printf(" Ar %s", opt->arg);
	while (*at) {
		size_t len = strcspn(at, "|");

		printf(" Cm %.*s", (int)len, at);
		at += len;
		if (*at) {
			printf(" Ns | Ns");
			at++;
		}
	}
}

static void put_word(const struct word *word)
{
	printf(word->optional ? ".Op" : ".");
	for (const char *at = word->name; *at; at += strcspn(at, "|")) {
		if (*at == '|')
			at++;
		printf("%s%sAr %.*s", at == word->name ? "" : " Ns | Ns ",
		       at == word->name && word->optional ? " " : "", (int)strcspn(at, "|"), at);
	}
	if (word->many)
		printf(" Ns ...");
	if (word->instead)
		printf(" Ns | Ns Fl -%s", word->instead->name);
	putchar('\n');
}

static void put_synopsis(const struct verb *verb)
{
	printf(".Nm\n.Ic %s\n", verb->name);
	for (const struct word *word = verb->words; word && word->name; word++)
		put_word(word);
	for (const struct opt *const *opt = verb->opts; opt && *opt; opt++) {
		if ((*opt)->letter)
			printf(".Op Fl %c", (*opt)->letter);
		else
			printf(".Op Fl -%s", (*opt)->name);
		put_value(*opt);
		putchar('\n');
	}
	printf(".Op Fl jqv\n");
}

void man_synopsis(const struct verb *const *verbs)
{
	for (const struct verb *const *verb = verbs; *verb; verb++) {
		if (verb != verbs)
			printf(".Pp\n");
		put_synopsis(*verb);
	}
}

/* Begins a new line for each sentence, as roff requires, and escapes quotes and hyphens. */
static void put_text(const char *text, const char *end)
{
	bool quoted = false;

	for (const char *c = text; *c; c++) {
		bool inside = c > text && c[-1] != ' ' && c[-1] != '(';

		if (*c == '\'' && (quoted || !inside)) {
			quoted = !quoted;
			printf(quoted ? "\\(oq" : "\\(cq");
		} else if (*c == '\'') {
			printf("\\(aq");
		} else if (*c == '-') {
			printf("\\-");
		} else if (*c == '.' && c[1] == ' ') {
			printf(".\n");
			c++;
		} else {
			putchar(*c);
		}
	}
	printf("%s\n", end);
}

static void put_opt(const struct opt *opt, void *data)
{
	(void)data;
	if (opt->letter) {
		printf(".It Fl %c", opt->letter);
		put_value(opt);
		printf(" , Fl -%s", opt->name);
	} else {
		printf(".It Fl -%s", opt->name);
	}
	put_value(opt);
	putchar('\n');
	put_text(opt->text, "");
	if (opt->standard) {
		printf("Default: ");
		put_text(opt->standard, ".");
	}
}

static void count_opt(const struct opt *opt, void *data)
{
	(void)opt;
	++*(unsigned int *)data;
}

void man_options(const struct verb *verb)
{
	unsigned int count = 0;

	usage_each_opt(verb, count_opt, &count);
	if (!count)
		return;
	printf(".Bl -tag -width Ds\n");
	usage_each_opt(verb, put_opt, NULL);
	printf(".El\n");
}

void man_common(const struct verb *const *verbs)
{
	(void)verbs;
	printf(".Bl -tag -width Ds\n");
	for (const struct opt *const *opt = common_opts; *opt; opt++)
		put_opt(*opt, NULL);
	printf(".El\n");
}
