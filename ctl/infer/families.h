/* SPDX-License-Identifier: GPL-2.0 */
/* The rules of inference: families.txt, and what a person put in their place. */
#ifndef CTL_FAMILIES_H
#define CTL_FAMILIES_H

#include <stdbool.h>
#include <stddef.h>

/* Read, if it is there, where no other file is given. */
#define FAMILIES_FILE "/etc/scmod/families"

/**
 * enum rule_kind - what a rule says
 * @RULE_FAMILY: who makes one of &rule.from may make each of &rule.to
 * @RULE_TOPIC: a library's import of one of &rule.to counts if one was seen
 * @RULE_SETUP: the same for a program's own, if its start was seen
 * @RULE_BASE: a program of &rule.language may make each of &rule.to
 * @RULE_NEVER: no rule adds one of &rule.to
 */
enum rule_kind {
	RULE_FAMILY,
	RULE_TOPIC,
	RULE_SETUP,
	RULE_BASE,
	RULE_NEVER,
};

/**
 * struct rule - one line
 * @kind: what it says
 * @name: by which another file replaces it
 * @language: with @RULE_BASE: "any", "c", "static" or "go"; else NULL
 * @from: names of calls, NULL behind the last; with @RULE_FAMILY
 * @to: names of calls, NULL behind the last
 * @why: for people
 * @line: where it stands in a person's file; 0: it is built in
 */
struct rule {
	enum rule_kind kind;
	char *name;
	char *language;
	char **from;
	char **to;
	char *why;
	unsigned int line;
};

struct families {
	struct rule *rule;
	size_t count;
};

/*
 * The rules that are built in, with those of @file in their place; of FAMILIES_FILE
 * if @file is NULL. Prints its errors, returns an exit code. To be released with
 * families_free().
 */
int families_read(const char *verb, const char *file, struct families **families);
void families_free(struct families *families);

/* Whether @call is in &rule.to. */
bool rule_has(const struct rule *rule, const char *call);
/* The rule because of which no other adds that call, or NULL. */
const struct rule *families_never(const struct families *families, const char *call);

#endif /* CTL_FAMILIES_H */
