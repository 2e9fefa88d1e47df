// SPDX-License-Identifier: GPL-2.0
/* Turns a verb's table into text, for help and for the man page. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "verbs/options.h"
#include "verbs/usage.h"

#define COLUMNS 80

const char *usage_value(const struct opt *opt)
{
	return opt->values ? opt->values : opt->arg;
}

void usage_each_opt(const struct verb *verb, void (*fn)(const struct opt *opt, void *data),
		    void *data)
{
	for (const struct word *word = verb->words; word && word->name; word++)
		if (word->instead)
			fn(word->instead, data);
	for (const struct opt *const *opt = verb->opts; opt && *opt; opt++)
		fn(*opt, data);
	if (verb->json)
		fn(verb->json, data);
}

static void put_word(FILE *to, const struct word *word)
{
	fprintf(to, "%s%s%s", word->optional ? "[" : "", word->name, word->many ? "..." : "");
	if (word->instead)
		fprintf(to, "|--%s", word->instead->name);
	fprintf(to, "%s ", word->optional ? "]" : "");
}

static void put_opt(FILE *to, const struct opt *opt)
{
	const char *value = usage_value(opt);

	if (opt->letter)
		fprintf(to, "[-%c%s%s] ", opt->letter, value ? " " : "", value ? value : "");
	else if (opt->maybe)
		fprintf(to, "[--%s[=%s]] ", opt->name, value);
	else
		fprintf(to, "[--%s%s%s] ", opt->name, value ? " " : "", value ? value : "");
}

char *usage_text(const struct verb *verb)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	if (!to)
		return mem_string("");
	for (const struct word *word = verb->words; word && word->name; word++)
		put_word(to, word);
	for (const struct opt *const *opt = verb->opts; opt && *opt; opt++)
		put_opt(to, *opt);
	fprintf(to, "[-jqv]");
	fclose(to);
	return text;
}

/*
 * Prints @text, wrapped, with the indentation @indent. The cursor is at @column. Text in
 * brackets is not broken.
 */
static void wrap(const char *text, unsigned int indent, unsigned int column)
{
	bool first = true;

	while (*text) {
		size_t len = *text == '[' ? strcspn(text, "]") : strcspn(text, " ");

		len += strcspn(text + len, " ");
		if (!first && column + 1 + len > COLUMNS) {
			printf("\n%*s", (int)indent, "");
			column = indent;
			first = true;
		}
		printf("%s%.*s", first ? "" : " ", (int)len, text);
		column += len + !first;
		first = false;
		text += len + (text[len] == ' ');
	}
	putchar('\n');
}

static void print_opt(const struct opt *opt, void *data)
{
	const char *value = usage_value(opt);

	(void)data;
	if (opt->letter)
		printf("  -%c, --%s", opt->letter, opt->name);
	else
		printf("  --%s", opt->name);
	if (opt->maybe)
		printf("[=%s]\n          ", value);
	else
		printf("%s%s\n          ", value ? " " : "", value ? value : "");
	wrap(opt->text, 10, 10);
	if (opt->standard)
		printf("          Default: %s.\n", opt->standard);
}

void usage_explain(const struct verb *verb)
{
	char *usage = usage_text(verb);
	int column = printf("usage: scmod %s ", verb->name);
	char *summary;

	wrap(usage, column, column);
	free(usage);
	summary = mem_print("%c%s.", toupper((unsigned char)*verb->summary), verb->summary + 1);
	putchar('\n');
	wrap(summary, 0, 0);
	free(summary);
	printf("\nOptions:\n");
	usage_each_opt(verb, print_opt, NULL);
	for (const struct opt *const *opt = common_opts; *opt; opt++)
		if ((*opt)->id != OPT_JSON || !verb->json)
			print_opt(*opt, NULL);
	printf("\nExample:\n  %s\n\nFor more, see the manual: man scmod\n", verb->example);
}
