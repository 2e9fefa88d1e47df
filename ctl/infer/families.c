// SPDX-License-Identifier: GPL-2.0
/*
 * The rules of inference: those of families.txt, and those with which a person replaced them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/entries.h"
#include "base/error.h"
#include "base/memory.h"
#include "calls/dangerous.h"
#include "calls/selector.h"
#include "calls/sysname.h"
#include "calls/value_rule.h"
#include "infer/families-text.h"
#include "infer/families.h"

static void rule_release(struct rule *rule)
{
	items_free(rule->from);
	items_free(rule->to);
	free(rule->name);
	free(rule->language);
	free(rule->why);
	*rule = (struct rule){ 0 };
}

void families_free(struct families *families)
{
	if (!families)
		return;
	for (size_t i = 0; i < families->count; i++)
		rule_release(&families->rule[i]);
	free(families->rule);
	free(families);
}

/* ---- one rule */

/* The words of which one follows the name in a rule of that kind; NULL if none does. */
static const char *const *words_of(enum rule_kind kind)
{
	static const char *const languages[] = {
		"any", "c", "static", "go", "go-unnamed", NULL,
	};
	static const char *const starters[] = { "shell", "starter", NULL };

	if (kind == RULE_BASE || kind == RULE_START)
		return languages;
	return kind == RULE_USERLAND ? starters : NULL;
}

static bool is_one_of(const char *const *words, const char *word)
{
	for (; word && *words; words++)
		if (!strcmp(*words, word))
			return true;
	return false;
}

static bool read_kind(const char *word, enum rule_kind *kind)
{
	static const char *const kinds[] = {
		[RULE_FAMILY] = "family", [RULE_TOPIC] = "topic", [RULE_SETUP] = "setup",
		[RULE_ONCE] = "once", [RULE_BASE] = "base", [RULE_START] = "start",
		[RULE_USERLAND] = "userland", [RULE_USUAL] = "usual", [RULE_NEVER] = "never",
	};

	for (size_t i = 0; word && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		*kind = i;
		if (!strcmp(kinds[i], word))
			return true;
	}
	return false;
}

/* Parses "KIND NAME"; for a base or a start, a language follows; for a userland, who starts it. */
static int read_head(const struct place *place, char *head, struct rule *rule)
{
	char *save;
	const char *kind = strtok_r(head, ENTRY_BLANKS, &save);
	const char *name = strtok_r(NULL, ENTRY_BLANKS, &save);
	const char *language = strtok_r(NULL, ENTRY_BLANKS, &save);
	const char *const *words;

	if (!read_kind(kind, &rule->kind))
		return entry_reject(place, "'%s' is not a kind of rule; write family, topic, setup, once, base, start, userland, usual or never",
				    kind ? kind : "");
	if (!name)
		return entry_reject(place, "the rule has no name; write one after '%s'", kind);
	words = words_of(rule->kind);
	if (words && !is_one_of(words, language))
		return entry_reject(place, "'%s' is not %s", language ? language : "",
				    rule->kind == RULE_USERLAND ?
				    "who starts a userland; write shell or starter" :
				    "a language; write any, c, static, go or go-unnamed");
	if ((!words && language) || strtok_r(NULL, ENTRY_BLANKS, &save))
		return entry_reject(place, "there is more than one name before the colon; remove the other words");
	rule->name = mem_string(name);
	rule->language = mem_string(language);
	return EXIT_DONE;
}

/* The first of these words that is a CALL(=), or NULL. */
static const struct item *find_same(const struct item *items)
{
	for (; items && items->call; items++)
		if (items->same)
			return items;
	return NULL;
}

/* CALL(=) stands for the values of another call, which must have the same parts. */
static int check_same(const struct place *place, const struct rule *rule)
{
	const struct item *from = find_same(rule->from), *to = find_same(rule->to);

	if (!from && !to)
		return EXIT_DONE;
	if (!from || !to || !rule->follows)
		return entry_reject(place, "%s(=) stands for the same values before and after a =>; name the values, or write 'family NAME: CALL(=) => CALL(=)'",
				    from ? from->call : to->call);
	for (; to->call; to++)
		if (to->same && selector_mask(to->selector) != selector_mask(from->selector))
			return entry_reject(place, "%s and %s have no values in common; name the values",
					    from->call, to->call);
	return EXIT_DONE;
}

/* A usual rule names values, which calls without values in other rules stand for. */
static int check_usual(const struct place *place, const struct rule *rule)
{
	for (const struct item *item = rule->to; item->call; item++)
		if (rule->kind == RULE_USUAL && !item->has_values)
			return entry_reject(place, "'%s' names no values; write %s(VALUE)",
					    item->call, item->call);
	return EXIT_DONE;
}

static int read_calls(const struct place *place, char *body, struct rule *rule)
{
	char *arrow = strstr(body, "=>");
	int ret = EXIT_DONE;

	if (arrow && rule->kind != RULE_FAMILY)
		return entry_reject(place, "only a family has a =>; remove it");
	rule->follows = arrow;
	if (arrow)
		*arrow = '\0';
	if (rule->kind == RULE_FAMILY)
		ret = items_read(place, body, &rule->from);
	if (ret)
		return ret;
	if (rule->kind == RULE_FAMILY && !arrow) {
		rule->to = items_copy(rule->from);
		return EXIT_DONE;
	}
	return items_read(place, arrow ? arrow + 2 : body, &rule->to);
}

static int read_body(const struct place *place, char *body, struct rule *rule)
{
	int ret = read_calls(place, body, rule);

	if (!ret)
		ret = check_same(place, rule);
	return ret ? ret : check_usual(place, rule);
}

static int read_rule(const struct place *place, char *text, struct rule *rule)
{
	char *why = entry_cut_why(text), *body;
	int ret;

	body = strchr(text, ':');
	if (!body)
		return entry_reject(place, "there is no colon; write 'family NAME: CALL...  # WHY'");
	*body++ = '\0';
	ret = read_head(place, text, rule);
	if (!ret)
		ret = read_body(place, body, rule);
	if (!ret && rule->to[0].call && (!why || !*why))
		ret = entry_reject(place, "the rule %s has no explanation; write one after a #",
				   rule->name);
	if (!ret)
		rule->why = mem_string(why ? why : "");
	return ret;
}

/* ---- all of a file */

static size_t find(const struct families *families, const struct rule *rule)
{
	size_t at;

	for (at = 0; at < families->count; at++)
		if (families->rule[at].kind == rule->kind &&
		    !strcmp(families->rule[at].name, rule->name))
			break;
	return at;
}

/* Replaces the rule of that kind and name, or adds the rule at the end. */
static void put(struct families *families, struct rule *rule)
{
	size_t at = find(families, rule);

	if (at == families->count)
		families->rule = mem_grow(families->rule, ++families->count,
					  sizeof(*families->rule));
	else
		rule_release(&families->rule[at]);
	families->rule[at] = *rule;
}

/*
 * Two lines with the same name, or a removal of a rule that does not exist, are mistakes in a
 * person's file.
 */
static int take(const struct place *place, struct families *families, struct rule *rule)
{
	size_t at = find(families, rule);

	rule->line = place->file ? place->line : 0;
	if (rule->line && at < families->count && families->rule[at].line)
		return entry_reject(place, "the rule %s is on line %u already; remove one of them",
				    rule->name, families->rule[at].line);
	if (rule->line && at == families->count && !rule->to[0].call)
		return entry_reject(place, "this line is to remove the rule %s, but no rule of that kind has that name; correct the name, or remove the line",
				    rule->name);
	put(families, rule);
	return EXIT_DONE;
}

static int add_rule(const struct place *place, char *text, void *families)
{
	struct rule rule = { 0 };
	int ret = read_rule(place, text, &rule);

	if (!ret)
		ret = take(place, families, &rule);
	if (ret)
		rule_release(&rule);
	return ret;
}

/* A rule for the group of dangerous calls that begins at @first. */
static struct rule rule_never(size_t first)
{
	const char *group = dangerous_calls[first].group;
	struct rule rule = { .kind = RULE_NEVER, .name = mem_string(group) };

	for (size_t i = first; i < nr_dangerous_calls; i++)
		if (!strcmp(dangerous_calls[i].group, group))
			items_add(&rule.to, &(struct item){
				.call = (char *)dangerous_calls[i].name, .selector = -1,
			});
	rule.why = mem_string(dangerous_group_why(group));
	return rule;
}

/*
 * Adds a rule for each group of dangerous calls. A person's file can replace it like any
 * other rule.
 */
static void add_dangerous(struct families *families)
{
	const char *group = "";

	for (size_t i = 0; i < nr_dangerous_calls; i++) {
		struct rule rule;

		if (!strcmp(dangerous_calls[i].group, group))
			continue;
		group = dangerous_calls[i].group;
		rule = rule_never(i);
		put(families, &rule);
	}
}

int families_read(const char *verb, const char *file, struct families **families)
{
	const struct entries entries = {
		.option = "--families",
		.text = families_text,
		.standard = FAMILIES_FILE,
		.add = add_rule,
		.to = *families = mem_alloc(sizeof(**families)),
	};
	int ret;

	add_dangerous(*families);
	ret = entries_read(&entries, verb, file);
	if (ret) {
		families_free(*families);
		*families = NULL;
	}
	return ret;
}

bool rule_has(const struct rule *rule, const char *call)
{
	for (const struct item *item = rule->to; item->call; item++)
		if (!item->has_values && !strcmp(item->call, call))
			return true;
	return false;
}

bool rule_has_values(const struct rule *rule, unsigned int selector,
		     const struct scmod_value_rule *values)
{
	for (const struct item *item = rule->to; item->call; item++)
		if (item->has_values && !item->same && item->selector == (int)selector &&
		    value_rule_covers(&item->rule, values))
			return true;
	return false;
}

const struct rule *families_never(const struct families *families, const char *call)
{
	for (size_t i = 0; i < families->count; i++) {
		const struct rule *rule = &families->rule[i];

		if (rule->kind == RULE_NEVER && rule_has(rule, call))
			return rule;
	}
	return NULL;
}

/* Whether any value is both in &rule.to and in @values. */
static bool meets_values(const struct rule *rule, unsigned int selector,
			 const struct scmod_value_rule *values)
{
	for (const struct item *item = rule->to; item->call; item++)
		if (item->has_values && item->selector == (int)selector &&
		    value_rule_meets(&item->rule, values))
			return true;
	return false;
}

const struct rule *families_never_values(const struct families *families, unsigned int selector,
					 const struct scmod_value_rule *values)
{
	for (size_t i = 0; i < families->count; i++) {
		const struct rule *rule = &families->rule[i];

		if (rule->kind == RULE_NEVER && meets_values(rule, selector, values))
			return rule;
	}
	return NULL;
}

struct bitmap families_never_calls(const struct families *families, unsigned int abi)
{
	struct bitmap calls = { 0 };

	for (unsigned int nr = 0; nr < SCMOD_NR_BITS; nr++) {
		const char *name = sysname(abi, nr);

		if (name && families_never(families, name))
			bitmap_add(&calls, nr);
	}
	return calls;
}
